import { readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { MessageWithParts } from "../src/schema/prompt.ts";
import type { Session } from "../src/schema/session.ts";
import { verifies } from "./conformance/verifies.ts";
import { say, testApp, textOf, watch } from "./helpers/app.ts";
import { restClient } from "./helpers/request.ts";
import { testServer } from "./helpers/server.ts";

const textsOf = (messages: MessageWithParts[]): string[] => messages.map(textOf);
const idsOf = (messages: MessageWithParts[]): string[] => messages.flatMap(({ info, parts }) => [info.id, ...parts.map(({ id }) => id)]);

describe("a fork", () => {
  verifies(
    "POST /session/{id}/fork",
    "holds what was said strictly before a message, under ids of its own, and goes on by itself",
    async () => {
      await using test = await testServer();
      const call = restClient(test.url);
      test.model.text("first").text("second").text("third").text("other third");
      const { body: origin } = await call<Session>("POST /session", {
        title: "Plan",
        permission: [{ permission: "bash", pattern: "*", action: "deny" }],
      });
      for (const text of ["one", "two", "three"]) await call(`POST /session/${origin.id}/message`, say(text));
      const { body: messages } = await call<MessageWithParts[]>(`GET /session/${origin.id}/message`);
      const third = messages.find((message) => textOf(message) === "three");

      const { status, body: fork } = await call<Session>(`POST /session/${origin.id}/fork`, { messageID: third?.info.id });
      expect(status).toBe(200);
      expect(fork).toMatchObject({
        title: "Plan (fork #1)",
        directory: origin.directory,
        projectID: origin.projectID,
        permission: origin.permission,
      });
      expect(fork.parentID).toBeUndefined();
      expect(fork.tokens).toMatchObject({ input: 200, output: 20 });
      const { body: copied } = await call<MessageWithParts[]>(`GET /session/${fork.id}/message`);
      expect(textsOf(copied)).toEqual(["one", "first", "two", "second"]);
      expect(
        copied.every(
          ({ info, parts }) =>
            info.sessionID === fork.id && parts.every(({ sessionID, messageID }) => sessionID === fork.id && messageID === info.id),
        ),
      ).toBe(true);
      expect(copied[1]?.info).toMatchObject({ parentID: copied[0]?.info.id });
      expect(idsOf(copied).filter((id) => idsOf(messages).includes(id))).toEqual([]);
      const order = [copied.map(({ info }) => info.id), copied.flatMap(({ parts }) => parts.map(({ id }) => id))];
      expect(order).toEqual(order.map((ids) => ids.toSorted()));

      const { body: answer } = await call<MessageWithParts>(`POST /session/${fork.id}/message`, say("instead"));
      expect(textOf(answer)).toBe("other third");
      expect(
        test.model
          .requests()
          .at(-1)
          ?.body.messages.slice(1)
          .map(({ content }) => content),
      ).toEqual(["one", "first", "two", "second", "instead"]);
      expect((await call<MessageWithParts[]>(`GET /session/${origin.id}/message`)).body).toEqual(messages);
      expect((await call<Session>(`POST /session/${fork.id}/fork`)).body.title).toBe("Plan (fork #2)");
    },
  );

  verifies("POST /session/{id}/fork", "is refused at a message that is not there, and of a session that is not there", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    expect(await call(`POST /session/${session.id}/fork`, { messageID: "msg_none" })).toMatchObject({
      status: 404,
      body: { name: "NotFoundError" },
    });
    expect(await call(`POST /session/${session.id}/fork`, { messageID: 5 })).toMatchObject({
      status: 400,
      body: { data: { field: "messageID" } },
    });
    expect(await call("POST /session/ses_none/fork")).toMatchObject({ status: 404 });
    expect((await call<Session[]>("GET /session")).body).toHaveLength(1);
  });

  it("keeps the full tool outputs when the original is deleted", async () => {
    await using test = await testApp();
    test.model.calls({ name: "bash", input: { command: "seq 1 5000", description: "count" } }).text("counted");
    const origin = await test.app.sessions.create(test.repository.path, {});
    await test.app.sessions.prompt(origin.id, say("count"));
    const before = outputPath((await test.app.sessions.messages(origin.id)).items);
    const fork = await test.app.sessions.fork(origin.id);
    await test.app.sessions.remove(origin.id);
    await expect(stat(before)).rejects.toThrow("ENOENT");
    const { items } = await test.app.sessions.messages(fork.id);
    const after = outputPath(items);
    expect(after).toContain(fork.id);
    expect(JSON.stringify(items)).not.toContain(origin.id);
    expect((await readFile(after, "utf8")).trim().split("\n")).toHaveLength(5000);
    test.model.calls({ name: "read", input: { filePath: after, offset: 4999, limit: 1 } }).text("it was 4999");
    await test.app.sessions.prompt(fork.id, say("which line?"));
    expect(JSON.stringify((await test.app.sessions.messages(fork.id)).items.at(-2)?.parts)).toContain("4999");
    await test.app.sessions.remove(fork.id);
    await expect(stat(after)).rejects.toThrow("ENOENT");
  });

  it("leaves out what was undone, and does not undo what the original did", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n" } });
    const edit = (oldString: string, newString: string) => ({ name: "edit", input: { filePath: "a.txt", oldString, newString } });
    test.model
      .calls({ name: "read", input: { filePath: "a.txt" } })
      .calls(edit("one", "two"))
      .text("two")
      .calls(edit("two", "three"))
      .text("three");
    const origin = await test.app.sessions.create(test.repository.path, {});
    await test.app.sessions.prompt(origin.id, say("to two"));
    await test.app.sessions.prompt(origin.id, { ...say("to three"), messageID: "msg_three" });
    await test.app.sessions.revert(origin.id, { messageID: "msg_three" });
    const fork = await test.app.sessions.fork(origin.id);
    const { items } = await test.app.sessions.messages(fork.id);
    expect(textsOf(items).filter(Boolean)).toEqual(["to two", "two"]);
    expect(fork.revert).toBeUndefined();
    expect(await test.app.sessions.diff(fork.id)).toEqual([]);
    await test.app.sessions.revert(fork.id, { messageID: items[0]?.info.id ?? "" });
    expect(await test.repository.read("a.txt")).toBe("two\n");
    await test.app.sessions.unrevert(origin.id);
    expect(await test.repository.read("a.txt")).toBe("three\n");
  });

  it("of a busy session has the steps that are over, no open message and no prompt that waits", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n" } });
    test.model.calls({ name: "read", input: { filePath: "a.txt" } }).hang("thinking");
    const origin = await test.app.sessions.create(test.repository.path, { title: "Busy" });
    const running = test.app.sessions.prompt(origin.id, say("go"));
    await test.model.received(2);
    await test.app.sessions.promptAsync(origin.id, { ...say("later"), queue: "queue" });
    const fork = await test.app.sessions.fork(origin.id);
    const { items } = await test.app.sessions.messages(fork.id);
    expect(items.map(({ info }) => info.role)).toEqual(["user", "assistant"]);
    expect(await test.app.sessions.queue(fork.id)).toEqual([]);
    test.model.text("going on", { when: "instead" });
    expect(textOf(await test.app.sessions.prompt(fork.id, say("instead")))).toBe("going on");
    await test.app.sessions.abort(origin.id);
    await running;
  });

  it("has the to-do list as it was, and is told as events", async () => {
    await using test = await testApp();
    const todo = (status: string) => ({ name: "todowrite", input: { todos: [{ content: "write", status, priority: "high" }] } });
    test.model.calls(todo("pending")).text("planned").calls(todo("completed")).text("done");
    const origin = await test.app.sessions.create(test.repository.path, {});
    await test.app.sessions.prompt(origin.id, say("plan"));
    await test.app.sessions.prompt(origin.id, { ...say("do"), messageID: "msg_do" });
    using events = watch(test.app);
    const fork = await test.app.sessions.fork(origin.id, "msg_do");
    expect(await test.app.sessions.todo(fork.id)).toEqual([{ content: "write", status: "pending", priority: "high" }]);
    await events.until("todo.updated", ({ properties }) => properties.sessionID === fork.id);
    const told = events.seen.filter((event) => "sessionID" in event.properties && event.properties.sessionID === fork.id);
    expect(told[0]?.type).toBe("session.created");
    expect(told.filter(({ type }) => type === "message.updated")).toHaveLength(3);
  });
});

function outputPath(messages: MessageWithParts[]): string {
  for (const part of messages.flatMap(({ parts }) => parts))
    if (part.type === "tool" && part.state.status === "completed" && part.state.metadata.outputPath)
      return String(part.state.metadata.outputPath);
  throw new Error("no tool output was cut");
}
