import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findParts } from "../db/queries/message.ts";
import { findSession } from "../db/queries/session.ts";
import type { EventLog, LogEntry, ReadOptions } from "../src/event/log.ts";
import type { TextPart } from "../src/schema/part.ts";
import { scope, storeFile, testLog, testSession, testText } from "./helpers/store.ts";

const titled = (title: string, id?: string) => ({
  type: "session.updated" as const,
  properties: pair(testSession(id ? { title, id } : { title })),
});
const pair = (info: ReturnType<typeof testSession>) => ({ sessionID: info.id, info });
const edited = (file: string) => ({ type: "file.edited" as const, properties: { file } });
const fileOf = (entry: LogEntry) => (entry.event.type === "file.edited" ? entry.event.properties.file : entry.event.type);

async function take(entries: AsyncIterable<LogEntry>, count: number): Promise<LogEntry[]> {
  const taken: LogEntry[] = [];
  for await (const entry of entries) {
    taken.push(entry);
    if (taken.length === count) break;
  }
  return taken;
}

function textOf(entries: LogEntry[]): string {
  let text = "";
  for (const { event } of entries) {
    if (event.type === "message.part.delta") text += event.properties.delta;
    if (event.type === "message.part.updated") text = (event.properties.part as TextPart).text;
  }
  return text;
}

describe("the log", () => {
  it("commits an event and its rows before it tells anyone", async () => {
    await using store = await testLog();
    const session = testSession();
    const seen = take(store.log.read({}), 1);
    const [entry] = await store.log.append([{ type: "session.created", properties: pair(session) }], { scope });
    expect(await findSession(store.database.orm, session.id)).toEqual(session);
    expect((await seen)[0]?.position).toBe(entry?.position);
  });

  it("writes nothing and tells nobody when the expected position has moved on", async () => {
    await using store = await testLog();
    const session = testSession();
    await store.log.append([{ type: "session.created", properties: pair(session) }], { scope });
    const expected = { sessionID: session.id, position: 0 };
    await expect(store.log.append([titled("late", session.id)], { scope, expected })).rejects.toMatchObject({ name: "ConflictError" });
    expect(await findSession(store.database.orm, session.id)).toEqual(session);
    expect(await store.log.position()).toBe(1);
  });

  it("refuses an append whose lease is not held", async () => {
    await using store = await testLog();
    const fence = { sessionID: "ses_x", serverID: "srv_other" };
    await expect(store.log.append([edited("a")], { scope, fence })).rejects.toMatchObject({ name: "ConflictError" });
  });

  it("replays then goes live without gap or duplicate, for any interleaving of appends and reads", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("append", "append", "yield", "read"), { minLength: 5, maxLength: 40 }),
        fc.nat(5),
        async (steps, from) => {
          await using store = await testLog();
          const readers: Promise<LogEntry[]>[] = [];
          const ends = new AbortController();
          let count = 0;
          for (const step of steps) {
            if (step === "append") {
              count += 1;
              void store.log.append([edited(String(count))], { scope });
            }
            if (step === "yield") await new Promise(setImmediate);
            if (step === "read") readers.push(collect(store.log, { after: Math.min(from, count), signal: ends.signal }));
          }
          await store.log.append([edited("last")], { scope });
          const expected = [...Array.from({ length: count }, (_, index) => String(index + 1)), "last"];
          for (const reader of readers)
            expect((await reader).map(fileOf)).toEqual(expected.slice(Math.min(from, expected.length - (await reader).length)));
          for (const reader of readers) expect(isConsecutive((await reader).map((entry) => entry.position))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("keeps the last positions of a store across a restart", async () => {
    await using location = await storeFile();
    let cursor = 0;
    {
      await using store = await testLog(location);
      await store.log.append([edited("one")], { scope });
      cursor = await store.log.position();
      await store.log.append([edited("two"), edited("three")], { scope });
    }
    await using again = await testLog(location);
    await again.log.append([edited("four")], { scope });
    expect((await take(again.log.read({ after: cursor }), 3)).map(fileOf)).toEqual(["two", "three", "four"]);
  });

  it("tells a reader on one server what another commits on the same file, in order", async () => {
    await using location = await storeFile();
    await using first = await testLog(location);
    await using second = await testLog(location);
    const seen = take(first.log.read({}), 40);
    const resumed = take(second.log.read({ after: 0 }), 40);
    for (let index = 0; index < 20; index += 1) {
      await Promise.all([first.log.append([edited(`a${index}`)], { scope }), second.log.append([edited(`b${index}`)], { scope })]);
    }
    const positions = (await seen).map((entry) => entry.position);
    expect(isConsecutive(positions)).toBe(true);
    expect((await resumed).map(fileOf)).toEqual((await seen).map(fileOf));
  });

  it("shows only the directory and the session asked for", async () => {
    await using store = await testLog();
    const other = take(store.log.read({ directory: "/other" }), 1);
    await store.log.append([edited("here")], { scope });
    await store.log.append([edited("there")], { scope: { ...scope, directory: "/other" } });
    expect((await other).map(fileOf)).toEqual(["there"]);
  });

  it("ends a reader quietly when its signal aborts and when the log is disposed", async () => {
    const store = await testLog();
    const ends = new AbortController();
    const aborted = take(store.log.read({ signal: ends.signal }), 1);
    const disposed = take(store.log.read({ after: 0 }), 1);
    ends.abort();
    expect(await aborted).toEqual([]);
    await store[Symbol.asyncDispose]();
    expect(await disposed).toEqual([]);
  });
});

describe("parts in flight", () => {
  it("gives a reader that resumes the newest text, then the deltas, no word lost or doubled", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom("delta", "delta", "read", "yield"), { minLength: 3, maxLength: 30 }), async (steps) => {
        await using store = await testLog();
        const session = testSession();
        let part = testText(session.id);
        await store.log.append([{ type: "message.part.updated", properties: { sessionID: session.id, part, time: 1 } }], { scope });
        const readers: Promise<LogEntry[]>[] = [];
        for (const [index, step] of steps.entries()) {
          if (step === "delta") part = write(store.log, part, `${index} `);
          if (step === "yield") await new Promise(setImmediate);
          if (step === "read") readers.push(untilMarker(store.log.read({ after: 0 })));
        }
        await new Promise(setImmediate);
        store.log.publish({ type: "server.connected", properties: {} });
        for (const reader of readers) expect(textOf(await reader)).toBe(part.text);
      }),
      { numRuns: 60 },
    );
  });

  it("stores a part at most once a second, and the end always", async () => {
    await using store = await testLog();
    const session = testSession();
    const part = testText(session.id);
    const done = { ...part, text: "all of it", time: { start: 1, end: 2 } };
    await store.log.append([{ type: "message.part.updated", properties: { sessionID: session.id, part, time: 1 } }], { scope });
    store.log.delta({ ...part, text: "all" }, "all", { scope });
    expect(store.log.inFlight(part.id)).toMatchObject({ text: "all" });
    expect(await findParts(store.database.orm, [part.id])).toEqual([part]);
    await store.log.append([{ type: "message.part.updated", properties: { sessionID: session.id, part: done, time: 1 } }], { scope });
    expect(await findParts(store.database.orm, [part.id])).toEqual([done]);
    expect(store.log.inFlight(part.id)).toBeUndefined();
    expect(await store.log.position()).toBe(2);
  });
});

