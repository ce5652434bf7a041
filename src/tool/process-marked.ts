import { readFile } from "node:fs/promises";
import { markerName, type ProcessMarker, readMarkers } from "../schema/process-marker.ts";
import { endUntilGone, listProcesses, type ProcessInfo } from "./process-family.ts";

export interface MarkedProcesses {
  /** Whether a process is one of those, by the markers it carries (`schema/process-marker.ts`). */
  isMeant(markers: ProcessMarker[]): boolean;
  /** Processes that stay whatever they carry, with what only they have started. */
  spare?: number[];
  /** Milliseconds between SIGTERM and SIGKILL. */
  grace?: number;
}

/**
 * Ends the processes that carry a marker, and what those have started, also where they left their group, their session and their parent
 * behind: a child inherits the environment of its parent. This process and those it descends from are never meant. What dropped its
 * environment on the way is found only below one that did not. Linux: elsewhere environments cannot be read, and nothing happens.
 */
export async function endMarked({ isMeant, spare = [], grace = 300 }: MarkedProcesses): Promise<void> {
  if (process.platform !== "linux") return;
  const environments = new Map<string, ProcessMarker[]>();
  await endUntilGone(async () => {
    const all = await listProcesses();
    const spared = new Set([...spare, ...ancestors(all)]);
    await readEnvironments(all, environments);
    return select(all, { spared, isMeant, markersOf: (info) => environments.get(identity(info)) ?? [] });
  }, grace);
}

/** A pid alone would be that of another process one day. */
const identity = ({ pid, start }: ProcessInfo): string => `${pid}:${start}`;

interface Selection extends Pick<MarkedProcesses, "isMeant"> {
  spared: Set<number>;
  markersOf(info: ProcessInfo): ProcessMarker[];
}

/** Those that are meant and, below them, those that carry no marker any more. */
function select(all: ProcessInfo[], { spared, isMeant, markersOf }: Selection): number[] {
  const open = all.filter(({ pid }) => !spared.has(pid));
  const found = new Set(open.filter((info) => isMeant(markersOf(info))).map(({ pid }) => pid));
  let before = -1;
  while (found.size !== before) {
    before = found.size;
    for (const info of open) if (found.has(info.parent) && markersOf(info).length === 0) found.add(info.pid);
  }
  return [...found];
}

/** This process and all above it. */
function ancestors(all: ProcessInfo[]): number[] {
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const line: number[] = [];
  for (let pid: number | undefined = process.pid; pid && !line.includes(pid); pid = parents.get(pid)) line.push(pid);
  return line;
}

async function readEnvironments(all: ProcessInfo[], known: Map<string, ProcessMarker[]>): Promise<void> {
  const unread = all.filter((info) => !known.has(identity(info)));
  await Promise.all(unread.map(async (info) => known.set(identity(info), await markersIn(info.pid))));
}

/** None for a process that has ended meanwhile or is another user's. */
async function markersIn(pid: number): Promise<ProcessMarker[]> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  const entry = environment.split("\0").find((variable) => variable.startsWith(`${markerName}=`));
  return entry === undefined ? [] : readMarkers(entry.slice(markerName.length + 1));
}
