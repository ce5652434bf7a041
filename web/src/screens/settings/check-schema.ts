/** As much of JSON Schema 2020-12 as the configuration's uses. `false`: nothing fits. */
export type Schema =
  | boolean
  | {
      $ref?: string;
      $defs?: Record<string, Schema>;
      type?: string | string[];
      enum?: unknown[];
      const?: unknown;
      properties?: Record<string, Schema>;
      required?: string[];
      additionalProperties?: Schema;
      propertyNames?: Schema;
      items?: Schema;
      prefixItems?: Schema[];
      minItems?: number;
      maxItems?: number;
      anyOf?: Schema[];
      oneOf?: Schema[];
      allOf?: Schema[];
      pattern?: string;
      minLength?: number;
      minimum?: number;
      maximum?: number;
      exclusiveMinimum?: number;
      exclusiveMaximum?: number;
    };

/** What is wrong, and where: the names on the way to it. */
export interface Fault {
  path: string[];
  message: string;
}

interface Place {
  root: Schema;
  path: string[];
  /** Keys that the schema does not name are fine: another part of it may. */
  isOpen?: boolean;
}

/** All that keeps the value from being of the schema. Keys that an object's schema does not name are faults: a file would ignore them. */
export function faultsOf(schema: Schema, value: unknown): Fault[] {
  return check(schema, value, { root: schema, path: [] });
}

function check(schema: Schema, value: unknown, place: Place): Fault[] {
  const fault = (message: string): Fault[] => [{ path: place.path, message }];
  if (schema === true) return [];
  if (schema === false) return fault("may not be here");
  const own = checkSingle(schema, value);
  if (own !== undefined) return fault(own);
  return [
    ...(schema.$ref === undefined ? [] : check(target(schema.$ref, place.root), value, place)),
    ...(schema.allOf ?? []).flatMap((part) => check(part, value, { ...place, isOpen: true })),
    ...[schema.anyOf, schema.oneOf].flatMap((choices) => (choices === undefined ? [] : nearest(choices, value, place))),
    ...(Array.isArray(value) ? checkItems(schema, value, place) : []),
    ...(isObject(value) ? checkProperties(schema, value, place) : []),
  ];
}

type Rules = Exclude<Schema, boolean>;

/** What the value itself, without what is in it, has against it. */
function checkSingle(rules: Rules, value: unknown): string | undefined {
  const types = rules.type === undefined ? undefined : [rules.type].flat();
  if (types !== undefined && !types.some((type) => isOfType(type, value))) return `must be ${types.map(withArticle).join(" or ")}`;
  if ("const" in rules && rules.const !== value) return `must be ${JSON.stringify(rules.const)}`;
  if (rules.enum !== undefined && !rules.enum.includes(value))
    return `must be one of ${rules.enum.map((one) => JSON.stringify(one)).join(", ")}`;
  if (typeof value === "number") return checkNumber(rules, value);
  if (typeof value === "string") return checkText(rules, value);
  return undefined;
}

function checkNumber({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Rules, value: number): string | undefined {
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}`;
  if (maximum !== undefined && value > maximum) return `must be at most ${maximum}`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return `must be more than ${exclusiveMinimum}`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return `must be less than ${exclusiveMaximum}`;
  return undefined;
}

function checkText({ pattern, minLength = 0 }: Rules, value: string): string | undefined {
  if (value.length < minLength) return `must have at least ${minLength} characters`;
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) return `must fit ${pattern}`;
  return undefined;
}

function checkItems({ items, prefixItems = [], minItems = 0, maxItems = Infinity }: Rules, value: unknown[], place: Place): Fault[] {
  if (value.length < minItems) return [{ path: place.path, message: `must have at least ${minItems} entries` }];
  if (value.length > maxItems) return [{ path: place.path, message: `must have at most ${maxItems} entries` }];
  return value.flatMap((item, at) =>
    check(prefixItems[at] ?? items ?? true, item, { root: place.root, path: [...place.path, String(at)] }),
  );
}

function checkProperties(rules: Rules, value: Record<string, unknown>, place: Place): Fault[] {
  const { properties = {}, required = [], additionalProperties, propertyNames = true } = rules;
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  const others = additionalProperties ?? (rules.properties === undefined || place.isOpen === true);
  return [
    ...missing.map((name) => ({ path: [...place.path, name], message: "is missing" })),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const at = { root: place.root, path: [...place.path, name] };
      if (Object.hasOwn(properties, name)) return check(properties[name] ?? true, inner, at);
      if (others === false) return [{ path: at.path, message: unknownKey(name, Object.keys(properties)) }];
      return [...check(propertyNames, name, at), ...check(others, inner, at)];
    }),
  ];
}

/** Of several forms none of which fits, the faults of the one that comes nearest: they lie deepest. */
function nearest(choices: Schema[], value: unknown, place: Place): Fault[] {
  const tried = choices.map((choice) => check(choice, value, place));
  if (tried.some((faults) => faults.length === 0)) return [];
  const deepest = tried.filter((faults) => faults.some(({ path }) => path.length > place.path.length));
  if (deepest.length > 0) return deepest.sort((one, other) => one.length - other.length)[0] ?? [];
  const messages = [...new Set(tried.flat().map(({ message }) => message.replace(/^must be /, "")))];
  return [{ path: place.path, message: `must be ${messages.join(", or ")}` }];
}

function unknownKey(name: string, known: string[]): string {
  const similar =
    known.find((other) => other.toLowerCase().replaceAll("_", "") === name.toLowerCase().replaceAll("_", "")) ??
    known.find((other) => distance(other, name) <= 2);
  return `is no key that is known here${similar === undefined ? "" : `; did you mean "${similar}"?`}`;
}

/** How many letters must be put in, taken out or changed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [to, wanted] of [...other].entries()) {
      next.push(Math.min((row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1, (row[to] ?? 0) + Number(letter !== wanted)));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

function target(reference: string, root: Schema): Schema {
  const name = reference.replace("#/$defs/", "");
  return (typeof root === "object" ? root.$defs?.[name] : undefined) ?? true;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

const withArticle = (type: string): string => (type === "null" ? "null" : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
