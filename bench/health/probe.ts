import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";

/** Milliseconds until the answer was there. */
export interface Latency {
  requests: number;
  p50: number;
  p99: number;
  max: number;
}

/** One request at a time, a hundred a second at most, on one connection. */
async function probe({ url, milliseconds }: { url: string; milliseconds: number }): Promise<Latency> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const end = performance.now() + milliseconds;
  const taken: number[] = [];
  let isOver = false;
  parentPort?.once("message", () => {
    isOver = true;
  });
  while (!isOver && performance.now() < end) {
    const begun = performance.now();
    const [response] = (await once(get(url, { agent }), "response")) as [IncomingMessage];
    response.resume();
    await once(response, "end");
    if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}.`);
    taken.push(performance.now() - begun);
    await delay(10);
  }
  agent.destroy();
  taken.sort((a, b) => a - b);
  const at = (share: number) => Math.round((taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? Number.NaN) * 10) / 10;
  return { requests: taken.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

parentPort?.postMessage(await probe(workerData));
parentPort?.close();
