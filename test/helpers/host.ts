import { once } from "node:events";
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { Database } from "../../db/client.ts";
import type { App } from "../../src/app.ts";
import { createAudit } from "../../src/audit/audit.ts";
import { createCalls } from "../../src/calls.ts";
import type { EventLog, LogOptions } from "../../src/event/log.ts";
import type { Instance } from "../../src/instance.ts";
import { createServerLog } from "../../src/log/log.ts";
import { AppError } from "../../src/schema/error.ts";
import { type Listening, type ListenOptions, listen } from "../../src/server/listen.ts";
import { createTokens } from "../../src/token/token.ts";
import { checkAnswers } from "./answers.ts";
import { createFixture, type Effects } from "./fixture-router.ts";
import { scope, testLog } from "./store.ts";

export interface TestHost extends AsyncDisposable {
  listening: Listening;
  url: string;
  log: EventLog;
  effects: Effects;
  /** What the server reported as its own fault. */
  faults: unknown[];
  send(path: string, options?: SendOptions): Promise<Reply>;
}

export interface SendOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Keeps connections; each request has its own unless told. */
  agent?: Agent;
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  json: unknown;
}

/** On a slow machine a heartbeat would fall between the frames that a test counts: only tests about them have some. */
const untold = 3_600_000;

/** The hosts on a free port, over the fixture router and a real log. */
export async function testHost(options: Partial<ListenOptions> & { limits?: LogOptions["limits"] } = {}): Promise<TestHost> {
  const { limits, ...rest } = options;
  const store = await testLog(limits === undefined ? {} : { limits });
  const { router, effects } = createFixture();
  const faults: unknown[] = [];
  const settings = { router, hostname: "127.0.0.1", port: 0, anyPort: true, cors: [], allowedHosts: [], grace: 1_000, heartbeat: untold };
  const listening = await listen(testApp(store), { ...settings, onFault: (fault) => faults.push(fault), ...rest });
  const answers = checkAnswers({ url: listening.url, router });
  return {
    listening,
    url: listening.url,
    log: store.log,
    effects,
    faults,
    send: (path, sendOptions) => send(listening.url + path, sendOptions),
    async [Symbol.asyncDispose]() {
      effects.release.abort();
      await listening.close();
      await store[Symbol.asyncDispose]();
      answers[Symbol.dispose]();
    },
  };
}

/** The part of an app that hosts use: its log, its directory, and the instances of `/work` and below. */
function testApp({ log, database }: { log: EventLog; database: Database }): App {
  const audit = createAudit({ database });
  const identity = {
    audit,
    calls: createCalls({ late: () => {} }),
    tokens: createTokens({ database, audit }),
    placeOf: async () => undefined,
  };
  const instance = async (directory: string) => {
    if (directory !== scope.directory && !directory.startsWith(`${scope.directory}/`)) {
      throw new AppError("ForbiddenError", `${directory} is outside the roots.`);
    }
    return { directory } as Instance;
  };
  const serverLog = createServerLog({ level: "error" });
  return {
    version: "1.2.3",
    directory: scope.directory,
    roots: [scope.directory],
    log,
    serverLog,
    instance,
    watch: () => ({ ready: Promise.resolve(), [Symbol.dispose]: () => {} }),
    ...identity,
  } as Partial<App> as App;
}

/** One request, with every header under the test's control. */
export async function send(url: string, { method = "GET", headers = {}, body, agent }: SendOptions = {}): Promise<Reply> {
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const sent = request(url, { method, headers: { ...length, ...headers }, agent: agent ?? false });
  sent.end(body);
  const [response]: IncomingMessage[] = await once(sent, "response");
  if (response === undefined) throw new Error("no response");
  const bytes = Buffer.concat(await response.toArray());
  const text = bytes.toString();
  return { status: response.statusCode ?? 0, headers: response.headers, bytes, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
