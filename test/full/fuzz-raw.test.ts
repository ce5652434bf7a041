import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Flood, floodServer } from "../helpers/flood.ts";
import { fuzzRequests } from "../helpers/fuzz-requests.ts";
import { fuzzFrames } from "../helpers/fuzz-sockets.ts";

/** The same each time, so that a failure is of the change that it comes with; `FUZZ_SEED` draws others. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_129);
const megabyte = 1 << 20;
const limits = { requestsPerSecond: 1_000_000, subscribers: 10_000 };

/** What the server holds when it has noticed that all are gone: two looks in a row see the same. */
async function settled(server: Flood) {
  let last = await server.resources();
  for (;;) {
    await delay(300);
    const next = await server.resources();
    if (next.descriptors === last.descriptors && next.timers === last.timers && next.readers === last.readers) return next;
    last = next;
  }
}

/** Does it a little first, so that everything is loaded; then in full, after which the server must hold no more than before. */
async function withoutGrowth(
  run: (server: Flood, options: { count: number; seed: number }) => Promise<string[]>,
  count: number,
): Promise<void> {
  console.log(`FUZZ_SEED=${seed}`);
  await using server = await floodServer({ maxBody: megabyte, limits });
  const faults = await run(server, { count: count / 10, seed: seed + 1 });
  const before = await settled(server);
  faults.push(...(await run(server, { count, seed })));
  const after = await settled(server);
  expect([...faults, ...after.faults].slice(0, 20), `FUZZ_SEED=${seed}`).toEqual([]);
  const { descriptors, timers, readers, listeners } = before;
  expect(after).toMatchObject({ timers, readers, listeners });
  expect(after.descriptors).toBeLessThanOrEqual(descriptors + 2);
  expect((after.heap - before.heap) / megabyte).toBeLessThan(16);
  expect((await fetch(`${server.url}/global/health`)).status).toBe(200);
}

test("20,000 requests with odd headers, encodings and paths: no 5xx, no crash, no growth, and each refusal is a 4xx that names the fault", async () => {
  await withoutGrowth(async ({ url }, options) => {
    const report = await fuzzRequests(url, options);
    expect(report.sent).toBe(options.count);
    return report.faults;
  }, 20_000);
}, 900_000);

test("5,000 odd frames of WebSocket and tRPC: no fault, no crash, no growth", async () => {
  await withoutGrowth(async ({ url }, options) => {
    const report = await fuzzFrames(url, options);
    expect(report.sent).toBe(options.count);
    return report.faults;
  }, 5_000);
}, 900_000);
