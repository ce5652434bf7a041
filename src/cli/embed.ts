import { resolve } from "node:path";
import type * as promised from "../client/server.ts";
import { type Listening, listen } from "../server/listen.ts";
import { currentHost, type Host } from "./env.ts";
import { serverConfig } from "./serve.ts";
import { spawnProgram } from "./spawn.ts";
import { routerFor, startApp } from "./start.ts";

export const startServer: typeof promised.startServer = async (options = {}) => {
  const host = hostOf(options);
  const directory = resolve(host.directory, options.directory ?? ".");
  const app = await startApp({ directory, roots: options.roots ?? [], database: options.database ?? host.database }, host);
  let listening: Listening;
  try {
    // What is wrong with the configuration is said now, not to the first caller.
    await serverConfig(app, host);
    listening = await listen(app, { router: routerFor(host), ...placeOf(options) });
    await app.sessions.recover();
  } catch (error) {
    await app[Symbol.asyncDispose]();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const stop = async () => {
    await Promise.all([listening.close(), app.end()]);
    await app[Symbol.asyncDispose]();
  };
  const close = () => {
    closing ??= stop();
    return closing;
  };
  return { url: listening.url, port: listening.port, close, [Symbol.asyncDispose]: close };
};

export const spawnServer: typeof promised.spawnServer = (options = {}) => {
  const { variables, directory } = hostOf(options);
  const { password, username, database, roots = [], cors = [], basePath, hostname = "127.0.0.1", port = 0 } = options;
  const flags = [
    ...["--hostname", hostname, "--port", String(port)],
    ...roots.flatMap((root) => ["--root", root]),
    ...cors.flatMap((origin) => ["--cors", origin]),
    ...(basePath === undefined ? [] : ["--base-path", basePath]),
    ...(database === undefined ? [] : ["--db", database]),
  ];
  const env = { ...variables, OPENCODE_SERVER_PASSWORD: password, OPENCODE_SERVER_USERNAME: username };
  return spawnProgram(["serve", ...flags], { directory: resolve(directory, options.directory ?? "."), env });
};

/** This process, as the options change it. */
function hostOf({ environment, config }: promised.ServerOptions): Host {
  const host = currentHost();
  const variables = { ...host.variables, ...environment };
  if (config !== undefined) variables.OPENCODE_CONFIG_CONTENT = JSON.stringify(config);
  return { ...host, variables, database: variables.CODEPORT_DB || undefined };
}

function placeOf({ hostname = "127.0.0.1", port = 0, password, username, cors = [], basePath }: promised.ServerOptions) {
  return { hostname, port, anyPort: true, password, username, cors, allowedHosts: [], basePath };
}
