import { expect, it } from "vitest";
import { loseConnections } from "../helpers/disconnects.ts";

it("readers on SSE, tRPC and /ws that lose their connection 1,000 times at random moments receive the log, nothing lost and nothing twice", async () => {
  const report = await loseConnections({ disconnects: 1_000, seed: 1_000 });
  expect(report.faults).toEqual([]);
  expect(report.disconnects).toBeGreaterThanOrEqual(1_000);
});
