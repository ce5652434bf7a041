import { describe, expect, it } from "vitest";
import { runChaos } from "../chaos/chaos.ts";

/** `CODEPORT_CHAOS_KILLS=200 CODEPORT_CHAOS_SEED=7 vitest run test/requirements/06`; the long run is `npm run chaos`. */
const kills = Number(process.env.CODEPORT_CHAOS_KILLS ?? 25);
const seed = Number(process.env.CODEPORT_CHAOS_SEED ?? 6);

describe("a server that is killed with SIGKILL at random moments, again and again, on one store", () => {
  it("leaves no open message, no running tool, no wrong status and no process; ends every prompt it accepted; what is sent again under its key has one effect and the same answer; readers on SSE, tRPC and /ws miss nothing and hear nothing twice", async () => {
    // Other tests share the machine: here what is told counts, in the long run how soon it is told too.
    const report = await runChaos({ kills, seed, life: 600, truth: 20_000 });
    expect(report.violations).toEqual([]);
    expect(report.kills).toBe(kills);
  }, 300_000);
});
