import { describe, expect, it } from "vitest";
import type { AnyEvent } from "../src/schema/event.ts";
import { verifies } from "./conformance/verifies.ts";
import { say, watch } from "./helpers/app.ts";
import { send } from "./helpers/host.ts";
import { follow, readEvents, type StreamedEvent, type TestServer, testServer, trpcClient } from "./helpers/server.ts";

const isLegacy = ({ type }: AnyEvent): boolean => type === "session.message" || type === "tool.call";
const briefly = (event: AnyEvent): string => {
  if (event.type === "session.message") return `${event.properties.info.role} ${event.properties.info.id}`;
  return event.type === "tool.call" ? `${event.properties.tool} ${event.properties.callID}` : event.type;
};

/** A session that reads a file and answers. */
async function turn(test: TestServer): Promise<{ sessionID: string; end: number }> {
  test.model.calls({ name: "read", input: { filePath: "a.txt" } }).text("It says one.");
  const session = await test.app.sessions.create(test.repository.path, { title: "Legacy" });
  using events = watch(test.app);
  await test.app.sessions.prompt(session.id, say("read a.txt"));
  await events.until("session.idle");
  return { sessionID: session.id, end: await test.app.log.position() };
}

async function read(test: TestServer, path: string, { after, end }: { after: number; end: number }): Promise<StreamedEvent[]> {
  const ends = new AbortController();
  const events: StreamedEvent[] = [];
  for await (const streamed of readEvents(test.url, { path, after: String(after), signal: ends.signal })) {
    events.push(streamed);
    if (streamed.id === String(end)) break;
  }
  ends.abort();
  return events;
}

describe("events of the older names", () => {
  verifies(
    "decision: legacy events",
    "come once for each finished message and each call that runs, live, and to nobody who did not ask",
    async () => {
      await using test = await testServer({ files: { "a.txt": "one\n" } });
      using asking = follow(test.url, { path: "/event?legacy=true" });
      using everywhere = follow(test.url, { path: "/global/event?legacy=true" });
      using ordinary = follow(test.url);
      await Promise.all([asking, everywhere, ordinary].map(({ until }) => until(() => true)));
      const { sessionID } = await turn(test);
      await Promise.all([asking, ordinary].map(({ until }) => until(({ type }) => type === "session.idle")));

      const sent = asking.events.map(({ event }) => event).filter(isLegacy);
      expect(sent.map(({ type }) => type)).toEqual(["session.message", "tool.call", "session.message", "session.message"]);
      expect(sent[0]).toMatchObject({ properties: { sessionID, info: { role: "user" }, parts: [{ type: "text", text: "read a.txt" }] } });
      expect(sent[1]).toMatchObject({ properties: { sessionID, tool: "read", input: { filePath: "a.txt" } } });
      expect(sent[3]).toMatchObject({
        properties: { info: { role: "assistant", finish: "stop" }, parts: [{}, { type: "text", text: "It says one." }, {}] },
      });
      expect(ordinary.events.some(({ event }) => isLegacy(event))).toBe(false);
      const payloads = everywhere.events.map(({ event }) => (event as unknown as { payload: AnyEvent }).payload);
      expect(payloads.filter(isLegacy)).toEqual(sent);
    },
  );

  verifies("decision: legacy events", "resume anywhere: after each position come exactly those that were not sent before it", async () => {
    await using test = await testServer({ files: { "a.txt": "one\n" } });
    const { end } = await turn(test);
    const all = await read(test, "/event?legacy=true", { after: 0, end });
    const legacy = all.filter(({ event }) => isLegacy(event));
    expect(legacy).toHaveLength(4);
    for (let after = 1; after < end; after++) {
      const resumed = (await read(test, "/event?legacy=true", { after, end })).filter(({ event }) => isLegacy(event));
      expect(
        resumed.map(({ event }) => briefly(event)),
        `after ${after}`,
      ).toEqual(legacy.filter(({ id }) => Number(id) > after).map(({ event }) => briefly(event)));
    }
  });

  it("come over tRPC with the position to resume from", async () => {
    await using test = await testServer({ files: { "a.txt": "one\n" } });
    const { end } = await turn(test);
    await using client = trpcClient(test.url);
    const seen: { id: string; event: AnyEvent }[] = [];
    await new Promise<void>((resolve, reject) => {
      const subscription = client.trpc.event.subscribe.subscribe(
        { after: 0, legacy: true },
        {
          onData({ id, data }) {
            seen.push({ id, event: data });
            if (id === String(end)) {
              subscription.unsubscribe();
              resolve();
            }
          },
          onError: reject,
        },
      );
    });
    const sent = seen.filter(({ event }) => isLegacy(event));
    expect(sent.map(({ event }) => event.type)).toEqual(["session.message", "tool.call", "session.message", "session.message"]);
    const [over] = await read(test, "/event?legacy=true", { after: Number(sent[0]?.id), end }).then((rest) =>
      rest.filter(({ event }) => isLegacy(event)),
    );
    expect(over?.event).toEqual(sent[1]?.event);
  });

  it("are asked for with true or not at all", async () => {
    await using test = await testServer();
    expect(await send(`${test.url}/event?legacy=yes`)).toMatchObject({
      status: 400,
      json: { name: "BadRequest", data: { field: "legacy" } },
    });
  });
});
