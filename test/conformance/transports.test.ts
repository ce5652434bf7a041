import { describe, expect } from "vitest";
import type { AnyEvent } from "../../src/schema/event.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { textOf, watch } from "../helpers/app.ts";
import { text } from "../helpers/sdk.ts";
import { testServer } from "../helpers/server.ts";
import { type Transport, transports } from "../helpers/transports.ts";
import { verifies } from "./verifies.ts";

/** Events from a position on, until one fulfils the condition. */
async function read(transport: Transport, after: number, until: (event: AnyEvent, cursor: number) => boolean) {
  const ends = new AbortController();
  const seen: { cursor?: number; event: AnyEvent }[] = [];
  for await (const { cursor, event } of transport.events(after, ends.signal)) {
    seen.push({ cursor, event });
    if (!until(event, cursor ?? 0)) continue;
    ends.abort();
    return seen;
  }
  throw new Error("The stream ended.");
}

const durable = (seen: { cursor?: number; event: AnyEvent }[]) =>
  seen.filter(({ event }) => event.type !== "server.connected" && event.type !== "message.part.delta");

describe.each(transports)("over %s", (_, connect) => {
  verifies("trpc: the same behaviour on each transport", "sessions are kept, changed, listed and erased", async () => {
    await using server = await testServer();
    await using transport = connect(server.url);
    const one = await transport.call<Session>("session.create", { title: "One" });
    const child = await transport.call<Session>("session.create", { parentID: one.id });
    expect(await transport.call("session.get", { sessionID: one.id })).toEqual(one);
    const changed = await transport.call<Session>("session.update", { sessionID: one.id, title: "Two" });
    expect(changed).toEqual({ ...one, title: "Two", time: { ...one.time, updated: expect.any(Number) } });
    expect(await transport.call("session.list", { roots: true })).toEqual([changed]);
    expect(await transport.call("session.children", { sessionID: one.id })).toEqual([child]);
    expect(await transport.call("session.delete", { sessionID: one.id })).toBe(true);
    expect(await transport.call("session.list")).toEqual([]);
  });

  verifies(
    "trpc: the same behaviour on each transport",
    "prompts run tools under permissions and answer with the last message",
    async () => {
      await using server = await testServer({ config: { permission: { bash: "ask" } } });
      await using transport = connect(server.url);
      using events = watch(server.app);
      const bash = { name: "bash", input: { command: "echo x > y.txt", description: "d" } };
      server.model.calls(bash).text("Done.").calls(bash).hang("thinking");
      const { id: sessionID } = await transport.call<Session>("session.create");
      const answered = transport.call<MessageWithParts>("session.prompt", { sessionID, parts: text("go") });
      const { properties: asked } = await events.until("permission.asked");
      expect(await transport.call("permission.list")).toEqual([asked]);
      expect(await transport.call("permission.reply", { requestID: asked.id, reply: "once" })).toBe(true);
      expect(textOf(await answered)).toBe("Done.");
      expect(await server.repository.read("y.txt")).toBe("x\n");
      const messages = await transport.call<MessageWithParts[]>("session.messages", { sessionID, limit: 2 });
      expect(messages.map(({ info }) => info.role)).toEqual(["assistant", "assistant"]);

      // An answer to what is answered already is told, and the turn can be ended.
      const twice = transport.call("permission.reply", { requestID: asked.id, reply: "once" });
      await expect(twice).rejects.toMatchObject({ name: "PermissionNotFoundError", status: 404 });
      expect(await transport.call("session.promptAsync", { sessionID, parts: text("again") })).toBeUndefined();
      const second = await events.until("permission.asked", ({ properties }) => properties.id !== asked.id);
      await transport.call("permission.reply", { requestID: second.properties.id, reply: "once" });
      await events.until("message.part.delta", ({ properties }) => properties.delta === "thinking");
      expect(await transport.call("session.status")).toEqual({ [sessionID]: { type: "busy" } });
      expect(await transport.call("session.abort", { sessionID })).toBe(true);
      expect(await transport.call("session.status")).toEqual({});
    },
  );

  verifies("trpc: the same behaviour on each transport", "faults have one name, one message, one status, and name the field", async () => {
    await using server = await testServer();
    await using transport = connect(server.url);
    const fault = (name: string, input?: Record<string, unknown>) => transport.call(name, input).catch((error: unknown) => error);
    const message = "Session not found: ses_none";
    expect(await fault("session.get", { sessionID: "ses_none" })).toMatchObject({ name: "NotFoundError", status: 404, message });
    const { id: sessionID } = await transport.call<Session>("session.create");
    const cases: [string, Record<string, unknown>, object][] = [
      ["session.prompt", { sessionID, parts: [] }, { name: "BadRequest", status: 400, data: { field: "parts" } }],
      ["session.prompt", { sessionID, parts: [{ type: "text" }] }, { name: "BadRequest", status: 400, data: { field: "parts.0.text" } }],
      ["session.prompt", { sessionID, parts: text("hi"), agent: "nobody" }, { name: "AgentNotFoundError", status: 400 }],
      ["session.prompt", { sessionID, parts: text("hi"), model: "mock/none" }, { name: "ProviderModelNotFoundError", status: 400 }],
      ["session.messages", { sessionID, limit: -1 }, { name: "BadRequest", status: 400, data: { field: "limit" } }],
      ["question.reply", { requestID: "que_none", answers: [] }, { name: "QuestionNotFoundError", status: 404 }],
      ["find.text", { pattern: "(" }, { name: "BadRequest", status: 400 }],
      ["file.content", { path: "../outside" }, { name: "ForbiddenError", status: 403 }],
    ];
    for (const [name, input, expected] of cases) expect(await fault(name, input), name).toMatchObject(expected);
    expect(server.model.requests()).toEqual([]);
  });

  verifies("trpc: the same behaviour on each transport", "files, the configuration and the lists are the same", async () => {
    await using server = await testServer({ files: { "src/a.ts": "const a = 1;\n" } });
    await using transport = connect(server.url);
    const [, , [, rest]] = transports as [unknown, unknown, [string, (url: string) => Transport]];
    await using other = rest(server.url);
    const calls: [string, Record<string, unknown>?][] = [
      ["file.list", { path: "src" }],
      ["file.content", { path: "src/a.ts" }],
      ["find.text", { pattern: "const" }],
      ["find.files", { query: "a.ts" }],
      ["path.get"],
      ["vcs.get"],
      ["config.get"],
      ["config.providers"],
      ["provider.list"],
      ["agent.list"],
      ["command.list"],
      ["mcp.status"],
      ["api.status"],
      ["api.models"],
      ["api.agents"],
      ["api.located.agents"],
    ];
    for (const [name, input] of calls) expect(await transport.call(name, input), name).toEqual(await other.call(name, input));
    expect(await transport.call("file.content", { path: "src/a.ts" })).toMatchObject({ type: "text", content: "const a = 1;\n" });
  });

  verifies(
    ["trpc: the same behaviour on each transport", "trpc: resumable subscriptions over WebSocket", "trpc: every procedure over HTTP"],
    "events come in order, and a reader that reconnects misses none and sees none twice",
    async () => {
      await using server = await testServer();
      await using transport = connect(server.url);
      server.model.text("hello");
      const { id: sessionID } = await transport.call<Session>("session.create");
      await transport.call("session.prompt", { sessionID, parts: text("hi") });
      using settled = watch(server.app);
      await transport.call("session.update", { sessionID, title: "End" });
      await settled.until("session.updated", ({ properties }) => properties.info.title === "End");
      const last = await server.app.log.position();
      const whole = durable(await read(transport, 0, (_event, cursor) => cursor === last));
      expect(whole.map(({ cursor }) => cursor)).toEqual(Array.from({ length: last }, (_unused, at) => at + 1));
      const middle = whole[Math.floor(last / 2)]?.cursor ?? 0;
      const rest = durable(await read(transport, middle, (_event, cursor) => cursor === last));
      expect(rest.map(({ event }) => event.id)).toEqual(whole.slice(middle).map(({ event }) => event.id));
    },
  );
});
