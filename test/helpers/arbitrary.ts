import fc, { type Arbitrary } from "fast-check";

export type JsonSchema = Record<string, unknown>;

export interface Universe {
  /** Where `$ref`s lead. */
  schemas: Record<string, JsonSchema>;
  /** Values for fields of a name, in place of what their schema would allow: ids that exist, and nothing that reaches out of the test. */
  fields: Record<string, Arbitrary<unknown>>;
}

const deepest = 5;
const anything = fc.jsonValue({ maxDepth: 2 });
const words = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("README.md", "../../etc/passwd", "/", "", " ", "%2e%2e", "\u0000", "a".repeat(5_000), "*", "(", "\\", "\n"),
);

/** Values that a JSON schema allows, from small to odd. */
export function valuesOf(schema: unknown, universe: Universe, depth = 0): Arbitrary<unknown> {
  if (!isSchema(schema) || Object.keys(schema).length === 0 || depth > deepest) return anything;
  if (typeof schema.$ref === "string") return valuesOf(universe.schemas[schema.$ref.split("/").at(-1) ?? ""], universe, depth + 1);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map((choice) => valuesOf(choice, universe, depth + 1)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  return byType(schema, universe, depth);
}

function byType(schema: JsonSchema, universe: Universe, depth: number): Arbitrary<unknown> {
  switch ([schema.type].flat()[0]) {
    case "string":
      return stringsOf(schema);
    case "integer":
    case "number":
      return numbersOf(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return arraysOf(schema, universe, depth);
    case "object":
      return objectsOf(schema, universe, depth);
    default:
      return anything;
  }
}

function stringsOf({ pattern, minLength, maxLength }: JsonSchema): Arbitrary<string> {
  const fits = (text: string) => text.length >= Number(minLength ?? 0) && text.length <= Number(maxLength ?? Number.POSITIVE_INFINITY);
  return typeof pattern === "string" ? fc.stringMatching(new RegExp(pattern)) : words.filter(fits);
}

function numbersOf({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): Arbitrary<number> {
  const least = exclusiveMinimum === undefined ? Number(minimum ?? -1e9) : Number(exclusiveMinimum) + 1;
  const most = Number(maximum ?? Math.max(1e12, least));
  const whole = fc.integer({ min: Math.max(least, -(2 ** 31)), max: Math.min(most, 2 ** 31 - 1) });
  return fc.oneof(whole, fc.constantFrom(least, most), ...(type === "integer" ? [] : [fc.double({ min: least, max: most, noNaN: true })]));
}

function arraysOf({ items, prefixItems, minItems }: JsonSchema, universe: Universe, depth: number): Arbitrary<unknown> {
  if (Array.isArray(prefixItems)) return fc.tuple(...prefixItems.map((item) => valuesOf(item, universe, depth + 1)));
  return fc.array(valuesOf(items, universe, depth + 1), { minLength: Number(minItems ?? 0), maxLength: Number(minItems ?? 0) + 2 });
}

function objectsOf({ properties, required, additionalProperties }: JsonSchema, universe: Universe, depth: number): Arbitrary<unknown> {
  const named = Object.entries(isSchema(properties) ? properties : {});
  const shape = Object.fromEntries(named.map(([name, inner]) => [name, field(name, inner, universe, depth)]));
  const always = Array.isArray(required) ? required.filter((name) => name in shape) : [];
  if (depth > 2) for (const name of Object.keys(shape)) if (!always.includes(name)) delete shape[name];
  const known = fc.record(shape, { requiredKeys: always });
  if (named.length > 0 || additionalProperties === false) return known;
  return fc.dictionary(fc.string({ maxLength: 10 }), valuesOf(additionalProperties, universe, depth + 1), { maxKeys: 2 });
}

function field(name: string, schema: unknown, universe: Universe, depth: number): Arbitrary<unknown> {
  const known = Object.hasOwn(universe.fields, name) ? universe.fields[name] : undefined;
  const type = isSchema(schema) ? schema.type : undefined;
  // The known values are texts; where a field of that name is something else its schema decides.
  if (known === undefined || (type !== undefined && type !== "string")) return valuesOf(schema, universe, depth + 1);
  return known;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
