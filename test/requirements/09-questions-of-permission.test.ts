import { describe, expect, it } from "vitest";
import type { AnyEvent } from "../../src/schema/event.ts";
import type { PermissionRequest } from "../../src/schema/permission.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, testApp, textOf } from "../helpers/app.ts";
import { follow, getJSON, postJSON, readEvents, type TestServer, testServer, trpcClient } from "../helpers/server.ts";
import { chatSocket } from "../helpers/socket.ts";
import { storeFile } from "../helpers/store.ts";

const touch = { name: "bash", input: { command: "touch made", description: "make a file" } };
const asks = { permission: { bash: "ask" as const } };

const newSession = (url: string) => postJSON<Session>(`${url}/session`, { title: "Headless" });
const prompt = (url: string, id: string, text: string) => postJSON<MessageWithParts>(`${url}/session/${id}/message`, say(text));
const toolErrors = ({ parts }: MessageWithParts) =>
  parts.flatMap((part) => (part.type === "tool" && part.state.status === "error" ? [part.state.error] : []));

describe("nobody is attached", () => {
  it("the policy decides after its time: the call is refused, the turn ends, the session is free", async () => {
    await using server = await testServer({ config: { ...asks, server: { askTimeout: 50 } } });
    server.model.calls(touch);
    const session = await newSession(server.url);
    const answer = await prompt(server.url, session.id, "make it");
    expect(toolErrors(answer)).toEqual([expect.stringMatching(/Nobody answered/)]);
    expect(await getJSON(`${server.url}/permission`)).toEqual([]);
    expect(await getJSON(`${server.url}/session/status`)).toEqual({});
    await expect(server.repository.read("made")).rejects.toThrow("ENOENT");
    server.model.text("Free again.");
    expect(textOf(await prompt(server.url, session.id, "go on"))).toBe("Free again.");
  });

  it("rules that allow or deny decide at once", async () => {
    await using server = await testServer({ config: { permission: { bash: { "*": "deny", "touch *": "allow" } } } });
    server.model
      .calls(touch)
      .calls({ name: "bash", input: { command: "rm made", description: "remove" } })
      .text("Done.");
    const session = await newSession(server.url);
    expect(textOf(await prompt(server.url, session.id, "make it, remove it"))).toBe("Done.");
    expect(await server.repository.read("made")).toBe("");
  });
});

describe("a request that waits", () => {
  it("is stored, and shown to whoever connects later: by list, on every stream that resumes, and on another server of the store", async () => {
    await using place = await storeFile();
    await using server = await testServer({ config: asks, database: place.file });
    server.model.calls(touch).text("Made.");
    const session = await newSession(server.url);
    const { cursor } = await connectedAt(server.url);
    const answer = prompt(server.url, session.id, "make it");
    using early = follow(server.url);
    await early.until(({ type }) => type === "permission.asked");

    const [listed] = await getJSON<PermissionRequest[]>(`${server.url}/permission`);
    expect(listed).toMatchObject({ sessionID: session.id, permission: "bash", patterns: ["touch made"] });
    const id = listed?.id ?? "";
    using late = follow(server.url, { after: cursor });
    await late.until(isAsk(id));
    await using client = trpcClient(server.url);
    expect((await client.trpc.permission.list.query()).map((request) => request.id)).toEqual([id]);
    await using second = await testApp({ database: place.file });
    expect((await second.app.permissions.list()).map((request) => request.id)).toEqual([id]);
    await second.app.permissions.reply(id, { reply: "once" });
    expect(textOf(await answer)).toBe("Made.");
    expect(await server.repository.read("made")).toBe("");
  });

  it("of a sub-agent three levels below is shown once to each reader, whatever it follows", async () => {
    const nested = "---\nmode: subagent\npermission:\n  task: allow\n---\nYou delegate.\n";
    await using server = await testServer({ files: { ".opencode/agent/nested.md": nested }, config: asks });
    const { url, model } = server;
    for (const step of ["ONE", "TWO", "THREE"])
      model.calls({ name: "task", input: { description: step, prompt: step, subagent_type: "nested" } });
    model.calls(touch);
    for (const text of ["third", "second", "first", "All the way."]) model.text(text);
    const root = await newSession(url);
    await using readers = await everyReader(server);
    const answer = prompt(url, root.id, "dig");
    await Promise.all(readers.list.map((reader) => untilTold(reader, "permission.asked")));
    const waiting = await getJSON<PermissionRequest[]>(`${url}/permission`);
    expect(waiting).toHaveLength(1);
    expect(await depthOf(url, waiting[0]?.sessionID ?? "")).toBe(3);
    await postJSON(`${url}/permission/${waiting[0]?.id}/reply`, { reply: "once" });
    expect(textOf(await answer)).toBe("All the way.");
    await Promise.all(readers.list.map((reader) => untilTold(reader, "permission.replied")));
    expect(readers.list.map((reader) => [reader.name, count(reader, "permission.asked")])).toEqual(
      readers.list.map(({ name }) => [name, 1]),
    );
  });
});

const isAsk = (id: string) => (event: AnyEvent) => event.type === "permission.asked" && event.properties.id === id;

async function depthOf(url: string, sessionID: string): Promise<number> {
  const { parentID } = await getJSON<Session>(`${url}/session/${sessionID}`);
  return parentID === undefined ? 0 : 1 + (await depthOf(url, parentID));
}

/** Where the log is now, as a reader who would come back knows it. */
async function connectedAt(url: string): Promise<{ cursor: string }> {
  const ends = new AbortController();
  await newSession(url);
  for await (const { id } of readEvents(url, { after: "0", signal: ends.signal })) if (id !== undefined) return { cursor: id };
  throw new Error("The stream ended before its first event.");
}

interface Reader {
  name: string;
  /** All it was told so far, as texts. */
  told: string[];
}

const count = ({ told }: Reader, type: string) => told.filter((text) => text.includes(`"type":"${type}"`)).length;

async function untilTold(reader: Reader, type: string): Promise<void> {
  while (count(reader, type) === 0) await new Promise((resolve) => setImmediate(resolve));
}

/** One reader on each transport. */
async function everyReader({ url }: TestServer): Promise<{ list: Reader[] } & AsyncDisposable> {
  const ends = new AbortController();
  const list: Reader[] = ["/event", "/global/event"].map((path) => {
    const told: string[] = [];
    const read = async () => {
      for await (const { event } of readEvents(url, { path, signal: ends.signal })) told.push(JSON.stringify(event));
    };
    void read().catch(() => {});
    return { name: path, told };
  });
  const client = trpcClient(url);
  const heard: string[] = [];
  const subscription = client.trpc.event.subscribe.subscribe({}, { onData: ({ data }) => void heard.push(JSON.stringify(data)) });
  const socket = await chatSocket(url);
  socket.send({ type: "subscribe" });
  const framed: Reader = {
    name: "/ws",
    get told() {
      return socket.frames.map((frame) => JSON.stringify(frame));
    },
  };
  list.push({ name: "tRPC", told: heard }, framed);
  await Promise.all(list.filter(({ name }) => name !== "/ws").map((reader) => untilTold(reader, "server.connected")));
  await socket.until("subscribed");
  return {
    list,
    async [Symbol.asyncDispose]() {
      ends.abort();
      subscription.unsubscribe();
      socket[Symbol.dispose]();
      await client[Symbol.asyncDispose]();
    },
  };
}
