import { hashOf } from "./file.ts";

/** A JSON value with every text in it changed; bytes become what `bytes` makes of them, what JSON has no form for goes. */
export function mapTexts(value: unknown, text: (text: string) => string, bytes: (bytes: Uint8Array) => unknown = digest): unknown {
  if (typeof value === "string") return text(value);
  if (value instanceof Uint8Array) return bytes(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof URL) return text(value.href);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, text, bytes));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined && typeof entry !== "function");
  return Object.fromEntries(entries.map(([key, entry]) => [key, mapTexts(entry, text, bytes)]));
}

/** The content of a file need not be on the cassette: whether it is the same can be told from its hash. */
export function digest(bytes: Uint8Array): string {
  return `⟨${bytes.byteLength} bytes, ${hashOf(Buffer.from(bytes).toString("base64"))}⟩`;
}
