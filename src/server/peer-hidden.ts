import { readdir, readFile } from "node:fs/promises";
import { isStartedByUs, toolMarker } from "./peer-process.ts";

interface Candidate {
  pid: number;
  parent: number;
  /** With which it makes sockets (that of its file system accesses). */
  uid: number;
}

/**
 * What is known of the caller when no process is seen to have its socket open, `uid` being whose the socket is. Processes hide what they have
 * open by not being dumpable (`prctl`, or a program without permission to read it), and a socket that is on its way to another process is
 * nobody's. So whoever cannot be looked into is judged by where it comes from; and when nobody is left who could be a stranger, while a tool's process
 * runs, then it is taken for that. A stranger that hides as well: sshd with a forwarded port, a browser in its sandbox.
 */
export async function hiddenTool(uid: number, own: ReadonlySet<string>): Promise<string | undefined> {
  const candidates = await processesOf(uid);
  const isOurUser = uid === process.geteuid?.();
  const above = await ancestors();
  let couldBeStranger = !isOurUser;
  const seen: number[] = [];
  for (const { pid, parent } of candidates) {
    if (await showsDescriptors(pid)) seen.push(pid);
    else if (await isTool(pid, own)) return `process ${pid}`;
    // Whose parents have ended belongs to one that is above this server, if its parents were started by it.
    else if (!above.has(parent)) couldBeStranger = true;
    else if (isOurUser && (await isYounger(pid))) return `process ${pid}, which cannot be looked into`;
  }
  if (couldBeStranger) return undefined;
  for (const pid of seen) if (await isTool(pid, own)) return "unknown: no process is seen to have the connection open";
  return undefined;
}

async function isTool(pid: number, own: ReadonlySet<string>): Promise<boolean> {
  return (await toolMarker(pid, own)) !== undefined || (await isStartedByUs(pid));
}

/** The user's processes, without this one. */
async function processesOf(uid: number): Promise<Candidate[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(names.map((name) => candidate(Number(name))));
  return all.filter((found) => found !== undefined && found.uid === uid && found.pid !== process.pid) as Candidate[];
}

/** Undefined for a process that has ended, also one that its parent has not taken note of. */
async function candidate(pid: number): Promise<Candidate | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  if (status === "" || /^State:\s*[ZX]/m.test(status)) return undefined;
  const [, parent] = /^PPid:\s*(\d+)/m.exec(status) ?? [];
  const [, uid] = /^Uid:(?:\s*\d+){3}\s*(\d+)/m.exec(status) ?? [];
  return { pid, parent: Number(parent), uid: Number(uid) };
}

/** Of those that end meanwhile there is nothing to see either. */
async function showsDescriptors(pid: number): Promise<boolean> {
  return readdir(`/proc/${pid}/fd`).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "EACCES" && error.code !== "EPERM",
  );
}

/** Those of this process, and the first process of the machine, which takes up what has lost its parents. */
async function ancestors(): Promise<Set<number>> {
  const found = new Set([1]);
  for (let at = process.ppid; at > 1 && !found.has(at); at = (await candidate(at))?.parent ?? 0) found.add(at);
  return found;
}

async function isYounger(pid: number): Promise<boolean> {
  return (await startOf(pid)) >= (await startOf(process.pid));
}

/** proc(5): in ticks since the machine was started. The name before it may hold anything, so the fields count from its last bracket. */
async function startOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? 0);
}
