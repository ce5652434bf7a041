import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { promisify } from "node:util";
import type { ServerRow } from "../../db/queries/lease.ts";

/** Silence after which a server on another machine counts as dead, in ms. */
const silence = 15_000;

/** This process as other servers can tell it from one that reuses its pid. */
export async function describeProcess(id: string): Promise<ServerRow> {
  return { id, host: hostname(), pid: process.pid, started: (await startOf(process.pid)) ?? "", seen: Date.now() };
}

/** Whether the server still runs. On this machine its process is looked up; on another its heartbeat decides. */
export async function isAlive(server: ServerRow): Promise<boolean> {
  if (server.host !== hostname()) return Date.now() - server.seen < silence;
  if (!exists(server.pid)) return false;
  const started = await startOf(server.pid);
  return started === undefined || server.started === "" ? Date.now() - server.seen < silence : started === server.started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process began, as text that only that process has: ticks since a named boot on Linux, the start date elsewhere. Undefined where neither can be had. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") return startOnLinux(pid);
  if (process.platform === "win32") return undefined;
  const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.trim() || undefined;
}

async function startOnLinux(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  // The second field is the command in parentheses and may hold spaces; the start time is the 22nd field.
  const ticks = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return ticks && `${boot.trim()}:${ticks}`;
}
