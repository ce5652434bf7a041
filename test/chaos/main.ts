import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./chaos.ts";

/** `npm run chaos -- --kills 1000 --seed 7`: the long run. Its report goes to bench/results/chaos.json; exit code 1 if anything was lost or left. */
const text = { type: "string" } as const;
const { values } = parseArgs({ options: { kills: text, seed: text, report: text, life: text, epoch: text } });
const kills = Number(values.kills ?? 1000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const file = values.report ?? join(import.meta.dirname, "..", "..", "bench", "results", "chaos.json");

process.stdout.write(`chaos: ${kills} kills, seed ${seed}\n`);
const started = Date.now();
let told = 0;
const report = await runChaos({
  kills,
  seed,
  ...(values.life && { life: Number(values.life) }),
  ...(values.epoch && { epoch: Number(values.epoch) }),
  onKill(state) {
    for (const violation of state.violations.slice(told)) process.stdout.write(`VIOLATION ${violation}\n`);
    told = state.violations.length;
    if (state.kills % 50 === 0)
      process.stdout.write(`${state.kills} kills, ${state.prompts} prompts, ${state.violations.length} violations\n`);
  },
});
const summary = JSON.stringify({ ...report, seconds: Math.round((Date.now() - started) / 1000), node: process.version }, null, 2);
mkdirSync(join(file, ".."), { recursive: true });
writeFileSync(file, `${summary}\n`);
process.stdout.write(`${summary}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
