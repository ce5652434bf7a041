import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Program, programWorkspace, type Workspace } from "../helpers/program.ts";
import { processesMarked } from "../helpers/strays.ts";
import { createDriver, type Driver } from "./driver.ts";
import { chaosModel } from "./model.ts";
import { createRandom, type Random } from "./random.ts";
import { createReaders, type Reader, readerFaults } from "./readers.ts";
import { faultsOf, type Left, lookAtDead, owed, withStore } from "./store.ts";

export interface ChaosOptions {
  kills: number;
  seed: number;
  /** Milliseconds that a server may live before it is killed. */
  life?: number;
  /** Milliseconds after its start in which a server must have told the truth about what the dead one left. */
  truth?: number;
  /** Kills on one store before it is drained, checked as a whole and left for a new one. */
  epoch?: number;
  /** Told of each kill. */
  onKill?(report: ChaosReport): void;
}

export interface ChaosReport {
  seed: number;
  kills: number;
  prompts: number;
  /** In the logs. */
  events: number;
  modelRequests: number;
  /** Milliseconds from the start of a server to the truth about what the dead one left, at worst. */
  slowestTruth: number;
  violations: string[];
}

/** Starts the built server, uses it, kills it at a random moment, starts it again on the same store, and checks each time that nothing was lost or left. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, kills, epoch = 50 } = options;
  const report: ChaosReport = { seed, kills: 0, prompts: 0, events: 0, modelRequests: 0, slowestTruth: 0, violations: [] };
  const random = createRandom(seed);
  while (report.kills < kills) await runEpoch({ options, random, report, until: Math.min(kills, report.kills + epoch) });
  return report;
}

interface Epoch {
  options: ChaosOptions;
  random: Random;
  report: ChaosReport;
  /** The count of kills at which it is over. */
  until: number;
}

interface Stage extends Epoch {
  workspace: Workspace;
  env: NodeJS.ProcessEnv;
  store: string;
  driver: Driver;
  readers: Reader[];
  violate(...faults: string[]): void;
}

async function runEpoch(epoch: Epoch): Promise<void> {
  const { report, random, until } = epoch;
  await using model = await chaosModel();
  await using workspace = await programWorkspace({ files: { "a.txt": "one\n" } });
  const stage: Stage = {
    ...epoch,
    workspace,
    env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(configFor(model.url)) },
    store: join(workspace.home, "data", "codeport", "codeport.db"),
    driver: createDriver(random),
    readers: createReaders(),
    violate: (...faults) => report.violations.push(...faults.map((fault) => `after kill ${report.kills} (seed ${report.seed}): ${fault}`)),
  };
  let left: Left | undefined;
  while (report.kills < until) left = await liveAndDie(stage, left);
  await drain(stage, left);
  report.prompts += stage.driver.sent.length;
  report.modelRequests += model.requests();
}

/** One life of a server: the truth about the one before it, some use, and the end. */
async function liveAndDie(stage: Stage, before: Left | undefined): Promise<Left> {
  const { random, report, options, driver, store, violate } = stage;
  const policy = random.pick(["off", "off", "ask", "safe", "always"]);
  const program = await stage.workspace.start(["serve", "--port", "0", "--resume", policy], { env: stage.env });
  const over = new AbortController();
  const url = await program.listening();
  const reading = readAll(stage, url, over.signal);
  const using = Promise.all([truth(stage, before, over.signal), driver.settle(url).then(() => driver.use(url, over.signal))]);
  await Promise.race([delay(random.below(options.life ?? 1_500)), program.exited]);
  const killed = await kill(program);
  over.abort();
  await Promise.all([using, reading]);
  if (!killed) violate(`the server ended by itself: ${program.stderr().slice(-2000)}`);
  report.kills += 1;
  const left = await lookAtDead(store);
  violate(...left.faults, ...driver.faults.splice(0));
  options.onKill?.(report);
  return left;
}

/** False: it had ended before. */
async function kill(program: Program): Promise<boolean> {
  program.kill("SIGKILL");
  return (await program.exited).signal === "SIGKILL";
}

function readAll({ readers, driver, violate }: Stage, url: string, signal: AbortSignal): Promise<unknown> {
  return Promise.all(
    readers.map((reader, index) =>
      reader
        .connect(url, signal, (event) => index === 0 && driver.hear(url, event))
        .catch((error: unknown) => {
          // A connection that breaks is what a kill does; an answer is another matter.
          if (!signal.aborted && /answered/.test(String(error))) violate(`${reader.name}: ${error}`);
        }),
    ),
  );
}

/** What the dead server left is told as it is: soon, and its processes are gone already. A server that is killed before has no time to. */
async function truth({ store, options, report, violate }: Stage, left: Left | undefined, killed?: AbortSignal): Promise<void> {
  if (left === undefined) return;
  const start = performance.now();
  const processes = left.servers.flatMap(processesMarked);
  if (processes.length > 0) violate(`processes of the dead server run: ${processes.join(", ")}`);
  const deadline = start + (options.truth ?? 2_000);
  for (;;) {
    const open = await withStore(store, (query) => owed(query, left));
    const took = performance.now() - start;
    if (killed?.aborted) return;
    if (open.length === 0) {
      report.slowestTruth = Math.max(report.slowestTruth, Math.round(took));
      return;
    }
    if (performance.now() > deadline) return violate(...open.map((what) => `not told within ${Math.round(took)} ms: ${what}`));
    await delay(20);
  }
}

