import { z } from "zod";
import { AppError } from "../schema/error.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What a field of an address or a query may be, beside text. */
interface FieldKinds {
  boolean: boolean;
  number: boolean;
  text: boolean;
  items?: FieldKinds;
}

/** Turns the text of a path or query into the values its input schema asks for. What does not fit stays text: the schema then names the field. */
export interface Coercion {
  query(query: URLSearchParams): Record<string, unknown>;
  params(params: Record<string, string>): Record<string, unknown>;
}

/**
 * Reads the fields' types from the JSON schema of the inputs, so that the shared zod schemas stay as they are. Booleans are `true` and
 * `false` only, arrays are repeated keys; a repeated key of any other field is refused, since one of its values would be lost.
 */
export function createCoercion(inputs: readonly unknown[]): Coercion {
  const fields = new Map<string, FieldKinds>();
  for (const input of inputs.filter(isZodType)) {
    const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
    for (const [name, property] of properties(schema, schema)) fields.set(name, kindsOf(property, schema));
  }
  return {
    query: (query) =>
      Object.fromEntries([...new Set(query.keys())].map((name) => [name, manyValues(name, query.getAll(name), fields.get(name))])),
    params: (params) => Object.fromEntries(Object.entries(params).map(([name, value]) => [name, oneValue(value, fields.get(name))])),
  };
}

function isZodType(value: unknown): value is z.core.$ZodType {
  return typeof value === "object" && value !== null && "_zod" in value;
}

function manyValues(name: string, values: string[], kinds: FieldKinds | undefined): unknown {
  const items = kinds?.items;
  if (items !== undefined) return values.map((value) => oneValue(value, items));
  if (values.length > 1 && kinds !== undefined) {
    throw new AppError("BadRequest", `${name}: given ${values.length} times; it takes one value.`, { kind: "Query", field: name });
  }
  return oneValue(values[0] ?? "", kinds);
}

function oneValue(value: string, kinds: FieldKinds | undefined): unknown {
  if (kinds === undefined) return value;
  if (kinds.boolean && (value === "true" || value === "false")) return value === "true";
  if (kinds.number && !kinds.text && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) return Number(value);
  return value;
}

function* properties(schema: JsonSchema, root: JsonSchema): Generator<[string, JsonSchema]> {
  for (const part of alternatives(schema, root)) {
    for (const [name, property] of Object.entries(part.properties ?? {})) if (typeof property === "object") yield [name, property];
  }
}

/** A schema without its unions, intersections and references. */
function* alternatives(schema: JsonSchema, root: JsonSchema, seen: JsonSchema[] = []): Generator<JsonSchema> {
  if (seen.includes(schema)) return;
  yield schema;
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? []), resolveReference(schema.$ref, root)];
  for (const part of inner) if (typeof part === "object") yield* alternatives(part, root, [...seen, schema]);
}

function resolveReference(reference: string | undefined, root: JsonSchema): JsonSchema | undefined {
  const name = reference?.startsWith("#/$defs/") ? reference.slice("#/$defs/".length) : undefined;
  const target = name === undefined ? undefined : root.$defs?.[name];
  return typeof target === "object" ? target : undefined;
}

function kindsOf(schema: JsonSchema, root: JsonSchema): FieldKinds {
  const kinds: FieldKinds = { boolean: false, number: false, text: false };
  for (const part of alternatives(schema, root)) {
    const types = [part.type].flat();
    if (types.includes("boolean")) kinds.boolean = true;
    if (types.includes("number") || types.includes("integer")) kinds.number = true;
    // A closed list of words leaves numbers and booleans their place in a union; free text does not.
    if (types.includes("string") && part.enum === undefined && part.const === undefined) kinds.text = true;
    if (types.includes("array") && typeof part.items === "object" && !Array.isArray(part.items)) kinds.items = kindsOf(part.items, root);
  }
  return kinds;
}
