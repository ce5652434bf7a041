export type JsonSchema = { [key: string]: unknown };
export type Schemas = Record<string, JsonSchema>;

interface Side {
  schema: unknown;
  schemas: Schemas;
}

/**
 * Where two JSON schemas mean different things, as lines that begin with a path; none if they are alike. Looked through: `$ref`s,
 * `anyOf` against `oneOf`, `const` against an `enum` of one, the order of everything, bounds at the safe integers, `propertyNames`,
 * texts, and `additionalProperties: false`, which readers of an answer need not care about.
 */
export function differences(ours: Side, theirs: Side, path = ""): string[] {
  if (sameName(ours, theirs)) return [];
  const a = resolve(ours);
  const b = resolve(theirs);
  const left = alternatives(a);
  const right = alternatives(b);
  if (left.length > 1 || right.length > 1) return unionDifferences({ ...ours, members: left }, { ...theirs, members: right }, path);
  return [...factDifferences(facts(a), facts(b), path), ...innerDifferences({ ...ours, schema: a }, { ...theirs, schema: b }, path)];
}

const nameOf = (schema: unknown): string | undefined => {
  const reference = isObject(schema) ? schema.$ref : undefined;
  return typeof reference === "string" ? reference.split("/").at(-1) : undefined;
};

/** Named schemas are compared by themselves, so that the same name on both sides settles it. */
function sameName(ours: Side, theirs: Side): boolean {
  return nameOf(ours.schema) !== undefined && nameOf(ours.schema) === nameOf(theirs.schema);
}

function resolve({ schema, schemas }: Side): JsonSchema {
  if (!isObject(schema)) return {};
  const name = nameOf(schema);
  if (name !== undefined) {
    const target = schemas[name];
    if (target === undefined) throw new Error(`There is no schema named ${name}.`);
    return resolve({ schema: target, schemas });
  }
  const members = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(members) && members.length === 1) return resolve({ schema: members[0], schemas });
  if (!Array.isArray(schema.allOf)) return schema;
  const { allOf, ...rest } = schema;
  return Object.assign({}, rest, ...allOf.map((inner) => resolve({ schema: inner, schemas })));
}

function alternatives(schema: JsonSchema): unknown[] {
  const members = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(members)) return members;
  // A list of types is a union in short.
  return Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : [schema];
}

interface Union {
  members: unknown[];
  schemas: Schemas;
}

function unionDifferences(ours: Union, theirs: Union, path: string): string[] {
  const missing = (from: Union, to: Union): unknown[] =>
    from.members.filter((schema) => !to.members.some((other) => differences({ ...from, schema }, { ...to, schema: other }).length === 0));
  return [
    ...missing(ours, theirs).map((schema) => `${path || "/"}: only ours takes ${brief(schema)}`),
    ...missing(theirs, ours).map((schema) => `${path || "/"}: only theirs takes ${brief(schema)}`),
  ];
}

const brief = (schema: unknown): string => JSON.stringify(schema).slice(0, 200);

/** What a schema says of the value itself, in one spelling. */
function facts(schema: JsonSchema): Record<string, unknown> {
  const { minimum, maximum, exclusiveMinimum, pattern, minItems } = schema;
  const values = schema.const === undefined ? schema.enum : [schema.const];
  return {
    type: values === undefined ? (schema.type ?? (schema.properties ? "object" : undefined)) : undefined,
    values: Array.isArray(values) ? [...values].sort() : undefined,
    minimum: minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum,
    maximum: maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum,
    exclusiveMinimum,
    pattern,
    minItems: Array.isArray(schema.prefixItems) ? undefined : minItems,
    required: Array.isArray(schema.required) && schema.required.length > 0 ? [...schema.required].sort() : undefined,
  };
}

function factDifferences(ours: Record<string, unknown>, theirs: Record<string, unknown>, path: string): string[] {
  return Object.keys(ours)
    .filter((key) => JSON.stringify(ours[key]) !== JSON.stringify(theirs[key]))
    .map((key) => `${path || "/"}: ${key} is ${JSON.stringify(ours[key])}, theirs ${JSON.stringify(theirs[key])}`);
}

function innerDifferences(ours: Side & { schema: JsonSchema }, theirs: Side & { schema: JsonSchema }, path: string): string[] {
  const a = children(ours.schema);
  const b = children(theirs.schema);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => {
    if (!(key in b)) return [`${path}/${key}: only ours`];
    if (!(key in a)) return [`${path}/${key}: only theirs`];
    return differences({ ...ours, schema: a[key] }, { ...theirs, schema: b[key] }, `${path}/${key}`);
  });
}

/** The schemas inside, by name. Any further properties are `*`, and say so only where they are restricted or allowed beside named ones. */
function children(schema: JsonSchema): Record<string, unknown> {
  const { properties, items, prefixItems, additionalProperties } = schema;
  const named = isObject(properties) ? properties : {};
  const further = additionalProperties === true || additionalProperties === undefined ? {} : additionalProperties;
  const open = schema.type === "object" && (Object.keys(named).length === 0 || additionalProperties !== undefined) && further !== false;
  return {
    ...named,
    ...(isObject(items) && { "[]": items }),
    ...(Array.isArray(prefixItems) && Object.fromEntries(prefixItems.map((item, at) => [`[${at}]`, item]))),
    ...(open && { "*": further }),
  };
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
