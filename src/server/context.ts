import { realpath } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { resolve } from "node:path";
import { isServed } from "../../routers/place.ts";
import type { Context, Principal } from "../../routers/trpc.ts";
import type { App } from "../app.ts";
import type { Instance } from "../instance.ts";
import { AppError } from "../schema/error.ts";

export interface Caller {
  principal: Principal;
  headers: IncomingMessage["headers"];
  query?: URLSearchParams;
  /** Under which this server lives; none unless told. */
  basePath?: string;
  /** Of an HTTP request; a connection that carries many calls has none. */
  idempotencyKey?: string;
  /** Named by the connection itself, for connections that carry many calls. */
  directory?: string;
}

/** The context of a call. Its directory: the query's (`directory`, or `location[directory]` as the reference's newer lists have it), else the connection's, else the header's (raw or percent-encoded), else the server's. */
export function createContext(app: App, caller: Caller): Context {
  const { principal } = caller;
  const named =
    caller.query?.get("directory") ||
    caller.query?.get("location[directory]") ||
    caller.directory ||
    headerDirectory(caller.headers) ||
    homeOf(app, principal);
  if (named.includes("\0")) throw new AppError("BadRequest", "directory: must be a path.", { kind: "Query", field: "directory" });
  const directory = resolve(app.directory, named);
  return {
    app,
    principal,
    directory,
    instance: () => instanceFor(app, principal, directory),
    address: addressOf(caller),
    idempotencyKey: caller.idempotencyKey,
    responseHeaders: new Map(),
  };
}

/** By the name that passed the walls. A proxy in front may speak TLS, and says so. */
function addressOf({ headers, basePath = "" }: Caller): string {
  const scheme = headers["x-forwarded-proto"] === "https" ? "https" : "http";
  return `${scheme}://${headers.host ?? "localhost"}${basePath}`;
}

/** The server's own directory, for whoever may be there; else the first one they may be in. */
function homeOf(app: App, { directories }: Principal): string {
  if (directories === undefined || isServed(app.directory, directories)) return app.directory;
  return directories[0] ?? app.directory;
}

/** Outside the caller's directories the answer is the same whether the directory exists or not. */
async function instanceFor(app: App, { directories }: Principal, directory: string): Promise<Instance> {
  const real = directories && (await realpath(directory).catch(() => directory));
  if (real !== undefined && directories && !isServed(real, directories)) {
    throw new AppError("ForbiddenError", `The token is limited to ${directories.join(", ")}, and ${directory} is outside.`, { directory });
  }
  return app.instance(directory);
}

/** The `Idempotency-Key` of a request. Throws BadRequest for one that is empty, longer than 255 characters or not plain ASCII. */
export function idempotencyKeyOf({ "idempotency-key": value }: IncomingMessage["headers"]): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^[\x21-\x7e]{1,255}$/.test(value)) return value;
  throw new AppError("BadRequest", "Idempotency-Key: must be 1 to 255 visible ASCII characters, without spaces.", {
    kind: "Headers",
    field: "Idempotency-Key",
  });
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
