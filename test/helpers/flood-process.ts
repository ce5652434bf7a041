import { readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { appRouter } from "../../routers/index.ts";
import { createApp } from "../../src/app.ts";
import { createId } from "../../src/schema/id.ts";
import type { TextPart } from "../../src/schema/part.ts";
import { listen } from "../../src/server/listen.ts";

/** What the parent asks for: events that weigh so many bytes together, or what the process holds. */
export type FloodRequest = { ask: "produce"; bytes: number } | { ask: "resources" };

/** Bytes of memory, and what is open. */
export interface Resources {
  /** The highest since the last answer: of all, garbage that waits to be collected included, and of what was left right after a collection. */
  peak: number;
  held: number;
  /** Used of the heap, after a collection. */
  heap: number;
  descriptors: number;
  timers: number;
  readers: number;
  /** Listeners on the process itself. */
  listeners: number;
  /** What the server took for its own fault. */
  faults: string[];
  evicted: number;
  position: number;
}

/**
 * A server in a process of its own, whose memory is its own: the real app and hosts on `process.argv[2]`, and a flood of events as turns make
 * them (text that streams and ends). Tells its address, then obeys messages of its parent.
 */
const [, , directory = "", settings = "{}"] = process.argv;
const faults: string[] = [];
const app = await createApp({
  directory,
  env: process.env,
  version: "0.0.0-test",
  fetchLocal: async () => ({}),
  serverLog: { quiet: true },
});
const place = { hostname: "127.0.0.1", port: 0, anyPort: true, cors: [], allowedHosts: [] };
const listening = await listen(app, {
  router: appRouter,
  ...place,
  ...JSON.parse(settings),
  onFault: (error, request) => faults.push(`${request?.method} ${request?.url}: ${error instanceof Error ? error.stack : error}`),
});
const session = await app.sessions.create(app.directory, {});
const scope = { directory: app.directory, projectID: session.projectID };
let peak = 0;
let held = 0;

function sample(): void {
  peak = Math.max(peak, process.memoryUsage.rss());
  globalThis.gc?.();
  held = Math.max(held, process.memoryUsage.rss());
}

/** One answer: 256 KiB that stream in pieces of 4 KiB, then the whole. Returns what a reader of it all is sent, about. */
async function answer(): Promise<number> {
  const base: TextPart = {
    id: createId("part"),
    sessionID: session.id,
    messageID: createId("message"),
    type: "text",
    text: "",
    time: { start: Date.now() },
  };
  const tell = (part: TextPart) =>
    app.log.append([{ type: "message.part.updated", properties: { sessionID: session.id, part, time: Date.now() } }], { scope });
  await tell(base);
  const delta = "word ".repeat(820);
  let part = base;
  for (let count = 0; count < 64; count += 1) {
    part = { ...part, text: part.text + delta };
    app.log.delta(part, delta, { scope });
    if (count % 8 === 0) await setImmediate();
  }
  await tell({ ...part, time: { start: base.time?.start ?? 0, end: Date.now() } });
  return part.text.length * 2;
}

async function resources(): Promise<Resources> {
  sample();
  const memory = { peak, held };
  peak = 0;
  held = 0;
  const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const descriptors = process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
  const { now: readers, evicted } = app.log.readers();
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const { heapUsed: heap } = process.memoryUsage();
  return { ...memory, heap, descriptors, timers, readers, listeners, faults, evicted, position: await app.log.position() };
}

process.on("message", async (request: FloodRequest) => {
  if (request.ask === "produce") {
    for (let sent = 0, count = 0; sent < request.bytes; count += 1) {
      sent += await answer();
      if (count % 8 === 0) sample();
    }
  }
  process.send?.(await resources());
});
process.on("disconnect", () => process.exit());
process.send?.({ url: listening.url });
