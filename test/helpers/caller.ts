import { appRouter } from "../../routers/index.ts";
import { type Context, createCallerFactory, type Scope } from "../../routers/trpc.ts";
import type { App } from "../../src/app.ts";

const createCaller = createCallerFactory(appRouter);

/** The procedures of an app, called as a host calls them. `headers`: what the answers so far have set. */
export function callerOf(app: App, options: { directory?: string; scopes?: Scope[]; signal?: AbortSignal } = {}) {
  const { directory = app.directory, scopes = ["read", "prompt", "admin"], signal } = options;
  const headers = new Headers();
  const context: Context = {
    app,
    principal: { name: "test", scopes },
    directory,
    instance: () => app.instance(directory),
    address: "http://localhost:4096",
    responseHeaders: headers,
  };
  return { call: createCaller(context, { signal }), headers };
}
