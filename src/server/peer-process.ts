import { readFile } from "node:fs/promises";

/** The variable that marks what servers start: `server/session/call`, those of several servers separated by spaces. */
const markerName = "CODEPORT_TOOL";

/** The marks this server carries itself, because it was started by the tool of another: they say nothing about its callers. */
export async function ownMarkers(): Promise<ReadonlySet<string>> {
  return new Set(await markersOf(process.pid));
}

/** The first mark of the process, or of those it descends from, that is not one of `own`; undefined when there is none. */
export async function toolMarker(pid: number, own: ReadonlySet<string>): Promise<string | undefined> {
  for await (const ancestor of lineOf(pid)) {
    if (ancestor === process.pid) return undefined;
    const marker = (await markersOf(ancestor)).find((candidate) => !own.has(candidate));
    if (marker !== undefined) return marker;
  }
  return undefined;
}

/** Whether the process descends from this one. */
export async function isStartedByUs(pid: number): Promise<boolean> {
  for await (const ancestor of lineOf(pid)) if (ancestor === process.pid) return true;
  return false;
}

/** A process and its ancestors, as far as they live. */
async function* lineOf(pid: number): AsyncGenerator<number> {
  const seen = new Set<number>();
  for (let at = pid; at > 1 && !seen.has(at); at = await parentOf(at)) {
    seen.add(at);
    yield at;
  }
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
}

/** None for a process that has ended or is another user's. */
async function markersOf(pid: number): Promise<string[]> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  const entry = environment.split("\0").find((variable) => variable.startsWith(`${markerName}=`));
  return entry === undefined
    ? []
    : entry
        .slice(markerName.length + 1)
        .split(" ")
        .filter((marker) => marker !== "");
}
