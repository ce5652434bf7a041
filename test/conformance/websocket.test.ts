import { once } from "node:events";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import superjson from "superjson";
import { describe, expect } from "vitest";
import { WebSocket } from "ws";
import type { AppRouter } from "../../routers/index.ts";
import { watch } from "../helpers/app.ts";
import { getJSON, postJSON, testServer } from "../helpers/server.ts";
import { chatSocket, type SocketFrame } from "../helpers/socket.ts";
import { verifies } from "./verifies.ts";

const textOf = (frames: SocketFrame[]) => frames.map(({ type, content }) => (type === "text" ? content : "")).join("");

describe("chat at /ws", () => {
  verifies("ws: chat", "answers a message frame by frame, and goes on in its session", async () => {
    await using server = await testServer({ files: { "a.txt": "apples\n" } });
    server.model
      .calls({ name: "read", input: { filePath: "a.txt" } })
      .text("It says apples.")
      .text("Yes.");
    using chat = await chatSocket(server.url);
    chat.send({ type: "chat", message: "What is in a.txt?", sessionId: null, agent: "build", model: "mock/mock-1" });
    const { sessionId } = await chat.until("done");
    expect(chat.frames.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])).toEqual([
      "session",
      "tool_start",
      "tool_end",
      "text",
      "done",
    ]);
    expect(chat.frames[0]).toEqual({ type: "session", sessionId });
    expect(textOf(chat.frames)).toBe("It says apples.");
    chat.send({ type: "chat", id: 7, message: "Sure?", sessionId });
    await chat.until("done", ({ id }) => id === 7);
    expect(textOf(chat.frames.filter(({ id }) => id === 7))).toBe("Yes.");
    expect(await getJSON(`${server.url}/session/${sessionId}/message`)).toHaveLength(5);
  });

  verifies("ws: chat", "tells what is wrong with a frame by name, and stays", async () => {
    await using server = await testServer();
    using chat = await chatSocket(server.url);
    const refusals: [object | string, object][] = [
      ["{oops", { name: "BadRequest" }],
      ["[1]", { name: "BadRequest" }],
      [
        { type: "shout", id: 1 },
        { name: "BadRequest", id: 1, message: expect.stringContaining("chat, abort") },
      ],
      [{ type: "chat" }, { name: "BadRequest", data: { field: "message" } }],
      [
        { type: "chat", message: "hi", sessionId: 5 },
        { name: "BadRequest", data: { field: "sessionId" } },
      ],
      [{ type: "chat", message: "hi", sessionId: "ses_none" }, { name: "NotFoundError" }],
      [{ type: "chat", message: "hi", agent: "nobody" }, { name: "AgentNotFoundError" }],
      [{ type: "abort", sessionId: "ses_none" }, { name: "NotFoundError" }],
      [{ type: "permission", permissionId: "per_none", reply: "once" }, { name: "PermissionNotFoundError" }],
      [
        { type: "permission", permissionId: "per_none", reply: "perhaps" },
        { name: "BadRequest", data: { field: "reply" } },
      ],
      [{ type: "question", questionId: "que_none", answers: [] }, { name: "QuestionNotFoundError" }],
      [
        { type: "subscribe", after: 10_000 },
        { name: "BadRequest", data: { field: "after" } },
      ],
    ];
    // The first frame tells the protocol; what is no JSON is not tRPC's.
    for (const [at, [frame, refusal]] of refusals.entries()) {
      chat.send(frame);
      await chat.until("error", (error) => chat.frames.indexOf(error) === at);
      expect(chat.frames[at]).toMatchObject({ type: "error", ...refusal });
    }
    chat.socket.send(Buffer.from("{}"), { binary: true });
    await chat.until("error", (error) => chat.frames.indexOf(error) === refusals.length);
    chat.send({ type: "ping", id: "p" });
    expect(await chat.until("pong")).toEqual({ type: "pong", id: "p" });
    expect(await getJSON(`${server.url}/session`)).toEqual([]);
    chat.send("x".repeat(33 * 1024 * 1024));
    expect((await once(chat.socket, "close"))[0]).toBe(1009);
  });

  verifies("ws: chat", "stands behind walls and password, and the turn outlives the connection", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    const refused = async (headers: Record<string, string>): Promise<number> => {
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, { headers });
      socket.on("error", () => {});
      const [, response] = await once(socket, "unexpected-response");
      return response.statusCode;
    };
    const authorization = `Basic ${btoa("opencode:secret")}`;
    expect(await refused({})).toBe(401);
    expect(await refused({ authorization, origin: "https://evil.example" })).toBe(403);
    expect(await refused({ authorization, host: "evil.example" })).toBe(403);
    server.model.text("said to nobody", { latency: 5, chunkSize: 1 });
    using events = watch(server.app);
    const chat = await chatSocket(server.url, { path: `/ws?auth_token=${btoa("opencode:secret")}` });
    chat.send({ type: "chat", message: "hi" });
    const { sessionId } = await chat.until("session");
    chat.socket.terminate();
    await events.until("session.idle");
    const { items } = await server.app.sessions.messages(String(sessionId));
    expect(JSON.stringify(items)).toContain("said to nobody");
  });
});

