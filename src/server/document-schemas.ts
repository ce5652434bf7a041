type Schema = Record<string, unknown>;

/**
 * The same schemas as every reader and checker of documents understands them: a tuple has its length and an `items` that is a schema, and
 * what may be anything is no choice of anything and something else.
 */
export function plainSchemas<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(plainSchemas) as Value;
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainSchemas(inner)]));
  return withoutAnything(closedTuple(copy)) as Value;
}

function closedTuple(schema: Schema): Schema {
  if (!Array.isArray(schema.prefixItems) || (schema.items ?? false) !== false) return schema;
  const { length } = schema.prefixItems;
  return { minItems: length, maxItems: length, ...schema, items: {} };
}

function withoutAnything(schema: Schema): Schema {
  if (!Array.isArray(schema.anyOf) || !schema.anyOf.some((choice) => JSON.stringify(choice) === "{}")) return schema;
  const { anyOf: _anything, ...others } = schema;
  return others;
}
