import { AppError } from "../schema/error.ts";

/** A place in a list as an opaque text, to be given back for the next page. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** Throws BadRequest for a text that is no cursor of such a list: `kinds` are those of its places. */
export function decodeCursor(text: string, kinds: readonly ("string" | "number")[]): unknown[] {
  const value = parsed(Buffer.from(text, "base64url").toString("utf8"));
  const fits = Array.isArray(value) && value.length === kinds.length && kinds.every((kind, at) => typeof value[at] === kind);
  if (fits) return value;
  throw new AppError("BadRequest", `cursor: "${text}" is not the cursor of an earlier page.`, { kind: "Query", field: "cursor" });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
