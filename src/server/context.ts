import type { IncomingMessage } from "node:http";
import { resolve } from "node:path";
import type { Context, Principal } from "../../routers/trpc.ts";
import type { App } from "../app.ts";
import { AppError } from "../schema/error.ts";

export interface Caller {
  principal: Principal;
  headers: IncomingMessage["headers"];
  query?: URLSearchParams;
  /** Under which this server lives; none unless told. */
  basePath?: string;
  /** Named by the connection itself, for connections that carry many calls. */
  directory?: string;
}

/** The context of a call. Its directory: the query's (`directory`, or `location[directory]` as the reference's newer lists have it), else the connection's, else the header's (raw or percent-encoded), else the server's. */
export function createContext(app: App, caller: Caller): Context {
  const named =
    caller.query?.get("directory") ||
    caller.query?.get("location[directory]") ||
    caller.directory ||
    headerDirectory(caller.headers) ||
    app.directory;
  if (named.includes("\0")) throw new AppError("BadRequest", "directory: must be a path.", { kind: "Query", field: "directory" });
  const directory = resolve(app.directory, named);
  return {
    app,
    principal: caller.principal,
    directory,
    instance: () => app.instance(directory),
    address: addressOf(caller),
    responseHeaders: new Map(),
  };
}

/** By the name that passed the walls. A proxy in front may speak TLS, and says so. */
function addressOf({ headers, basePath = "" }: Caller): string {
  const scheme = headers["x-forwarded-proto"] === "https" ? "https" : "http";
  return `${scheme}://${headers.host ?? "localhost"}${basePath}`;
}

function headerDirectory(headers: IncomingMessage["headers"]): string | undefined {
  const value = headers["x-opencode-directory"];
  if (typeof value !== "string") return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    // A raw path may hold a bare percent sign.
    return value;
  }
}
