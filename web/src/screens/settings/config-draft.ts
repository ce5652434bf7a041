import { type Fault, faultsOf, type Schema } from "./check-schema.ts";

/** What a text of the editor comes to: a value, or all that keeps it from being one. */
export function readConfig(text: string, { schema, config }: { schema: object; config: object }): { value?: object; faults: Fault[] } {
  const parsed = parse(text);
  if ("fault" in parsed) return { faults: [parsed.fault] };
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { faults: [{ path: [], message: "must be an object" }] };
  const faults = [...faultsOf(schema as Schema, value), ...removed(config, value)];
  return faults.length > 0 ? { faults } : { value, faults };
}

/** Where a fault is, as `provider.openai.options`. */
export const placeOf = ({ path }: Fault): string => (path.length === 0 ? "The configuration" : path.join("."));

function parse(text: string): { value: unknown } | { fault: Fault } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: { path: [], message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` } };
  }
}

/** Keys are written, never taken out: a file is not only ours to empty. */
function removed(before: object, after: object, path: string[] = []): Fault[] {
  return Object.entries(before).flatMap(([name, value]): Fault[] => {
    const at = [...path, name];
    if (!Object.hasOwn(after, name)) return [{ path: at, message: "cannot be removed here, only changed: take it out of its file" }];
    const next: unknown = Reflect.get(after, name);
    return isObject(value) && isObject(next) ? removed(value, next, at) : [];
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
