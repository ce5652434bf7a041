import type { SymbolInformation, WorkspaceSymbol } from "vscode-languageserver-protocol";
import { answerRequests } from "./answers.ts";
import { type Connection, connect } from "./connection.ts";
import { createDiagnosticStore, type DiagnosticStore } from "./diagnostics.ts";
import { createDocuments, type Documents } from "./documents.ts";
import { initialize } from "./initialize.ts";
import { pullReport } from "./pull.ts";
import type { Launch } from "./servers.ts";
import { type Bounds, within } from "./within.ts";

/** A language server that has answered `initialize`. Every wait is bounded; what a server does not answer in time counts as not said. */
export interface Client {
  name: string;
  /** Settles, with the reason, when the server is of no more use. */
  broken: Promise<string>;
  /** Brings the open documents up to the disk, and opens these files. */
  open(files: string[]): Promise<void>;
  /** The same, and waits until the server has judged them. */
  judge(files: string[], bounds: Bounds): Promise<void>;
  diagnostics: Pick<DiagnosticStore, "of" | "files">;
  hasDocuments(): boolean;
  symbols(query: string, bounds: Bounds): Promise<(SymbolInformation | WorkspaceSymbol)[]>;
  /** Asks the server to end, and ends whatever is left of it. */
  end(): Promise<void>;
}

export interface ClientOptions {
  root: string;
  environment: NodeJS.ProcessEnv;
  invocation(program: string, args: string[]): { file: string; args: string[] };
  /** Ends a process and all it started; milliseconds to leave by itself. */
  endProcess(pid: number, grace: number): Promise<void>;
  limits: ClientLimits;
  /** Ends the wait for a server that is starting. */
  signal: AbortSignal;
}

export interface ClientLimits {
  initialize: number;
  shutdown: number;
  debounce: number;
}

const grace = 500;

/** Starts a server. Throws when it cannot be started, or does not answer `initialize`; nothing of it runs then. */
export async function startClient(launch: Launch, options: ClientOptions): Promise<Client> {
  const { root, environment, limits } = options;
  const invocation = options.invocation(launch.program, launch.args);
  const connection = await connect({ ...invocation, directory: root, environment: { ...environment, ...launch.environment } });
  const end = async () => {
    connection.close();
    await options.endProcess(connection.pid, grace);
  };
  try {
    const pullers = answerRequests(connection, { root, initialization: launch.initialization });
    const { capabilities } = await initialize(connection, {
      root,
      initialization: launch.initialization,
      ms: limits.initialize,
      signal: options.signal,
    });
    const canPull = () => capabilities.diagnosticProvider !== undefined || pullers.size > 0;
    return createClient(connection, { launch, limits, canPull, end });
  } catch (error) {
    await end();
    throw error;
  }
}

interface Parts {
  launch: Launch;
  limits: ClientLimits;
  canPull(): boolean;
  end(): Promise<void>;
}

function createClient(connection: Connection, { launch, limits, canPull, end }: Parts): Client {
  const store = createDiagnosticStore();
  const documents = createDocuments(connection, store.forget);
  const open = opener(documents);
  const pull = launch.pull ?? pullReport(store);
  if (!launch.pull) connection.onNotification("textDocument/publishDiagnostics", store.receive);

  /** What the server does not answer, or cannot, counts as not said. */
  const ask = async (file: string, bounds: Bounds): Promise<void> => {
    const found = await pull((method, params) => connection.request(method, params, bounds), file).catch(() => undefined);
    if (found) store.pulled(file, found);
  };

  return {
    name: launch.name,
    broken: connection.broken,
    open: async (files) => void (await open(files)),
    async judge(files, bounds) {
      using news = store.news(files, limits.debounce);
      const changed = await open(files);
      const asks = launch.pull !== undefined || canPull();
      const judged = asks ? Promise.all([...new Set([...files, ...documents.open()])].map((file) => ask(file, bounds))) : news.of(changed);
      await within(Promise.race([judged, connection.broken]), bounds);
    },
    diagnostics: store,
    hasDocuments: () => documents.open().length > 0,
    symbols: async (query, bounds) => (await connection.request<SymbolInformation[] | null>("workspace/symbol", { query }, bounds)) ?? [],
    async end() {
      const asked = connection.request("shutdown", null, { ms: limits.shutdown }).then(() => connection.notify("exit", null));
      // A server that is gone cannot be asked; either way nothing of it stays.
      await within(asked, { ms: limits.shutdown }).catch(() => undefined);
      await within(connection.broken, { ms: grace });
      await end();
    },
  };
}

/** One call at a time: versions of a document must reach the server in order. Gives those of the files that are there and were new to the server. */
function opener(documents: Documents): (files: string[]) => Promise<string[]> {
  let last: Promise<unknown> = Promise.resolve();
  const sync = async (files: string[]): Promise<string[]> => {
    const changed: string[] = [];
    for (const file of new Set([...documents.open().reverse(), ...files])) {
      if ((await documents.sync(file)) === "changed") changed.push(file);
    }
    return changed.filter((file) => files.includes(file));
  };
  return (files) => {
    const mine = last.then(() => sync(files));
    last = mine.catch(() => undefined);
    return mine;
  };
}
