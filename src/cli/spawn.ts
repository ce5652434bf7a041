import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SpawnedServer } from "../client/server.ts";
import { Failure } from "./failure.ts";
import { spawnedBy } from "./spawned.ts";

/** How long a server may take to listen, and to end, in ms. */
const patience = { start: 60_000, end: 10_000 };

/** Runs the program as a child that serves, and waits until it says that it listens. */
export async function spawnProgram(
  words: string[],
  { directory, env }: { directory: string; env: NodeJS.ProcessEnv },
): Promise<SpawnedServer> {
  const child = spawn(process.execPath, [launcher(), ...words], {
    cwd: directory,
    env: { ...env, [spawnedBy]: String(process.pid) },
    // However this process ends, its end of the channel closes.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const ended = once(child, "exit");
  // Whoever waits for its end hears of it; until then nobody does.
  ended.catch(() => undefined);
  const close = () => stop(child, ended);
  try {
    const url = await listening(child);
    return { url, port: Number(new URL(url).port), pid: child.pid ?? 0, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Beside the bundle, or where the sources are. */
function launcher(): string {
  const places = ["../bin/codeport.js", "../../bin/codeport.js"].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Failure("config", `The program is not where it belongs: ${places[0]}.`);
  return found;
}

/** The URL of the line that says it listens. Throws Failure with the end of what it said instead. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said = { stdout: "", stderr: "" };
    const fail = (reason: string) => reject(new Failure("task", `The server ${reason}. It said: ${said.stderr.trim().slice(-1000)}`));
    const timer = setTimeout(() => fail(`did not listen within ${patience.start / 1000} s`), patience.start);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    child.once("close", (code) => {
      clearTimeout(timer);
      fail(`ended with exit code ${code}`);
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      said.stderr = (said.stderr + chunk).slice(-4000);
    });
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      said.stdout = (said.stdout + chunk).slice(-4000);
      const [, url] = /listening on (https?:\/\/\S+)\n/.exec(said.stdout) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), patience.end);
  await ended;
  clearTimeout(timer);
}