describe("a slow reader", () => {
  it("gets one snapshot for the deltas it missed", async () => {
    await using store = await testLog({ limits: { soft: 20_000, hard: 1 << 20 } });
    const session = testSession();
    let part = testText(session.id);
    const reader = store.log.read({});
    await store.log.append([{ type: "message.part.updated", properties: { sessionID: session.id, part, time: 1 } }], { scope });
    for (let index = 0; index < 1000; index += 1) part = write(store.log, part, "word ");
    store.log.publish({ type: "server.connected", properties: {} });
    const entries = await untilMarker(reader);
    expect(textOf(entries)).toBe(part.text);
    expect(entries.length).toBeLessThan(300);
  });

  it("is closed with its cursor past the hard limit, and loses nothing when it resumes there", async () => {
    await using store = await testLog({ limits: { soft: 1000, hard: 5000 } });
    const iterator = store.log.read({})[Symbol.asyncIterator]();
    await store.log.append([edited("first")], { scope });
    expect((await iterator.next()).value?.position).toBe(1);
    for (let index = 0; index < 200; index += 1) await store.log.append([edited(`file ${index}`)], { scope });
    const { value } = await iterator.next();
    expect(value?.evicted).toEqual({ cursor: 1 });
    expect((await iterator.next()).done).toBe(true);
    expect((await take(store.log.read({ after: 1 }), 200)).map(fileOf)).toEqual(Array.from({ length: 200 }, (_, index) => `file ${index}`));
  });
});

function write(log: EventLog, part: TextPart, delta: string): TextPart {
  const longer = { ...part, text: part.text + delta };
  log.delta(longer, delta, { scope });
  return longer;
}

async function collect(log: EventLog, options: ReadOptions): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of log.read(options)) {
    entries.push(entry);
    if (fileOf(entry) === "last") break;
  }
  return entries;
}

async function untilMarker(entries: AsyncIterable<LogEntry>): Promise<LogEntry[]> {
  const taken: LogEntry[] = [];
  for await (const entry of entries) {
    if (entry.event.type === "server.connected") break;
    taken.push(entry);
  }
  return taken;
}

const isConsecutive = (positions: (number | undefined)[]): boolean =>
  positions.every((position, index) => index === 0 || position === (positions[index - 1] ?? 0) + 1);
