import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { comeAndGo, floodServer } from "../test/helpers/flood.ts";
import { stalledReader, transports } from "../test/helpers/stalled.ts";

/**
 * What readers that do not read cost: 20 on each transport while a gigabyte of events is produced, and 10,000 that come and go.
 * `node bench/slow-readers.ts [megabytes] [connections]`; writes `bench/results/slow-readers.json`.
 */
const [megabytes = 1024, connections = 10_000] = process.argv.slice(2).map(Number);
const megabyte = 1 << 20;
const inMegabytes = (bytes: number) => Math.round(bytes / megabyte);

async function measure(count: number) {
  await using flood = await floodServer();
  await flood.produce(64 * megabyte);
  const quiet = await flood.produce(128 * megabyte);
  const readers = (
    await Promise.all(transports.map((transport) => Promise.all(Array.from({ length: count }, () => stalledReader(flood.url, transport)))))
  ).flat();
  const begun = performance.now();
  const loud = await flood.produce(megabytes * megabyte);
  const seconds = Math.round((performance.now() - begun) / 1000);
  for (const reader of readers) reader[Symbol.dispose]();
  return {
    stalled: readers.length,
    megabytes,
    seconds,
    rssMegabytes: {
      withoutReaders: { peak: inMegabytes(quiet.peak), collected: inMegabytes(quiet.held) },
      withReaders: { peak: inMegabytes(loud.peak), collected: inMegabytes(loud.held) },
      growth: { peak: inMegabytes(loud.peak - quiet.peak), collected: inMegabytes(loud.held - quiet.held) },
    },
    evicted: loud.evicted,
  };
}

async function churn() {
  await using flood = await floodServer();
  const before = await comeAndGo(flood, 200);
  return { connections, before, after: await comeAndGo(flood, connections) };
}

const result = { node: process.version, cores: cpus().length, memory: await measure(20), churn: await churn() };
mkdirSync(new URL("results/", import.meta.url), { recursive: true });
writeFileSync(new URL("results/slow-readers.json", import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
