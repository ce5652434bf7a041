import { AppError } from "../schema/error.ts";

/**
 * The position to resume after: `Last-Event-ID`, which a reconnecting browser sends, else `?after=`. Throws BadRequest for what is not a
 * position of this log, whose newest is `position`.
 */
export function readCursor(header: string | string[] | undefined, query: URLSearchParams, position: number): number | undefined {
  const field = header === undefined || header === "" ? "after" : "Last-Event-ID";
  const text = field === "after" ? query.get("after") : String(header);
  if (text === null) return undefined;
  const cursor = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(cursor))
    throw badCursor(field, `"${text}" is not a position: a whole number, 0 or above.`);
  if (cursor > position) throw badCursor(field, `${cursor} is beyond the end of the log, which is at ${position}.`);
  return cursor;
}

/** Whether events of the older names are asked for (`?legacy=true`). Throws BadRequest for another word than true and false. */
export function readLegacy(query: URLSearchParams): boolean {
  const text = query.get("legacy") ?? "false";
  if (text === "true" || text === "false") return text === "true";
  throw new AppError("BadRequest", `legacy: "${text}" is neither true nor false.`, { kind: "Query", field: "legacy" });
}

function badCursor(field: string, fault: string): AppError {
  return new AppError("BadRequest", `${field}: ${fault}`, { kind: "Query", field });
}
