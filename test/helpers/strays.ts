import { readdirSync, readFileSync } from "node:fs";
import { isRunning } from "./process.ts";

/** A command that leaves a process in its group, one in a session of its own and one that two forks took away, all with the word in their command line. */
export const strayCommand = (word: string): string =>
  `sh -c 'sleep 300; : ${word}' & setsid sh -c 'sleep 300; : ${word}' & (setsid sh -c '(sh -c "sleep 300; : ${word}" &)' &); echo ready ${word}; wait`;

/** The running processes with the word in their command line, other than this one. Linux only. */
export function processesWith(word: string): number[] {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  return pids.filter((pid) => commandLine(pid).includes(word) && isRunning(pid));
}

/** The running processes whose environment holds the text. Linux only. */
export function processesMarked(text: string): number[] {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  return pids.filter((pid) => read(pid, "environ").includes(text) && isRunning(pid));
}

const commandLine = (pid: number): string => read(pid, "cmdline");

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    // It has ended, or is somebody else's.
    return "";
  }
}
