import { expect, test } from "vitest";
import { fuzz } from "./helpers/fuzz.ts";
import { fuzzRequests } from "./helpers/fuzz-requests.ts";
import { fuzzFrames } from "./helpers/fuzz-sockets.ts";
import { testServer } from "./helpers/server.ts";

/** `npm run test:full` sends forty times as many, and `FUZZ_SEED=7 npm run test:full -- fuzz` others. */
test("generated requests, right and wrong, get no 5xx, and errors that name the wrong field", async () => {
  const report = await fuzz({ count: 500, seed: 4096 });
  expect(report.faults.slice(0, 20), `seed ${report.seed}`).toEqual([]);
  expect(report.sent).toBe(500);
  // Both kinds of requests must get somewhere.
  expect(report.statuses[200]).toBeGreaterThan(50);
  expect(report.statuses[400]).toBeGreaterThan(50);
}, 120_000);

const limits = { requestsPerSecond: 1_000_000, subscribers: 10_000 };
const megabyte = 1 << 20;

test("requests that no client sends are refused with a 4xx that names the fault, and break nothing", async () => {
  const faults: unknown[] = [];
  await using server = await testServer({
    onError: () => {},
    listen: { maxBody: megabyte, limits, onFault: (fault) => faults.push(fault) },
  });
  const report = await fuzzRequests(server.url, { count: 150, seed: 4096 });
  expect([...report.faults, ...faults].slice(0, 20)).toEqual([]);
});

test("frames that no client sends are answered or end their connection as the protocol says, and break nothing", async () => {
  const faults: unknown[] = [];
  await using server = await testServer({
    onError: () => {},
    listen: { maxBody: megabyte, limits, onFault: (fault) => faults.push(fault) },
  });
  const report = await fuzzFrames(server.url, { count: 150, seed: 4096 });
  expect([...report.faults, ...faults].slice(0, 20)).toEqual([]);
});
