import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Limits } from "../../src/schema/limits.ts";
import { gitRepository, temporaryDirectory } from "./directory.ts";
import { testEnvironment } from "./environment.ts";
import type { FloodRequest, Resources } from "./flood-process.ts";
import { stalledReader, transports } from "./stalled.ts";

export interface Flood extends AsyncDisposable {
  url: string;
  /** Has the server produce events that weigh so many bytes; resolves when all were told. */
  produce(bytes: number): Promise<Resources>;
  resources(): Promise<Resources>;
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** The server of `flood-process.ts` on a directory of its own. `environment`: further variables; the rest are options of `listen`. */
export async function floodServer(
  options: {
    ping?: number;
    stall?: number;
    heartbeat?: number;
    maxBody?: number;
    limits?: Partial<Limits>;
    environment?: NodeJS.ProcessEnv;
  } = {},
): Promise<Flood> {
  const { environment, ...listen } = options;
  const repository = await gitRepository();
  const home = await temporaryDirectory();
  const child = fork(here("./flood-process.ts"), [repository.path, JSON.stringify(listen)], {
    env: testEnvironment(home, {}, environment),
    execArgv: ["--import", here("./markdown-hook.ts"), "--expose-gc", "--no-warnings"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const answer = async <Answer>(request?: FloodRequest): Promise<Answer> => {
    const ended = new AbortController();
    const gone = once(child, "exit", { signal: ended.signal }).then(() => {
      throw new Error("The server of the flood has ended.");
    });
    const answered = once(child, "message", { signal: ended.signal });
    if (request !== undefined) child.send(request);
    try {
      return (await Promise.race([answered, gone]))[0] as Answer;
    } finally {
      ended.abort();
      gone.catch(() => {});
    }
  };
  const { url } = await answer<{ url: string }>();
  return {
    url,
    produce: (bytes) => answer({ ask: "produce", bytes }),
    resources: () => answer({ ask: "resources" }),
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
      for (const directory of [repository, home]) await directory[Symbol.asyncDispose]();
    },
  };
}

/** What a server has open. */
export type Open = Pick<Resources, "readers" | "timers" | "descriptors">;

/** Readers of all transports by turns connect and hang up, some at a time; what the server has open when it has noticed that all are gone. */
export async function comeAndGo(flood: Flood, count: number): Promise<Open> {
  const { readers } = await flood.resources();
  const atOnce = 20;
  for (let done = 0; done < count; done += atOnce) {
    const crowd = Array.from({ length: Math.min(atOnce, count - done) }, (_, index) => transports[index % transports.length] ?? "SSE");
    for (const reader of await Promise.all(crowd.map((transport) => stalledReader(flood.url, transport)))) reader[Symbol.dispose]();
  }
  return settle(flood, readers);
}

/** Looks until the readers are as many as they were and two looks see the same. */
async function settle(flood: Flood, readers: number): Promise<Open> {
  let last = await look(flood);
  for (;;) {
    await delay(100);
    const next = await look(flood);
    if (next.readers <= readers && next.descriptors === last.descriptors) return next;
    last = next;
  }
}

async function look(flood: Flood): Promise<Open> {
  const { readers, timers, descriptors } = await flood.resources();
  return { readers, timers, descriptors };
}
