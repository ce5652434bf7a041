import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get, request } from "node:http";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Servers of the same API side by side, on this machine, by turns:
 *
 *     node bench/compare.ts codeport=bin/codeport.js,/tmp/installed opencode=/tmp/oc/bin/opencode,/tmp/oc
 *
 * `name=program[,folder]`: any program that takes `serve --hostname --port` and says where it listens; the folder is what its installation takes.
 * Each gets a home and a repository of its own and no network is needed. Writes `bench/results/compare.json`.
 */
const starts = 7;
const calls = 1_000;
const sessions = 1_000;
const subscribers = 10;
const changes = 500;
const idle = 10_000;

interface Program {
  name: string;
  words: string[];
  folder?: string;
  home: string;
}

interface Running extends AsyncDisposable {
  url: string;
  pid: number;
  milliseconds: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

function programOf(word: string, base: string): Program {
  const [, name = "", path = "", folder] = /^(\w+)=([^,]+)(?:,(.+))?$/.exec(word) ?? [];
  if (path === "") throw new Error(`${word}: write name=program or name=program,folder.`);
  const home = join(base, name);
  mkdirSync(join(home, "repository"), { recursive: true });
  execFileSync("git", ["init", "--quiet"], { cwd: join(home, "repository") });
  const program = resolve(path);
  return { name, words: program.endsWith(".js") ? [process.execPath, program] : [program], folder: folder && resolve(folder), home };
}

function environmentOf(home: string): NodeJS.ProcessEnv {
  const xdg = ["DATA", "CONFIG", "STATE", "CACHE"].map((kind) => [`XDG_${kind}_HOME`, join(home, kind.toLowerCase())]);
  const quiet = { OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1" };
  return { PATH: process.env.PATH, HOME: home, ...Object.fromEntries(xdg), ...quiet, NODE_COMPILE_CACHE: join(home, "compiled") };
}

async function start({ words, home }: Program): Promise<Running> {
  const from = performance.now();
  const [file = "", ...rest] = [...words, "serve", "--hostname", "127.0.0.1", "--port", "0"];
  const child = spawn(file, rest, { cwd: join(home, "repository"), env: environmentOf(home), stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  let url: string | undefined;
  for await (const chunk of child.stdout) {
    said += String(chunk);
    url = /listening on (http:\S+)/.exec(said)?.[1];
    if (url !== undefined) break;
  }
  if (url === undefined || child.pid === undefined) throw new Error(`${file} ended without listening: ${said}`);
  await call(url, "GET", "/global/health");
  return {
    ...{ url, pid: child.pid, milliseconds: performance.now() - from },
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      // One that waits for its connections to end is not what is measured here.
      await Promise.race([ended, delay(3_000)]);
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function call(url: string, method: string, path: string, body?: object): Promise<string> {
  const headers = body && { "content-type": "application/json" };
  const sent = request(url + path, { method, headers, agent });
  sent.end(body && JSON.stringify(body));
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += String(chunk);
  if (response.statusCode !== 200) throw new Error(`${method} ${path} answered ${response.statusCode}: ${text.slice(0, 200)}`);
  return text;
}

/** The median, and what one in a hundred exceeds, in ms. */
function spread(times: number[]): { p50: number; p99: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(2));
  return { p50: at(0.5), p99: at(0.99) };
}

async function latency(count: number, work: () => Promise<unknown>): Promise<{ p50: number; p99: number }> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return spread(times);
}

/** Resident memory of a process and what it started, in MB. Linux. */
function residentMegabytes(pid: number): number {
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  return children.reduce((sum, child) => sum + residentMegabytes(Number(child)), own);
}

function megabytesOf(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.isFile() ? found.size / 1e6 : 0;
  return readdirSync(path).reduce((sum, name) => sum + megabytesOf(join(path, name)), 0);
}

/** Counts the titles that arrive on an event stream. */
async function subscribe(url: string, onTitle: () => void): Promise<Disposable> {
  const sent = get(`${url}/event`, { agent: false, headers: { accept: "text/event-stream" } });
  const [response] = await once(sent, "response");
  let rest = "";
  response.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.includes('"session.updated"') && line.includes("Title number")) onTitle();
  });
  return { [Symbol.dispose]: () => void sent.destroy() };
}

/** Changes of titles a second, eight at a time, until each of the subscribers has heard of each. */
async function eventsPerSecond(url: string, id: string): Promise<number> {
  const all = Promise.withResolvers<void>();
  let heard = 0;
  const count = () => void (++heard === changes * subscribers && all.resolve());
  const readers = await Promise.all(Array.from({ length: subscribers }, () => subscribe(url, count)));
  const from = performance.now();
  await Promise.all(
    Array.from({ length: changes }, (_, index) => call(url, "PATCH", `/session/${id}`, { title: `Title number ${index}` })),
  );
  await Promise.race([all.promise, delay(60_000).then(() => Promise.reject(new Error(`Only ${heard} events came.`)))]);
  const seconds = (performance.now() - from) / 1_000;
  for (const reader of readers) reader[Symbol.dispose]();
  return Math.round((changes * subscribers) / seconds);
}

async function measure(program: Program): Promise<Record<string, unknown>> {
  await using server = await start(program);
  await delay(idle);
  const idleMegabytes = Math.round(residentMegabytes(server.pid));
  const health = await latency(calls, () => call(server.url, "GET", "/global/health"));
  const created = await latency(sessions, () => call(server.url, "POST", "/session", {}));
  const list = await latency(200, () => call(server.url, "GET", "/session?limit=100"));
  const { id } = JSON.parse(await call(server.url, "POST", "/session", {}));
  const told = await eventsPerSecond(server.url, id);
  const busyMegabytes = Math.round(residentMegabytes(server.pid));
  return { idleMegabytes, health, createSession: created, listOfAHundred: list, eventsPerSecond: told, busyMegabytes };
}

const base = mkdtempSync(join(tmpdir(), "codeport-compare-"));
try {
  const programs = process.argv.slice(2).map((word) => programOf(word, base));
  if (programs.length === 0) throw new Error("Name the servers: name=program or name=program,folder.");
  const times = new Map<string, number[]>(programs.map(({ name }) => [name, []]));
  for (let run = 0; run <= starts; run++) {
    for (const program of programs) {
      await using server = await start(program);
      // The first start compiles, and makes the store.
      if (run > 0) times.get(program.name)?.push(server.milliseconds);
    }
  }
  const results: Record<string, unknown> = {};
  for (const program of programs) {
    const installedMegabytes = program.folder === undefined ? undefined : Math.round(megabytesOf(program.folder));
    results[program.name] = {
      installedMegabytes,
      startMilliseconds: spread(times.get(program.name) ?? []).p50,
      ...(await measure(program)),
    };
  }
  const machine = { cores: cpus().length, gigabytes: Math.round(totalmem() / 2 ** 30), node: process.version, platform: process.platform };
  console.log(JSON.stringify({ machine, results }, undefined, 2));
  writeFileSync(resolve(import.meta.dirname, "results", "compare.json"), `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
} finally {
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
}
