import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { programWorkspace } from "../test/helpers/program.ts";
import { postJSON, readEvents } from "../test/helpers/server.ts";
import { probe } from "./health/measure.ts";
import { endlessModel } from "./health/model.ts";

/**
 * How quick `/global/health` stays while 16 turns run: 15 that stream text without end, one whose command floods its output, and somebody who
 * reads all events. The built server is a process of its own, and so is (as a thread) who asks; the model server shares their cores.
 * `npm run bench:health -- [seconds] [turns]`; writes `bench/results/health.json`.
 */
const [seconds = 10, turns = 16] = process.argv.slice(2).map(Number);
/** Bytes: more than a second's worth, and the command is repeated until the end. */
const flooded = 200_000_000;

async function main(): Promise<void> {
  const loadBefore = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  await using workspace = await programWorkspace();
  await using model = await endlessModel({ flood: `yes "a line of output that goes on and on" | head -c ${flooded}` });
  const config = { ...model.config, permission: "allow", server: { limits: { turns } } };
  await using program = await workspace.start(["serve", "--port", "0"], { env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) } });
  const url = await program.listening();
  const open = async () => (await postJSON<{ id: string }>(`${url}/session`, { title: "A session" })).id;
  await probe(`${url}/global/health`, 1_000);
  const idle = await probe(`${url}/global/health`, 3_000);
  const ends = new AbortController();
  const reading = count(readEvents(url, { path: "/global/event", signal: ends.signal }));
  for (let turn = 0; turn < turns; turn += 1) {
    const text = turn === 0 ? "flood" : "talk";
    await postJSON(`${url}/session/${await open()}/prompt_async`, { parts: [{ type: "text", text }] });
  }
  await model.busy(turns - 1);
  await delay(500);
  // What is told of the event loop is told since the last look.
  await metrics(url);
  const busy = await probe(`${url}/global/health`, seconds * 1_000);
  const { running, delay: loop } = await metrics(url);
  ends.abort();
  const result = {
    node: process.version,
    cores: cpus().length,
    /** Of the machine before, by everything else that runs there. */
    loadBefore,
    turns: running,
    floods: model.floods(),
    events: await reading,
    milliseconds: { idle, busy, eventLoopWhileBusy: loop },
  };
  mkdirSync(new URL("results/", import.meta.url), { recursive: true });
  writeFileSync(new URL("results/health.json", import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
}

async function metrics(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  const late = (quantile: number) => Math.round(value(`codeport_event_loop_delay_seconds\\{quantile="${quantile}"\\}`) * 10_000) / 10;
  return { running: value("codeport_turns_running"), delay: { p50: late(0.5), p99: late(0.99), max: late(1) } };
}

async function count(events: AsyncIterable<unknown>): Promise<number> {
  let seen = 0;
  try {
    for await (const _ of events) seen += 1;
  } catch (error) {
    if (!(error instanceof Error && error.name === "AbortError")) throw error;
  }
  return seen;
}

await main();
