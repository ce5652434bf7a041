/** As much of JSON Schema as inputs of procedures use. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema | boolean>;
  required?: string[];
  items?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  pattern?: string;
  minLength?: number;
}

interface FieldBasics {
  name: string;
  isRequired: boolean;
  about?: string;
}

/** What a form asks for. `json`: whatever has no better control. */
export type Field = FieldBasics &
  (
    | { kind: "text"; suggestions: string[]; pattern?: string; isLong: boolean }
    | { kind: "number"; isWhole: boolean }
    | { kind: "choice"; options: unknown[] }
    | { kind: "fixed"; value: unknown }
    | { kind: "group"; fields: Field[] }
    | { kind: "list"; item: Field }
    | { kind: "variants"; variants: Field[] }
    | { kind: "json" }
  );

/** The field that asks for a value of the schema. What refers to itself, or lies too deep to be clicked together, is asked for as JSON. */
export function fieldOf(schema: JsonSchema, name = ""): Field {
  // The parts of an intersection bring their own definitions.
  const $defs = Object.assign({}, schema.$defs, ...(schema.allOf ?? []).map((part) => part.$defs));
  return make(schema, { name, isRequired: true, root: { ...schema, $defs }, within: [] });
}

interface Place {
  name: string;
  isRequired: boolean;
  root: JsonSchema;
  /** The schemas around it, to notice those that hold themselves. */
  within: JsonSchema[];
}

const deepest = 5;

function make(given: JsonSchema, place: Place): Field {
  const schema = resolve(given, place.root);
  const basics = { name: place.name, isRequired: place.isRequired, about: given.description ?? schema.description };
  if (place.within.length > deepest || place.within.includes(schema)) return { ...basics, kind: "json" };
  const inside = { ...place, within: [...place.within, schema] };
  const alternatives = alternativesOf(schema, place.root);
  if (alternatives.length > 0) return { ...basics, ...union(alternatives, inside) };
  return { ...basics, ...single(schema, inside) };
}

type Kind<Wanted = Field> = Wanted extends Field ? Omit<Wanted, keyof FieldBasics> : never;

function single(schema: JsonSchema, place: Place): Kind {
  if (schema.const !== undefined)
    return place.isRequired ? { kind: "fixed", value: schema.const } : { kind: "choice", options: [schema.const] };
  if (schema.enum !== undefined) return { kind: "choice", options: schema.enum };
  if (schema.type === "boolean") return { kind: "choice", options: [true, false] };
  if (schema.type === "number" || schema.type === "integer") return { kind: "number", isWhole: schema.type === "integer" };
  if (schema.type === "string") return text(schema, place.name);
  if (schema.type === "array" && typeof schema.items === "object") {
    return { kind: "list", item: make(schema.items, { ...place, name: "", isRequired: true }) };
  }
  if (schema.properties !== undefined) return group(schema, place);
  return { kind: "json" };
}

const longTexts = new Set(["text", "message", "content", "prompt", "system", "command", "arguments", "body", "template"]);

function text({ pattern }: JsonSchema, name: string, suggestions: string[] = []): Kind {
  return { kind: "text", suggestions, pattern, isLong: suggestions.length === 0 && longTexts.has(name) };
}

function group({ properties = {}, required = [] }: JsonSchema, place: Place): Kind {
  const fields = Object.entries(properties).flatMap(([name, property]) =>
    typeof property === "boolean" ? [] : [make(property, { ...place, name, isRequired: required.includes(name) })],
  );
  // What must be filled in comes first; the others keep their order.
  return { kind: "group", fields: [...fields.filter(({ isRequired }) => isRequired), ...fields.filter(({ isRequired }) => !isRequired)] };
}

function union(alternatives: JsonSchema[], place: Place): Kind {
  const only = alternatives[0];
  if (alternatives.length === 1 && only !== undefined) return single(only, place);
  const words = alternatives.flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]));
  if (alternatives.every((schema) => schema.enum !== undefined || schema.const !== undefined)) return { kind: "choice", options: words };
  // `true | "true"` and the like are for texts of addresses.
  if (alternatives.some(({ type }) => type === "boolean") && alternatives.every(isFlagWord))
    return { kind: "choice", options: [true, false] };
  if (alternatives.every(({ type }) => type === "string")) return text({}, place.name, words.map(String));
  const variants = alternatives.map((schema, at) => make(schema, { ...place, name: labelOf(schema, at), isRequired: true }));
  return { kind: "variants", variants };
}

function isFlagWord({ type, enum: words }: JsonSchema): boolean {
  return type === "boolean" || words?.every((word) => word === "true" || word === "false") === true;
}

/** By the constant that tells it from the others, else by what it is. */
function labelOf(schema: JsonSchema, at: number): string {
  for (const property of Object.values(schema.properties ?? {})) {
    if (typeof property === "object" && typeof property.const === "string") return property.const;
  }
  if (schema.properties !== undefined) return Object.keys(schema.properties).slice(0, 3).join(", ");
  return typeof schema.type === "string" ? schema.type : `form ${at + 1}`;
}

/** The members of a union, unions within it too, without `null`: a field that may be null may be left out of the form. */
function alternativesOf(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const members = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((member) => resolve(member, root));
  return members
    .flatMap((member) => (member.anyOf || member.oneOf ? alternativesOf(member, root) : [member]))
    .filter(({ type }) => type !== "null");
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace("#/$defs/", "");
  if (name !== undefined) return resolve(root.$defs?.[name] ?? (schema.$ref === "#" ? root : {}), root);
  if (schema.allOf === undefined) return schema;
  const parts = schema.allOf.map((part) => resolve(part, root));
  return {
    type: "object",
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required = [] }) => required),
  };
}
