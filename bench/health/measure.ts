import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Latency } from "./probe.ts";

/** Asks an address again and again, on a thread of its own, for so many milliseconds or until a promise resolves. */
export async function probe(url: string, until: number | Promise<void>): Promise<Latency> {
  const milliseconds = typeof until === "number" ? until : 600_000;
  const worker = new Worker(new URL("probe.ts", import.meta.url), { workerData: { url, milliseconds } });
  if (typeof until !== "number") void until.then(() => worker.postMessage("stop"));
  const [latency] = await once(worker, "message");
  return latency;
}