describe("events at /ws", () => {
  verifies("ws: events with after", "come as they happen, and from a position on after a reconnect", async () => {
    await using server = await testServer();
    const positions = (frames: SocketFrame[]) => frames.flatMap(({ cursor, type }) => (type === "event" && cursor ? [Number(cursor)] : []));
    using first = await chatSocket(server.url);
    first.send({ type: "subscribe", id: 1 });
    const { cursor } = await first.until("subscribed");
    const one = await postJSON<{ id: string }>(`${server.url}/session`, { title: "one" });
    const created = await first.until("event");
    expect(created).toMatchObject({ event: { type: "session.created", properties: { sessionID: one.id } } });
    first.socket.terminate();
    server.model.text("hello");
    await postJSON(`${server.url}/session/${one.id}/message`, { parts: [{ type: "text", text: "hi" }] });
    using second = await chatSocket(server.url);
    second.send({ type: "subscribe", after: created.cursor });
    await second.until("event", ({ event }) => (event as { type: string }).type === "session.idle");
    const all = [...positions(first.frames), ...positions(second.frames)];
    const last = await server.app.log.position();
    await second.until("event", (frame) => frame.cursor === last);
    expect([...positions(first.frames), ...positions(second.frames)]).toEqual(
      Array.from({ length: last - Number(cursor) }, (_, at) => Number(cursor) + at + 1),
    );
    expect(all.length).toBeGreaterThan(5);
  });

  verifies("ws: events with after", "are those of the last frame that came, however fast the frames come", async () => {
    await using test = await testServer();
    using chat = await chatSocket(test.url);
    for (const id of ["one", "two", "three", "four"]) chat.send({ type: "subscribe", id });
    await chat.until("subscribed", ({ id }) => id === "four");
    expect(chat.frames.flatMap((frame) => (frame.type === "subscribed" ? [frame.id] : []))).toEqual(["one", "two", "three", "four"]);
    chat.send({ type: "subscribe", id: "five" });
    chat.send({ type: "unsubscribe", id: "five" });
    await chat.until("ok");
    await postJSON(`${test.url}/session`, {});
    chat.send({ type: "ping" });
    await chat.until("pong");
    expect(chat.frames.filter(({ type }) => type === "event")).toEqual([]);
  });

  verifies("ws: events with after", "end with unsubscribe, and another subscription takes the place of the first", async () => {
    await using server = await testServer();
    using chat = await chatSocket(server.url);
    for (const id of ["a", "b"]) {
      chat.send({ type: "subscribe", id });
      await chat.until("subscribed", (frame) => frame.id === id);
    }
    await postJSON(`${server.url}/session`, { title: "one" });
    await chat.until("event");
    chat.send({ type: "unsubscribe" });
    await chat.until("ok");
    await postJSON(`${server.url}/session`, { title: "two" });
    chat.send({ type: "ping" });
    await chat.until("pong");
    expect(chat.frames.filter(({ type }) => type === "event")).toHaveLength(1);
  });

  verifies("ws: events with after", "give a client that does not read its cursor, and memory stays bounded", async () => {
    await using server = await testServer({ log: { limits: { soft: 20_000, hard: 200_000 } } });
    using chat = await chatSocket(server.url);
    chat.send({ type: "subscribe" });
    await chat.until("subscribed");
    chat.socket.pause();
    const scope = { directory: server.repository.path, projectID: "p" };
    for (let at = 0; at < 300; at++)
      await server.app.log.append([{ type: "file.edited", properties: { file: "x".repeat(100_000) } }], { scope });
    chat.socket.resume();
    const { cursor } = await chat.until("evicted");
    const seen = chat.frames.filter(({ type }) => type === "event");
    expect(seen.at(-1)?.cursor).toBe(cursor);
    expect(Number(cursor)).toBeLessThan(await server.app.log.position());
    chat.send({ type: "subscribe", after: cursor });
    await chat.until("event", (frame) => frame.cursor === Number(cursor) + 1);
  });
});

