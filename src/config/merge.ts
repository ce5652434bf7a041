/** A configuration file's content before it is checked. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lists that add up over the files instead of replacing each other, as in OpenCode. */
export const addingUp = ["instructions", "plugin"];

/** The stronger configuration laid over the weaker: objects merge, everything else is replaced, `instructions` and `plugin` add up. */
export function mergeConfig(weaker: Json, stronger: Json): Json {
  const merged = mergeDeep(weaker, stronger);
  for (const key of addingUp) {
    const [below, above] = [weaker[key], stronger[key]];
    if (Array.isArray(below) && Array.isArray(above)) merged[key] = [...new Set([...below, ...above])];
  }
  return merged;
}

/** Keys keep the order in which they were first written: the order of permission rules means something. */
export function mergeDeep(weaker: Json, stronger: Json): Json {
  const merged: Json = { ...weaker };
  for (const [key, value] of Object.entries(stronger)) {
    if (value === undefined || key === "__proto__") continue;
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? mergeDeep(below, value) : value;
  }
  return merged;
}
