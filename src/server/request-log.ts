import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestEntry } from "../log/log.ts";

/** How an address is told in the log: ids as they are, other values of parameters by their names (a file's name, a link that is a secret). */
export function loggedPath(pattern: string, params: Record<string, string>): string {
  const isID = (value: string) => /^[a-z]{3}_[0-9A-Za-z]{1,40}$/.test(value);
  return pattern.replace(/\{(\w+)(?:\.\.\.)?\}/g, (parameter, name) => {
    const value = params[name] ?? "";
    return isID(value) ? value : parameter;
  });
}

/** Procedures, as tRPC names them in an address. What is none is not repeated. */
export function loggedProcedures(path: string): string {
  const names = path.slice("/trpc/".length).replaceAll(/%2c/gi, ",");
  return /^[\w.,]{1,300}$/.test(names) ? `/trpc/${names}` : "/trpc/…";
}

/** An address that leads nowhere is not one of ours to explain: it is told as far as it is plain. */
export function loggedUnknown(path: string): string {
  return path.replace(/[^\w./-]/g, "_").slice(0, 200);
}

/** Tells of a request when its answer is over. `path` is asked for then: routing has found out by that time. What goes to `/log` is not told. */
export function logRequest(
  write: (entry: RequestEntry) => void,
  { request, response, path }: { request: IncomingMessage; response: ServerResponse; path(): string },
): void {
  const begun = performance.now();
  response.once("close", () => {
    const told = path();
    if (told === "/log" || told === "/trpc/log.write") return;
    const milliseconds = Math.round(performance.now() - begun);
    const aborted = !response.writableFinished;
    write({ method: request.method ?? "GET", path: told, status: response.statusCode, milliseconds, ...(aborted && { aborted }) });
  });
}
