import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./chaos.ts";

/** `npm run chaos -- --kills 1000 --seed 7`: the long run. Its report goes to bench/results/chaos.json; exit code 1 if anything was lost or left. */
const { values } = parseArgs({ options: { kills: { type: "string" }, seed: { type: "string" }, report: { type: "string" } } });
const kills = Number(values.kills ?? 1000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const file = values.report ?? join(import.meta.dirname, "..", "..", "bench", "results", "chaos.json");

process.stdout.write(`chaos: ${kills} kills, seed ${seed}\n`);
const started = Date.now();
let told = 0;
const report = await runChaos({
  kills,
  seed,
  onKill(state) {
    for (const violation of state.violations.slice(told)) process.stdout.write(`VIOLATION ${violation}\n`);
    told = state.violations.length;
    if (state.kills % 50 === 0)
      process.stdout.write(`${state.kills} kills, ${state.prompts} prompts, ${state.violations.length} violations\n`);
  },
});
const text = JSON.stringify({ ...report, seconds: Math.round((Date.now() - started) / 1000), node: process.version }, null, 2);
mkdirSync(join(file, ".."), { recursive: true });
writeFileSync(file, `${text}\n`);
process.stdout.write(`${text}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
