import { expect, it } from "vitest";
import { loseConnections } from "../helpers/disconnects.ts";

it("readers on SSE, tRPC and /ws that lose their connection 60 times at random moments receive the log, nothing lost and nothing twice", async () => {
  const report = await loseConnections({ disconnects: 60, seed: 4 });
  expect(report.faults).toEqual([]);
  expect(report.events).toBeGreaterThan(50);
});
