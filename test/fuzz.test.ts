import { expect, test } from "vitest";
import { fuzz } from "./helpers/fuzz.ts";

/** `npm run test:full` sends twenty times as many, with another seed each time. */
test("generated requests, right and wrong, get no 5xx, and errors that name the wrong field", async () => {
  const report = await fuzz({ count: 1_000, seed: 4096 });
  expect(report.faults.slice(0, 20), `seed ${report.seed}`).toEqual([]);
  expect(report.sent).toBe(1_000);
  // Both kinds of requests must get somewhere.
  expect(report.statuses[200]).toBeGreaterThan(100);
  expect(report.statuses[400]).toBeGreaterThan(100);
}, 120_000);
