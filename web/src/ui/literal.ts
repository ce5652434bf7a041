const lineWidth = 100;

/** A JSON value as JavaScript writes it: names without quotes where they need none, on one line where it fits. */
export function literal(value: unknown, indent = ""): string {
  const short = onOneLine(value);
  if (indent.length + short.length <= lineWidth || !isNested(value)) return short;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => `${inner}${literal(item, inner)},\n`).join("")}${indent}]`;
  const lines = entriesOf(value).map(([name, item]) => `${inner}${nameOf(name)}: ${literal(item, inner)},\n`);
  return `{\n${lines.join("")}${indent}}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (!isNested(value)) return JSON.stringify(value) ?? "undefined";
  const entries = entriesOf(value).map(([name, item]) => `${nameOf(name)}: ${onOneLine(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const entriesOf = (value: object): [string, unknown][] => Object.entries(value).filter(([, item]) => item !== undefined);

function nameOf(name: string): string {
  // Unless computed, this one sets the prototype.
  if (name === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
