import { EventSourceParserStream } from "eventsource-parser/stream";
import { describe, expect } from "vitest";
import type { AnyEvent } from "../../src/schema/event.ts";
import { request } from "../helpers/request.ts";
import { type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

/** The frames of a stream until one fulfils the condition. */
async function readUntil<Frame>(response: Response, isLast: (frame: Frame) => boolean): Promise<Frame[]> {
  const frames: Frame[] = [];
  const parsed = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of parsed ?? []) {
    frames.push(JSON.parse(data));
    if (isLast(frames.at(-1) as Frame)) return frames;
  }
  throw new Error(`The stream ended after ${JSON.stringify(frames.at(-1))}.`);
}

/** A turn with one tool call that changes a file. */
async function runTurn(server: TestServer, directory = ""): Promise<string> {
  server.model
    .title("Pears")
    .calls({ name: "write", input: { filePath: "made.txt", content: "made\n" } })
    .text("Done.");
  const { body } = await request<{ id: string }>(`${server.url}/session${directory}`, { method: "POST" });
  await request(`${server.url}/session/${body.id}/message`, { method: "POST", body: { parts: [{ type: "text", text: "make it" }] } });
  return body.id;
}

const isIdle = (event: AnyEvent) => event.type === "session.idle";

describe("the events", () => {
  verifies(["GET /event", "GET /events"], "server.connected first, then everything that happens in the directory, in order", async () => {
    await using server = await testServer({ config: { permission: "allow" } });
    const streams = await Promise.all(["/event", "/events"].map((path) => fetch(server.url + path)));
    for (const { status, headers } of streams) expect([status, headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const sessionID = await runTurn(server);
    const [events = [], alias] = await Promise.all(streams.map((stream) => readUntil<AnyEvent>(stream, isIdle)));
    expect(events[0]).toEqual({ id: expect.stringMatching(/^evt_/), type: "server.connected", properties: {} });
    expect(alias?.slice(1)).toEqual(events.slice(1));
    expect(await server.repository.read("made.txt")).toBe("made\n");
    const types = events.map((event) => event.type);
    const order: AnyEvent["type"][] = ["session.created", "message.updated", "session.status", "file.edited", "session.idle"];
    const firsts = order.map((type) => types.indexOf(type));
    expect(firsts).toEqual([...firsts].sort((left, right) => left - right));
    expect(firsts[0]).toBeGreaterThan(0);
    const states = events.flatMap((event) =>
      event.type === "message.part.updated" && event.properties.part.type === "tool" ? [event.properties.part.state.status] : [],
    );
    expect(states.filter((state, at) => state !== states[at - 1])).toEqual(["pending", "running", "completed"]);
    const ids = events
      .filter((event) => "sessionID" in event.properties)
      .map((event) => (event.properties as { sessionID: string }).sessionID);
    expect(new Set(ids)).toEqual(new Set([sessionID]));
    expect(await request(`${server.url}/event?directory=%2Fetc`)).toMatchObject({ status: 403, body: { name: "ForbiddenError" } });
    expect(await request(`${server.url}/event?after=many`)).toMatchObject({ status: 400, body: { name: "BadRequest" } });
  });

  verifies("GET /global/event", "those of all directories, each with its directory and project", async () => {
    await using server = await testServer({ files: { "pkg/a.txt": "" }, config: { permission: "allow" } });
    interface Frame {
      directory?: string;
      project?: string;
      payload: AnyEvent;
    }
    const [all, own] = await Promise.all([fetch(`${server.url}/global/event`), fetch(`${server.url}/event`)]);
    const pkg = server.repository.join("pkg");
    const inside = await runTurn(server, `?directory=${encodeURIComponent(pkg)}`);
    const outside = await runTurn(server);
    const isLast = (event: AnyEvent) => event.type === "session.idle" && event.properties.sessionID === outside;
    const frames = await readUntil<Frame>(all, ({ payload }) => isLast(payload));
    expect(frames[0]).toEqual({ payload: expect.objectContaining({ type: "server.connected" }) });
    const created = frames.filter(({ payload }) => payload.type === "session.created");
    const project = await server.repository.git("rev-parse", "HEAD");
    expect(created).toEqual([
      expect.objectContaining({
        directory: pkg,
        project,
        payload: expect.objectContaining({ properties: expect.objectContaining({ sessionID: inside }) }),
      }),
      expect.objectContaining({ directory: server.repository.path, project }),
    ]);
    const here = await readUntil<AnyEvent>(own, isLast);
    expect(JSON.stringify(here)).not.toContain(inside);
    const same = frames.filter(({ directory }) => directory === server.repository.path).map(({ payload }) => payload.id);
    expect(here.slice(1).map((event) => event.id)).toEqual(same);
  });
});
