import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/**
 * The processes a command has started. The process group alone is not enough: `timeout 60 npm test` or a shell's job
 * control move children into groups of their own. A command's shell leads its own session (it is spawned detached), so the
 * family is: its group, its session, and every descendant of those. What became a daemon on purpose (own session, no
 * living parent in the family) has left it.
 */
export interface ProcessInfo {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** When it began, as far as the system tells: with the pid it names one process and no later one. */
  start: string;
}

const run = promisify(execFile);
const pollEvery = 20;
/** How long a process may take to vanish after SIGKILL before it counts as stuck in the kernel. */
const lastWait = 2_000;

/** Ends a family: SIGTERM, up to `grace` ms to leave, SIGKILL. Resolves when no member runs any more. */
export async function endFamily(leader: number, grace: number): Promise<void> {
  if (process.platform === "win32") return endWindowsTree(leader);
  const known = new Set<number>([leader]);
  try {
    await endUntilGone(() => family(leader, known), grace);
  } catch {
    // The processes cannot be listed here (no /proc, no ps): the group is what can still be named.
    send(-leader, "SIGKILL");
  }
}

/** Ends what `find` finds, and looks again until it finds nothing: SIGTERM, up to `grace` ms to leave, SIGKILL. */
export async function endUntilGone(find: () => Promise<number[]>, grace: number): Promise<void> {
  if (await signalUntilGone(find, { signal: "SIGTERM", wait: grace })) return;
  await signalUntilGone(find, { signal: "SIGKILL", wait: lastWait });
}

async function signalUntilGone(find: () => Promise<number[]>, step: { signal: NodeJS.Signals; wait: number }): Promise<boolean> {
  const end = performance.now() + step.wait;
  const signalled = new Set<number>();
  for (;;) {
    const members = await find();
    if (members.length === 0) return true;
    for (const pid of members) {
      if (!signalled.has(pid)) send(pid, step.signal);
      signalled.add(pid);
    }
    if (performance.now() >= end) return false;
    await delay(pollEvery);
  }
}

/** The living members. `known` takes them up for the next look: their children belong to the family even if the parent has just ended. */
async function family(leader: number, known: Set<number>): Promise<number[]> {
  const all = await listProcesses();
  const members = new Set<number>();
  let before = -1;
  while (members.size !== before) {
    before = members.size;
    for (const info of all) {
      const related =
        info.group === leader || info.session === leader || members.has(info.parent) || known.has(info.pid) || known.has(info.group);
      if (related && info.pid !== process.pid) members.add(info.pid);
    }
  }
  for (const pid of members) known.add(pid);
  return [...members];
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal, or it is not ours to end (setuid): the next look tells.
  }
}

export function listProcesses(): Promise<ProcessInfo[]> {
  return process.platform === "linux" ? fromProc() : fromPs();
}

async function fromProc(): Promise<ProcessInfo[]> {
  const names = await readdir("/proc");
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readStat));
  return found.filter((info) => info !== undefined);
}

/** proc(5): `pid (name) state ppid pgrp session …`; the name may hold anything, so the fields count from its last bracket. */
async function readStat(pid: string): Promise<ProcessInfo | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group, session] = fields;
  // A zombie runs nothing; it only waits for its parent to take note.
  if (state === "Z" || state === "X") return undefined;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(session), start: fields[19] ?? "" };
}

/** macOS and the BSDs. Their `sess` is not a pid, so families there are groups and descendants. */
async function fromPs(): Promise<ProcessInfo[]> {
  const { stdout } = await run("ps", ["-axo", "pid=,ppid=,pgid=,state="]);
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length === 4 && !fields[3]?.startsWith("Z"))
    .map(([pid, parent, group]) => ({ pid: Number(pid), parent: Number(parent), group: Number(group), session: -1, start: "" }));
}

async function endWindowsTree(leader: number): Promise<void> {
  try {
    await run("taskkill", ["/pid", String(leader), "/T", "/F"]);
  } catch {
    // taskkill fails when the tree is gone already, which is what was wanted.
  }
}
