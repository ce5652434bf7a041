import type { IncomingMessage } from "node:http";
import { AppError } from "../schema/error.ts";

/**
 * Whether a page is wanted rather than JSON: `?format=html` or `json` say so, else browsers do, whose `Accept` names HTML; programs name JSON or
 * take anything. Throws BadRequest for another format.
 */
export function wantsPage({ headers }: IncomingMessage, query: URLSearchParams): boolean {
  const format = query.get("format");
  if (format === "html" || format === "json") return format === "html";
  if (format !== null)
    throw new AppError("BadRequest", `format: "${format}" is neither json nor html.`, { kind: "Query", field: "format" });
  const accept = headers.accept ?? "";
  return weight(accept, "text/html") > weight(accept, "application/json");
}

/** The quality of a media type that is named itself; 0 for one that is not. */
function weight(accept: string, type: string): number {
  const entry = accept.split(",").find((part) => part.split(";")[0]?.trim().toLowerCase() === type);
  if (entry === undefined) return 0;
  return Number(/;\s*q=([\d.]+)/i.exec(entry)?.[1] ?? 1);
}