/** Lets a last server finish everything, and looks at the whole. */
async function drain(stage: Stage, left: Left | undefined): Promise<void> {
  const { workspace, env, driver, readers, store, report, violate } = stage;
  const program = await workspace.start(["serve", "--port", "0"], { env });
  const url = await program.listening();
  const over = new AbortController();
  await truth(stage, left);
  const reading = readAll(
    { ...stage, driver: { ...driver, hear: createDriver(stage.random, { answersAll: true }).hear } },
    url,
    over.signal,
  );
  await driver.settle(url);
  await answerWaiting(url);
  const last = await untilIdle(stage, url);
  await untilRead(readers, last);
  over.abort();
  program.kill("SIGTERM");
  const { code } = await program.exited;
  await reading;
  if (code !== 0) violate(`the last server ended with ${code}: ${program.stderr().slice(-2000)}`);
  const log = await withStore(store, async (query) => {
    violate(...(await faultsOf(query)), ...(await promptFaults(query, driver)));
    return (await query<{ position: number }>("select position from event order by position")).map(({ position }) => position);
  });
  report.events += log.length;
  // That a file was edited goes with the session that did it, without naming it.
  const erased = new Set([...driver.brief.ids, "file.edited"]);
  violate(...driver.faults, ...readers.flatMap((reader) => readerFaults(reader, log, erased)));
}

async function answerWaiting(url: string): Promise<void> {
  for (const kind of ["permission", "question"]) {
    const asks = (await (await fetch(`${url}/${kind}`)).json()) as { id: string }[];
    const body = JSON.stringify(kind === "permission" ? { reply: "once" } : { answers: [["yes"]] });
    for (const { id } of asks)
      await fetch(`${url}/${kind}/${id}/reply`, { method: "POST", headers: { "content-type": "application/json" }, body });
  }
}

/** The last position of the log, once nothing runs and nothing waits. */
async function untilIdle({ store, violate }: Stage, url: string): Promise<number> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const status = (await (await fetch(`${url}/session/status`)).json()) as object;
    const [waiting] = await withStore(store, (query) =>
      query<{ count: number }>("select count(*) as count from prompt where status <> 'ended'"),
    );
    const isIdle = Object.keys(status).length === 0 && Number(waiting?.count) === 0;
    if (!isIdle && performance.now() > deadline)
      violate(`not idle after a minute: ${JSON.stringify(status)}, ${waiting?.count} prompts wait`);
    if (isIdle || performance.now() > deadline) break;
    await delay(50);
  }
  const [last] = await withStore(store, (query) => query<{ position: number }>("select max(position) as position from event"));
  return Number(last?.position ?? 0);
}

async function untilRead(readers: Reader[], last: number): Promise<void> {
  const deadline = performance.now() + 5_000;
  const behind = () => readers.some(({ positions }) => (positions.at(-1) ?? 0) < last);
  while (behind() && performance.now() < deadline) await delay(20);
}

type Query = Parameters<Parameters<typeof withStore>[1]>[0];

const listed = (ids: Iterable<string>): string => [...new Set(ids)].map((id) => `'${id}'`).join(",");

/** Every prompt that was accepted is there once, and over. */
async function promptFaults(query: Query, { sent, brief }: Driver): Promise<string[]> {
  const rows = await query<{ id: string; status: string }>("select message_id as id, status from prompt");
  const texts = await query<{ text: string; count: number; id: string }>(
    `select data ->> '$.text' as text, count(*) as count, min(message_id) as id from part
     where data ->> '$.text' like 'prompt %' and session_id in (${listed(sent.map(({ sessionID }) => sessionID))}) group by 1`,
  );
  const open = await query<{ id: string }>(
    `select id from message where role = 'assistant' and completed is null
     union all select id from part where data ->> '$.type' = 'tool' and data ->> '$.state.status' in ('pending', 'running')`,
  );
  const status = new Map(rows.map((row) => [row.id, row.status]));
  const known = new Map(texts.map(({ text, id }) => [text, id]));
  const counts = new Map(texts.map(({ text, count }) => [text, Number(count)]));
  const erased = listed(brief.ids);
  const remains = await query<{ id: string }>(
    `select id from session where id in (${erased}) union all select id from event where session_id in (${erased}) and type <> 'session.deleted'
     union all select id from message where session_id in (${erased}) union all select message_id from prompt where session_id in (${erased})`,
  );
  return [
    ...remains.map(({ id }) => `${id} is of a session that was deleted`),
    ...sent
      .filter(({ accepted, text, messageID = known.get(text) }) => accepted && status.get(messageID ?? "") !== "ended")
      .map(({ text }) => `${text} was accepted and did not end`),
    ...sent
      .filter(({ accepted, text }) => accepted && counts.get(text) !== 1)
      .map(({ text }) => `${text} is there ${counts.get(text) ?? 0} times`),
    ...open.map(({ id }) => `${id} is open although nothing runs`),
  ];
}

function configFor(baseURL: string): object {
  const model = { name: "Chaos", tool_call: true, limit: { context: 1_000_000, output: 10_000 } };
  return {
    model: "mock/mock-1",
    permission: { "*": "allow", bash: { "*": "allow", "true asked *": "ask" } },
    provider: {
      mock: { npm: "@ai-sdk/openai-compatible", name: "Chaos", options: { baseURL, apiKey: "none" }, models: { "mock-1": model } },
    },
  };
}
