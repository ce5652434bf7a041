import type { OpenAPIObject } from "trpc-to-openapi";

const prefix = "#/components/schemas/";
const suffix = "Output";

/**
 * The generator makes two components of a schema that is both sent and answered, since what is answered has no further keys. Where that
 * is the only difference, `XOutput` becomes `X` again: one name a shape.
 */
export function mergeTwins(document: OpenAPIObject): OpenAPIObject {
  const schemas: Record<string, unknown> = document.components?.schemas ?? {};
  const twins = equalTwins(schemas);
  for (const name of twins) delete schemas[name];
  return rename(document, twins) as OpenAPIObject;
}

/** Supposes that all twins are equal and drops those that are not, until the supposition holds: twins refer to each other. */
function equalTwins(schemas: Record<string, unknown>): Set<string> {
  const twins = new Set(Object.keys(schemas).filter((name) => name.endsWith(suffix) && name.slice(0, -suffix.length) in schemas));
  for (let size = -1; size !== twins.size; ) {
    size = twins.size;
    for (const name of twins) {
      if (comparable(schemas[name], twins) !== comparable(schemas[name.slice(0, -suffix.length)], twins)) twins.delete(name);
    }
  }
  return twins;
}

function comparable(schema: unknown, twins: Set<string>): string {
  return JSON.stringify(rename(schema, twins), (key, value) => (key === "additionalProperties" && value === false ? undefined : value));
}

function rename(value: unknown, twins: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, twins));
  if (typeof value === "string")
    return value.startsWith(prefix) && twins.has(value.slice(prefix.length)) ? value.slice(0, -suffix.length) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rename(inner, twins)]));
}
