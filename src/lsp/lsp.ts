import path from "node:path";
import type { Programs } from "../program/program.ts";
import type { Config } from "../schema/config.ts";
import type { WorkspaceSymbol } from "../schema/file.ts";
import type { LSPStatus } from "../schema/service.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { errorsOf, errorsSince, union } from "./errors.ts";
import { createRegistry } from "./registry.ts";
import type { Server, ServerLimits, ServerOptions } from "./server.ts";
import { symbolsOf } from "./symbols.ts";

export type { Diagnostic } from "./diagnostics.ts";

/**
 * The language servers of one directory. Each is started when a file of its language is first touched, one for each root (the nearest
 * marker file above the file), where it is installed; nothing is downloaded. Every wait is bounded: a server that crashes, hangs or talks
 * nonsense costs a little time and its diagnostics, never an error. Disposing ends the servers and what they started.
 */
export interface LanguageServers extends AsyncDisposable {
  /** Lets the servers of a file (absolute, without symlinks) get ready for it. Does not wait for them. */
  touch(file: string): void;
  /** Tells the servers that these files have changed, or are gone, and waits for what they say about that. */
  check(files: string[], signal: AbortSignal): Promise<Check>;
  /** Symbols of the project that fit the query, of every language that is found in the directory. */
  symbols(query: string, signal?: AbortSignal): Promise<WorkspaceSymbol[]>;
  /** The servers that run or have failed. */
  status(): LSPStatus[];
}

/** By absolute path; files without any are left out. */
export interface Check {
  /** Everything about the files that were checked. */
  files: Record<string, Diagnostic[]>;
  /** Errors of other files that were not there before. */
  others: Record<string, Diagnostic[]>;
}

export interface Limits extends ServerLimits {
  /** Milliseconds that a call waits for a server to start, for its judgement, for the one on its first document, and for symbols. */
  start: number;
  judgement: number;
  firstJudgement: number;
  symbols: number;
}

export interface LanguageServerOptions extends Omit<ServerOptions, "limits"> {
  directory: string;
  config: Config["lsp"];
  programs: Programs;
  limits?: Partial<Limits>;
}

const defaults: Limits = {
  initialize: 30_000,
  shutdown: 1_000,
  debounce: 150,
  backoff: [0, 1_000, 5_000, 30_000, 120_000],
  stable: 60_000,
  start: 5_000,
  judgement: 3_000,
  firstJudgement: 10_000,
  symbols: 5_000,
};
const mostSymbols = 200;

export function createLanguageServers(options: LanguageServerOptions): LanguageServers {
  const { directory, programs, onError } = options;
  const limits = { ...defaults, ...options.limits };
  const registry = createRegistry({ ...options, limits });
  return {
    touch: (file) => void touch(file).catch(onError),
    async check(files, signal) {
      const wanted = files.map(async (file) => (await registry.of(file)).map((server) => ({ server, file })));
      const groups = Map.groupBy((await Promise.all(wanted)).flat(), ({ server }) => server);
      const judge = ([server, entries]: [Server, { file: string }[]]) =>
        judgement(
          server,
          entries.map(({ file }) => file),
          { limits, signal },
        );
      const checks = (await Promise.all([...groups].map(judge))).filter((check) => check !== undefined);
      return { files: union(checks.map((check) => check.files)), others: union(checks.map((check) => check.others)) };
    },
    async symbols(query, signal) {
      const bounds = { start: limits.start, answer: limits.symbols, firstAnswer: limits.firstJudgement, signal };
      const search = (server: Server) =>
        symbolsOf(server, query, { ...bounds, programs }).catch((error: unknown) => {
          // A server that broke says so by itself.
          if (server.running()) onError(error);
          return [];
        });
      return (await Promise.all((await registry.here()).map(search))).flat().slice(0, mostSymbols);
    },
    status: () =>
      registry.all().flatMap((server) => {
        const status = server.status();
        return status ? [{ id: server.id, root: path.relative(directory, server.root), ...status }] : [];
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all(registry.all().map((server) => server[Symbol.asyncDispose]()));
    },
  };

  async function touch(file: string): Promise<void> {
    const clients = (await registry.of(file)).map((server) => server.client({ ms: limits.initialize }));
    // A server that breaks meanwhile says so by itself.
    await Promise.all(clients.map(async (client) => (await client)?.open([file]).catch(() => undefined)));
  }
}

async function judgement(
  server: Server,
  files: string[],
  { limits, signal }: { limits: Limits; signal: AbortSignal },
): Promise<Check | undefined> {
  const client = await server.client({ ms: limits.start, signal });
  if (client === undefined) return undefined;
  const before = errorsOf(client.diagnostics);
  const ms = client.hasDocuments() ? limits.judgement : limits.firstJudgement;
  // A server that broke meanwhile says why by itself, and has nothing to say about the files.
  await client.judge(files, { ms, signal }).catch(() => undefined);
  const own = files.map((file) => [file, client.diagnostics.of(file)]);
  return { files: Object.fromEntries(own), others: errorsSince(before, client.diagnostics, files) };
}
