import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { comeAndGo, floodServer } from "../helpers/flood.ts";
import { follow, readEvents } from "../helpers/server.ts";
import { type StalledReader, stalledReader, type Transport, transports } from "../helpers/stalled.ts";

const megabyte = 1 << 20;

async function stall(url: string, count: number): Promise<Record<Transport, StalledReader[]>> {
  const groups = transports.map(async (transport) => {
    return [transport, await Promise.all(Array.from({ length: count }, () => stalledReader(url, transport)))] as const;
  });
  return Object.fromEntries(await Promise.all(groups)) as Record<Transport, StalledReader[]>;
}

const isEvicted = ({ tail }: { tail(): string }) => /resume after \d+|"type":"evicted"/.test(tail());
const isConsecutive = (numbers: number[]) => numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1);

/** The position that a reader who was cut off is told, which must be that of the last event it got. */
function cursorOf({ tail, cursors }: StalledReader): number {
  const told = Number(/resume after (\d+)/.exec(tail())?.[1] ?? /"type":"evicted","cursor":(\d+)/.exec(tail())?.[1]);
  expect(told).toBe(cursors.at(-1));
  return told;
}

async function positionsAfter(url: string, cursor: number, last: number): Promise<number[]> {
  const positions: number[] = [];
  for await (const { id } of readEvents(url, { after: String(cursor) })) {
    if (id !== undefined && Number(id) > cursor) positions.push(Number(id));
    if (Number(id) === last) break;
  }
  return positions;
}

describe("a reader can be slow, the server cannot", () => {
  it("20 stalled readers, some on each transport, cost less than 64 MB while events are produced; each is told where it is, and misses nothing", async () => {
    await using flood = await floodServer();
    // What a flood costs by itself.
    await flood.produce(10 * megabyte);
    const { held: usual } = await flood.produce(20 * megabyte);
    const readers = await stall(flood.url, 4);
    const { held, position, readers: following } = await flood.produce(32 * megabyte);
    expect(held - usual).toBeLessThan(64 * megabyte);
    expect(following).toBeGreaterThanOrEqual(20);

    for (const transport of ["SSE", "global SSE", "/ws"] as const) {
      const [reader] = readers[transport] as [StalledReader];
      await reader.wake(isEvicted);
      expect(isConsecutive(reader.cursors), transport).toBe(true);
      const cursor = cursorOf(reader);
      expect(cursor).toBeLessThan(position);
      const missed = await positionsAfter(flood.url, cursor, position);
      expect(missed, transport).toEqual(Array.from({ length: position - cursor }, (_, index) => cursor + 1 + index));
    }
    // Subscriptions of tRPC go on where they were, by themselves.
    for (const transport of ["tRPC SSE", "tRPC WebSocket"] as const) {
      const [reader] = readers[transport] as [StalledReader];
      await reader.wake(({ cursors }) => cursors.at(-1) === position);
      expect(reader.cursors.at(-1), transport).toBe(position);
      expect(isConsecutive(reader.cursors), transport).toBe(true);
    }
    for (const reader of Object.values(readers).flat()) reader[Symbol.dispose]();
    await expect.poll(async () => (await flood.resources()).readers, { timeout: 10_000 }).toBeLessThan(10);
  }, 120_000);

  it("a reader that takes nothing for long is cut off, one that reads is not", async () => {
    await using flood = await floodServer({ heartbeat: 100, stall: 1_000, ping: 500 });
    const { readers: own } = await flood.resources();
    const stalled = await stall(flood.url, 1);
    using reading = follow(flood.url);
    await reading.until(({ type }) => type === "server.connected");
    await flood.produce(12 * megabyte);
    await expect.poll(async () => (await flood.resources()).readers, { timeout: 15_000 }).toBe(own + 1);
    const { position } = await flood.produce(1);
    await expect.poll(() => Number(reading.events.findLast(({ id }) => id !== undefined)?.id)).toBe(position);
    for (const [reader] of Object.values(stalled)) reader?.[Symbol.dispose]();
  });

  it("a WebSocket whose client is gone without a word is found by its pings", async () => {
    await using flood = await floodServer({ ping: 1_000 });
    const silent = new WebSocket(`${flood.url.replace("http", "ws")}/ws`, { autoPong: false });
    const well = new WebSocket(`${flood.url.replace("http", "ws")}/ws`);
    await Promise.all([once(silent, "open"), once(well, "open")]);
    const [code] = await once(silent, "close");
    expect([code, well.readyState]).toEqual([1006, WebSocket.OPEN]);
    well.terminate();
  });

  it("300 connects and disconnects leave no reader, timer or descriptor", async () => {
    await using flood = await floodServer();
    const before = await comeAndGo(flood, 30);
    const after = await comeAndGo(flood, 300);
    expect(after).toEqual(before);
  });
});
