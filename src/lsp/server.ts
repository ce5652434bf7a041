import type { Programs } from "../program/program.ts";
import { type Client, type ClientLimits, type ClientOptions, startClient } from "./client.ts";
import type { ServerDefinition } from "./servers.ts";
import { type Bounds, within } from "./within.ts";

/** One language server for one root, through its lives: started when it is first needed, anew after it broke, given up after it broke too often. */
export interface Server extends AsyncDisposable {
  id: string;
  root: string;
  extensions: string[];
  /** Its name and how it fares; undefined for one that was never started, or is being started for the first time. */
  status(): { name: string; status: "connected" | "error" } | undefined;
  /** The running server. Starts it when it is due, and waits for that within the bounds, counted from the start; undefined when there is none by then. */
  client(bounds: Bounds): Promise<Client | undefined>;
  running(): Client | undefined;
}

export interface ServerLimits extends ClientLimits {
  /** Milliseconds to wait after each failure in a row before the next start; after the last the server is given up. */
  backoff: number[];
  /** Milliseconds after which a running server's earlier failures are forgotten. */
  stable: number;
}

export interface ServerOptions extends Pick<ClientOptions, "environment" | "endProcess"> {
  programs: Programs;
  limits: ServerLimits;
  /** The status has changed. */
  onUpdated(): void;
  /** Told why a server broke. */
  onError(error: unknown): void;
}

/** `definition` must be one that may run in this root. */
export function createServer(definition: ServerDefinition, root: string, options: ServerOptions): Server {
  const { programs, limits, onUpdated } = options;
  const ends = new AbortController();
  let running: Client | undefined;
  /** What a server that broke leaves behind is being ended. */
  let clearing: Promise<void> = Promise.resolve();
  let starting: { since: number; client: Promise<Client | undefined> } | undefined;
  let name: string | undefined;
  let failures = 0;
  let notBefore = 0;

  function fail(reason: string): void {
    running = undefined;
    const wait = limits.backoff[failures];
    failures += 1;
    notBefore = wait === undefined ? Number.POSITIVE_INFINITY : Date.now() + wait;
    const outlook = wait === undefined ? "It is given up" : "It is started again when it is needed";
    options.onError(new Error(`The language server ${name} failed in ${root}: ${reason}. ${outlook}.`));
    onUpdated();
  }

  function adopt(client: Client): Client {
    const since = Date.now();
    running = client;
    onUpdated();
    void client.broken.then((reason) => {
      if (ends.signal.aborted) return;
      if (Date.now() - since >= limits.stable) failures = 0;
      fail(reason);
      clearing = client.end();
    });
    return client;
  }

  async function start(): Promise<Client | undefined> {
    const launch = await definition.launch(root, programs);
    if (launch === undefined || ends.signal.aborted) return undefined;
    name = launch.name;
    try {
      return adopt(await startClient(launch, { ...options, root, invocation: programs.invocation, signal: ends.signal }));
    } catch (error) {
      if (!ends.signal.aborted) fail(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  return {
    id: definition.id,
    root,
    extensions: definition.extensions,
    running: () => running,
    status() {
      if (name === undefined || (running === undefined && failures === 0)) return undefined;
      return { name, status: running ? "connected" : "error" };
    },
    async client({ ms, signal }) {
      if (running || Date.now() < notBefore || ends.signal.aborted) return running;
      starting ??= { since: Date.now(), client: start().finally(() => (starting = undefined)) };
      return within(starting.client, { ms: starting.since + ms - Date.now(), signal });
    },
    async [Symbol.asyncDispose]() {
      ends.abort();
      await starting?.client;
      await running?.end();
      await clearing;
      running = undefined;
    },
  };
}
