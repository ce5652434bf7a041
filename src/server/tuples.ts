/** A tuple as every reader of schemas understands it: with its length, and with an `items` that is a schema, which checkers ask of every array. */
export function closeTuples<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(closeTuples) as Value;
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closeTuples(inner)]));
  if (!Array.isArray(copy.prefixItems) || (copy.items ?? false) !== false) return copy as Value;
  const length = copy.prefixItems.length;
  return { minItems: length, maxItems: length, ...copy, items: {} } as Value;
}
