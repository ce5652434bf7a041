import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/**
 * How long from spawn to the first 200 on /global/health: the bundled server beside a process that is only node:http, run by
 * turns so that both meet the same machine. Also the server's memory when it has nothing to do. Fails only if it cannot measure.
 *
 * What keeps it low: one file from the bundle, and nothing of Node's that is not called (tsdown.config.ts); V8's compile cache
 * (bin/codeport.js); no yargs for plain flags (src/cli/quick.ts); no git and no search for model servers before the port is open, and no
 * announcement before the first call (src/cli/serve.ts); no migrator for a store that is up to date (db/client.ts). What is left of it is
 * mostly zod: building the wire's schemas. When it rises, `node --cpu-prof bin/codeport.js serve` shows what somebody imported.
 */
const runs = 7;
const settle = 2_000;
const patience = 30_000;

interface Program {
  arguments: string[];
  directory: string;
  environment: NodeJS.ProcessEnv;
}

interface Started extends AsyncDisposable {
  pid: number;
  milliseconds: number;
}

const bareSource = `
const server = require("node:http").createServer((request, response) => response.end("{}"));
server.listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + server.address().port));
`;

async function start(program: Program): Promise<Started> {
  const from = performance.now();
  const child = spawn(process.execPath, program.arguments, {
    cwd: program.directory,
    env: program.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const url = await announced(child.stdout);
  if (url === undefined || child.pid === undefined) throw new Error(`The program ended before it listened. It said: ${said.join("")}`);
  await checkHealth(url);
  const milliseconds = performance.now() - from;
  return {
    pid: child.pid,
    milliseconds,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** On a connection of its own: the server before this one had the same port, and a kept connection to it may still be lying around. */
async function checkHealth(url: string): Promise<void> {
  const [response] = (await once(get(`${url}/global/health`, { agent: false }), "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  if (response.statusCode !== 200) throw new Error(`/global/health answered ${response.statusCode}.`);
}

async function announced(stdout: NodeJS.ReadableStream): Promise<string | undefined> {
  const signal = AbortSignal.timeout(patience);
  for await (const line of createInterface({ input: stdout, signal })) {
    const url = /listening on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  return undefined;
}

async function timeOf(program: Program): Promise<number> {
  await using started = await start(program);
  return started.milliseconds;
}

async function idleMemory(program: Program): Promise<{ first: number; megabytes: number | undefined }> {
  await using started = await start(program);
  await delay(settle);
  return { first: started.milliseconds, megabytes: residentMegabytes(started.pid) };
}

/** Resident memory of a process; undefined where the system has no way to ask. */
function residentMegabytes(pid: number): number | undefined {
  if (process.platform === "win32") return undefined;
  if (process.platform !== "linux") return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)])) / 1024;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

function programs(home: string): { bare: Program; server: Program } {
  const directory = join(home, "repository");
  mkdirSync(directory);
  execFileSync("git", ["init", "--quiet"], { cwd: directory });
  const xdg = Object.fromEntries(["DATA", "CONFIG", "STATE", "CACHE"].map((kind) => [`XDG_${kind}_HOME`, join(home, kind.toLowerCase())]));
  const { PATH, SYSTEMROOT } = process.env;
  const environment = { PATH, SYSTEMROOT, HOME: home, ...xdg, NODE_COMPILE_CACHE: join(home, "compiled") };
  const launcher = resolve(import.meta.dirname, "../bin/codeport.js");
  return {
    bare: { arguments: ["-e", bareSource], directory, environment },
    server: { arguments: [launcher, "serve", "--port", "0"], directory, environment },
  };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "codeport-bench-"));
  try {
    const { bare, server } = programs(home);
    // The first start compiles everything and migrates an empty store; the others find both done.
    const { first, megabytes } = await idleMemory(server);
    await timeOf(bare);
    const times: { bare: number[]; server: number[] } = { bare: [], server: [] };
    for (let run = 0; run < runs; run++) {
      times.bare.push(await timeOf(bare));
      times.server.push(await timeOf(server));
    }
    const [bareTime, serverTime] = [median(times.bare), median(times.server)];
    console.table({
      "bare node:http, ms to /global/health": bareTime.toFixed(0),
      "codeport serve, ms to /global/health": serverTime.toFixed(0),
      "times bare": (serverTime / bareTime).toFixed(2),
      "very first start, ms": first.toFixed(0),
      "idle memory after 2 s, MB": megabytes?.toFixed(0) ?? "unknown",
    });
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main();
