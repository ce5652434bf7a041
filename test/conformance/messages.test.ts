import { describe, expect } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, textOf, watch } from "../helpers/app.ts";
import { restClient } from "../helpers/request.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const unknown = { status: 404, body: { name: "NotFoundError", message: "Session not found: ses_none" } };
const bad = (field: string) => ({ status: 400, body: { name: "BadRequest", data: { field } } });

describe("messages", () => {
  verifies(
    ["POST /session/{id}/message", "GET /session/{id}/message"],
    "are sent, answered with the whole last message, and listed oldest first, a page at a time",
    async () => {
      await using test = await testServer();
      const call = restClient(test.url);
      const { body: session } = await call<Session>("POST /session");
      const messages = `/session/${session.id}/message`;
      for (const text of ["one", "two", "three"]) test.model.text(`answer ${text}`);
      const { status, body: answer } = await call<MessageWithParts>(`POST ${messages}`, say("one"));
      expect(status).toBe(200);
      expect(answer.info).toMatchObject({
        role: "assistant",
        providerID: "mock",
        modelID: "mock-1",
        agent: "build",
        finish: "stop",
        tokens: { input: 100, output: 10 },
      });
      expect(answer.parts.map(({ type }) => type)).toEqual(["step-start", "text", "step-finish"]);
      for (const text of ["two", "three"]) await call(`POST ${messages}`, say(text));
      const { body: all } = await call<MessageWithParts[]>(`GET ${messages}`);
      expect(all.map(textOf)).toEqual(["one", "answer one", "two", "answer two", "three", "answer three"]);
      expect(all[1]).toEqual(answer);
      const newest = await call<MessageWithParts[]>(`GET ${messages}?limit=2`);
      expect(newest.body).toEqual(all.slice(-2));
      const cursor = newest.headers.get("x-next-cursor");
      expect(newest.headers.get("link")).toContain('rel="next"');
      expect((await call(`GET ${messages}?limit=3&before=${cursor}`)).body).toEqual(all.slice(1, 4));
      expect((await call(`GET ${messages}?limit=0`)).body).toEqual(all);

      expect(await call(`GET ${messages}?limit=-1`)).toMatchObject(bad("limit"));
      expect(await call(`GET ${messages}?before=nonsense`)).toMatchObject(bad("before"));
      expect(await call(`POST ${messages}`, {})).toMatchObject(bad("parts"));
      expect(await call(`POST ${messages}`, { parts: [{ type: "text" }] })).toMatchObject({
        status: 400,
        body: { data: { field: "parts.0.text" } },
      });
      for (const method of ["GET", "POST"])
        expect(await call(`${method} /session/ses_none/message`, method === "POST" ? say("hi") : undefined)).toMatchObject(unknown);
    },
  );

  verifies("GET /session/{id}/message/{messageID}", "are found one by one, in their own session only", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    const { body: other } = await call<Session>("POST /session");
    test.model.text("pears");
    const { body: answer } = await call<MessageWithParts>(`POST /session/${session.id}/message`, say("fruit?"));
    expect((await call(`GET /session/${session.id}/message/${answer.info.id}`)).body).toEqual(answer);
    expect(await call(`GET /session/${other.id}/message/${answer.info.id}`)).toMatchObject({
      status: 404,
      body: { name: "NotFoundError" },
    });
    expect(await call(`GET /session/${session.id}/message/msg_none`)).toMatchObject({ status: 404 });
  });

  verifies("POST /session/{id}/prompt_async", "are taken at once with 204, and answered in the order they came", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    using events = watch(test.app);
    test.model.text("first").text("second");
    for (const text of ["one", "two"]) {
      const accepted = await call(`POST /session/${session.id}/prompt_async`, { ...say(text), queue: "queue" });
      expect([accepted.status, accepted.body]).toEqual([204, undefined]);
    }
    await events.until("session.idle");
    expect((await call<MessageWithParts[]>(`GET /session/${session.id}/message`)).body.map(textOf).toSorted()).toEqual([
      "first",
      "one",
      "second",
      "two",
    ]);
    expect(await call(`POST /session/${session.id}/prompt_async`, { parts: [] })).toMatchObject(bad("parts"));
    expect(await call(`POST /session/${session.id}/prompt_async`, { ...say("x"), model: "mock/none" })).toMatchObject({
      status: 400,
      body: { name: "ProviderModelNotFoundError" },
    });
    expect(await call("POST /session/ses_none/prompt_async", say("x"))).toMatchObject(unknown);
  });

  verifies("POST /session/{id}/message with {content}", "may be one text", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    test.model.text("Pears.").text("Still pears.");
    const { body: answer } = await call<MessageWithParts>(`POST /session/${session.id}/message`, { content: "Which fruit?" });
    expect(textOf(answer)).toBe("Pears.");
    expect(test.model.requests()[0]?.body.messages.at(-1)?.content).toBe("Which fruit?");
    using events = watch(test.app);
    expect((await call(`POST /session/${session.id}/prompt_async`, { content: "Still?" })).status).toBe(204);
    await events.until("session.idle");
    expect(test.model.requests()[1]?.body.messages.at(-1)?.content).toBe("Still?");
    expect(await call(`POST /session/${session.id}/message`, { content: 5 })).toMatchObject({ status: 400, body: { name: "BadRequest" } });
    expect(await call(`POST /session/${session.id}/message`, { content: " " })).toMatchObject({
      status: 400,
      body: { name: "BadRequest" },
    });
  });

  verifies("POST /session/{id}/command", "come from a command's template, with its arguments", async () => {
    await using test = await testServer({
      config: { command: { greet: { template: "Say hello to $2, $1: $ARGUMENTS.", description: "Greets" } } },
    });
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    test.model.text("Hello Ann!");
    using events = watch(test.app);
    const { status, body: answer } = await call<MessageWithParts>(`POST /session/${session.id}/command`, {
      command: "greet",
      arguments: "Ann Bob",
    });
    expect([status, textOf(answer)]).toEqual([200, "Hello Ann!"]);
    expect(test.model.requests()[0]?.body.messages.at(-1)?.content).toBe("Say hello to Bob, Ann: Ann Bob.");
    await events.until("command.executed", ({ properties }) => properties.name === "greet" && properties.arguments === "Ann Bob");
    expect(await call(`POST /session/${session.id}/command`, { command: "nope", arguments: "" })).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining("greet") },
    });
    expect(await call(`POST /session/${session.id}/command`, { command: "greet" })).toMatchObject(bad("arguments"));
    expect(await call("POST /session/ses_none/command", { command: "greet", arguments: "" })).toMatchObject(unknown);
  });

  verifies("POST /session/{id}/shell", "hold what a command of the shell did; the next model sees it", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    const { status, body: answer } = await call<MessageWithParts>(`POST /session/${session.id}/shell`, {
      agent: "build",
      command: "echo made > made.txt; echo pears; exit 3",
    });
    expect(status).toBe(200);
    expect(answer.parts).toMatchObject([
      { type: "tool", tool: "bash", state: { status: "completed", output: expect.stringContaining("pears"), metadata: { exit: 3 } } },
    ]);
    expect(await test.repository.read("made.txt")).toBe("made\n");
    expect(test.model.requests()).toHaveLength(0);
    test.model.text("It said pears.");
    await call(`POST /session/${session.id}/message`, say("what did it say?"));
    expect(JSON.stringify(test.model.requests()[0]?.body.messages)).toContain("pears");

    test.model.hang("busy");
    const running = call(`POST /session/${session.id}/message`, say("wait"));
    await test.model.received(2);
    const shell = { agent: "build", command: "echo late > late.txt" };
    expect(await call(`POST /session/${session.id}/shell`, shell)).toMatchObject({ status: 409, body: { name: "SessionBusyError" } });
    await call(`POST /session/${session.id}/abort`);
    await running;
    await expect(test.repository.read("late.txt")).rejects.toThrow("ENOENT");
    expect(await call(`POST /session/${session.id}/shell`, { agent: "build" })).toMatchObject(bad("command"));
    expect(await call(`POST /session/${session.id}/shell`, { ...shell, agent: "nobody" })).toMatchObject({
      status: 400,
      body: { name: "AgentNotFoundError" },
    });
    expect(await call("POST /session/ses_none/shell", shell)).toMatchObject(unknown);
  });
});
