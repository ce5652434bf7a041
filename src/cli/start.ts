import { randomBytes } from "node:crypto";
import type { App } from "../app.ts";
import type { ClientOptions } from "./client.ts";
import type { Host } from "./env.ts";

export interface StartOptions {
  directory: string;
  /** Further directories that requests may work in. */
  roots: string[];
  /** A libSQL URL or path; undefined: the data directory's own. */
  database?: string;
}

export async function startApp({ directory, roots, database }: StartOptions, host: Host): Promise<App> {
  const { createApp } = await import("../app.ts");
  return createApp({ directory, roots, database, env: host.variables, version: CODEPORT_VERSION });
}

/** A server of this process's own, that nobody else can use: on loopback, behind a password that was never written down. */
export async function startOwnServer(
  options: StartOptions,
  host: Host,
): Promise<Required<Omit<ClientOptions, "directory">> & AsyncDisposable> {
  const [app, { listen }, { appRouter }] = await Promise.all([
    startApp(options, host),
    import("../server/listen.ts"),
    import("../../routers/index.ts"),
  ]);
  const credentials = { username: "codeport", password: randomBytes(24).toString("base64url") };
  const place = { hostname: "127.0.0.1", port: 0, anyPort: true, cors: [], allowedHosts: [], grace: 500 };
  const listening = await listen(app, { router: appRouter, ...place, ...credentials });
  return {
    url: listening.url,
    credentials,
    async [Symbol.asyncDispose]() {
      await listening.close();
      await app[Symbol.asyncDispose]();
    },
  };
}