describe("answers at /ws", () => {
  verifies("ws: permission replies and abort", "allow a tool, refuse one, answer a question, and end a turn", async () => {
    await using server = await testServer({ config: { permission: { bash: "ask" } } });
    using chat = await chatSocket(server.url);
    const bash = { name: "bash", input: { command: "echo allowed > made.txt", description: "make" } };
    const question = { question: "Which?", header: "Which", options: [{ label: "A", description: "a" }] };
    server.model
      .calls(bash)
      .text("Made.")
      .calls(bash)
      .calls({ name: "question", input: { questions: [question] } })
      .text("A it is.")
      .hang("…");
    chat.send({ type: "chat", id: 1, message: "make it" });
    const asked = await chat.until("permission");
    expect(asked).toMatchObject({ permission: "bash", id: 1 });
    chat.send({ type: "permission", id: "reply", permissionId: asked.permissionId, reply: "once" });
    expect(await chat.until("ok")).toEqual({ type: "ok", id: "reply", request: "permission" });
    const { sessionId } = await chat.until("done");
    expect(await server.repository.read("made.txt")).toBe("allowed\n");

    chat.send({ type: "chat", id: 2, message: "again", sessionId });
    const again = await chat.until("permission", ({ id }) => id === 2);
    chat.send({ type: "permission", permissionId: again.permissionId, reply: "reject" });
    expect(await chat.until("tool_end", ({ id }) => id === 2)).toMatchObject({ failed: true });
    await chat.until("done", ({ id }) => id === 2);

    chat.send({ type: "chat", id: 3, message: "ask me", sessionId });
    const { questionId } = await chat.until("question");
    chat.send({ type: "question", questionId, answers: [["A"]] });
    await chat.until("done", ({ id }) => id === 3);
    expect(textOf(chat.frames.filter(({ id }) => id === 3))).toBe("A it is.");

    chat.send({ type: "chat", id: 4, message: "think", sessionId });
    await chat.until("text", ({ id }) => id === 4);
    chat.send({ type: "abort", sessionId });
    expect(await chat.until("error", ({ id }) => id === 4)).toMatchObject({ name: "MessageAbortedError" });
    await chat.until("done", ({ id }) => id === 4);
    expect(await getJSON(`${server.url}/session/status`)).toEqual({});
  });
});

verifies("ws: permission replies and abort", "allow what is like it for the session alone", async () => {
  await using server = await testServer({ config: { permission: { bash: "ask" } } });
  using chat = await chatSocket(server.url);
  const bash = (text: string) => ({ name: "bash", input: { command: `echo ${text} >> made.txt`, description: "make" } });
  server.model.calls(bash("one")).calls(bash("two")).text("Made.").calls(bash("three")).text("Not made.");
  chat.send({ type: "chat", id: 1, message: "make it twice" });
  const { permissionId } = await chat.until("permission");
  chat.send({ type: "permission", permissionId, reply: "session" });
  await chat.until("done", ({ id }) => id === 1);
  expect(await server.repository.read("made.txt")).toBe("one\ntwo\n");
  expect(chat.frames.filter(({ type }) => type === "permission")).toHaveLength(1);
  chat.send({ type: "chat", id: 2, message: "make it in another session" });
  await chat.until("permission", ({ id }) => id === 2);
});

describe("tRPC at /ws", () => {
  verifies("ws: tRPC frames", "calls procedures and subscribes, with pings and connection parameters", async () => {
    await using server = await testServer();
    for (const options of [
      {},
      { connectionParams: { directory: server.repository.path } },
      { keepAlive: { enabled: true, intervalMs: 1 } },
    ]) {
      const client = createWSClient({ url: `${server.url.replace("http", "ws")}/ws`, ...options });
      const trpc = createTRPCClient<AppRouter>({ links: [wsLink({ client, transformer: superjson })] });
      const session = await trpc.session.create.mutate({ title: "over tRPC" });
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const subscription = trpc.event.subscribe.subscribe({ after: 0 }, { onData: ({ id }) => resolve(id), onError: reject });
      expect(await promise).toBe("0");
      subscription.unsubscribe();
      expect(await trpc.session.delete.mutate({ sessionID: session.id })).toBe(true);
      await client.close();
    }
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`);
    await once(socket, "open");
    socket.send("PING");
    expect(String((await once(socket, "message"))[0])).toBe("PONG");
    socket.send(JSON.stringify({ id: 1, method: "query", params: { path: "global.health", input: {} } }));
    expect(JSON.parse(String((await once(socket, "message"))[0]))).toMatchObject({ id: 1, result: { data: { json: { healthy: true } } } });
    socket.terminate();
  });
});
