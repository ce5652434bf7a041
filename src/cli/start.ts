import { randomBytes } from "node:crypto";
import { type AppRouter, appRouter } from "../../routers/index.ts";
import { trustOutputs } from "../../routers/trust.ts";
import { type App, createApp } from "../app.ts";
import type { LogLevel } from "../log/log.ts";
import type { CassetteChoice } from "../provider/provider.ts";
import { listen } from "../server/listen.ts";
import type { ClientOptions } from "./client.ts";
import type { Host } from "./env.ts";
import { Failure, toFailure } from "./failure.ts";

export interface StartOptions {
  directory: string;
  /** Further directories that requests may work in. */
  roots: string[];
  /** A libSQL URL or path; undefined: the data directory's own. */
  database?: string;
  /** What models say is recorded, or comes from a recording. */
  cassette?: CassetteChoice;
  /** What of the log is written and whether on stderr too. */
  log?: LogFlags;
  /** Whether an own server takes care of what dead servers left. */
  recover?: boolean;
}

export interface LogFlags {
  "print-logs"?: boolean;
  "log-level"?: LogLevel;
}

/** Throws Failure "config" for a store that cannot be opened, the AppError of a directory that cannot be used. */
export async function startApp({ directory, roots, database, cassette, log }: StartOptions, host: Host): Promise<App> {
  const serverLog = { print: log?.["print-logs"] ?? false, level: log?.["log-level"] };
  try {
    return await createApp({ directory, roots, database, cassette, serverLog, env: host.variables, version: CODEPORT_VERSION });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind !== "task") throw failure;
    const store = database ?? "in the data directory";
    throw new Failure("config", `The store ${store} cannot be opened (${failure.message}): choose another with --db or CODEPORT_DB.`, {
      cause: error,
    });
  }
}

/** The procedures as this process serves them: their outputs are trusted, except under `NODE_ENV=development`. */
export function routerFor(host: Host): AppRouter {
  if (host.variables.NODE_ENV !== "development") trustOutputs(appRouter);
  return appRouter;
}

/** Where a server of this process's own is found by others. */
export interface OwnPlace {
  hostname?: string;
  port?: number;
}

/**
 * A server of this process's own. Nobody else can use it: it is on loopback, behind a password that was never written down; unless a place
 * is given, where others find it as they find that of `serve`.
 */
export async function startOwnServer(
  { place, ...options }: StartOptions & { place?: OwnPlace },
  host: Host,
): Promise<Omit<ClientOptions, "directory"> & Pick<App, "cassette"> & AsyncDisposable> {
  const app = await startApp(options, host);
  const credentials = place ? host.credentials : { username: "codeport", password: randomBytes(24).toString("base64url") };
  const where = { hostname: place?.hostname ?? "127.0.0.1", port: place?.port ?? 0, anyPort: place?.port === undefined };
  const listening = await listen(app, { router: routerFor(host), ...where, cors: [], allowedHosts: [], grace: 500, ...credentials });
  if (options.recover) await app.sessions.recover();
  return {
    url: listening.url,
    credentials,
    cassette: app.cassette,
    async [Symbol.asyncDispose]() {
      await listening.close();
      await app[Symbol.asyncDispose]();
    },
  };
}
