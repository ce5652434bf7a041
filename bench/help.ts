import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * How long people wait for help: `--help` of the program and of two commands, beside a Node that does nothing, by turns, the median of `runs`.
 * The compile cache is warm, as it is from the second call on. Writes `bench/results/help.json`; needs `npm run build`.
 */
const runs = 15;
const root = resolve(import.meta.dirname, "..");
const launcher = join(root, "bin", "codeport.js");

const cases: Record<string, string[]> = {
  "node alone": ["-e", "0"],
  "--version": [launcher, "--version"],
  "--help": [launcher, "--help"],
  "serve --help": [launcher, "serve", "--help"],
  "run --help": [launcher, "run", "--help"],
};

function time(words: string[], environment: NodeJS.ProcessEnv): number {
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { env: environment });
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - from;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const home = mkdtempSync(join(tmpdir(), "codeport-help-"));
try {
  const environment = {
    PATH: process.env.PATH,
    SYSTEMROOT: process.env.SYSTEMROOT,
    HOME: home,
    NODE_COMPILE_CACHE: join(home, "compiled"),
  };
  const times: Record<string, number[]> = {};
  for (const words of Object.values(cases)) time(words, environment);
  for (let run = 0; run < runs; run++) {
    for (const [name, words] of Object.entries(cases)) times[name] = [...(times[name] ?? []), time(words, environment)];
  }
  const milliseconds = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, Math.round(median(values))]));
  console.table(milliseconds);
  const result = { milliseconds, runs, cores: cpus().length, node: process.version };
  writeFileSync(join(root, "bench", "results", "help.json"), `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
