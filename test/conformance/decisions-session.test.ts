import { describe, expect } from "vitest";
import type { Config } from "../../src/schema/config.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, testApp, textOf, watch } from "../helpers/app.ts";
import { callerOf } from "../helpers/caller.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { listedProcedures } from "../helpers/procedures.ts";
import { restClient } from "../helpers/request.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const isRoot = ({ parentID }: Session): boolean => parentID === undefined;

describe("the session default", () => {
  verifies("decision: session default", "is made on first use, one for each directory, however many ask at once", async () => {
    await using other = await temporaryDirectory();
    await using test = await testServer({ roots: [other.path] });
    const call = restClient(test.url);
    const texts = Array.from({ length: 12 }, (_, at) => `note ${at}`);
    const answers = await Promise.all(texts.map((text) => call("POST /session/default/prompt_async", { ...say(text), noReply: true })));
    expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 204));
    const { body: sessions } = await call<Session[]>("GET /session");
    expect(sessions).toHaveLength(1);
    const { body: messages } = await call<MessageWithParts[]>("GET /session/default/message");
    expect(messages.map(textOf).toSorted()).toEqual(texts.toSorted());
    expect((await call("GET /session/default")).body).toEqual(sessions[0]);

    const elsewhere = await call<Session>(`GET /session/default?directory=${encodeURIComponent(other.path)}`);
    expect(elsewhere.body).toMatchObject({ directory: other.path, id: expect.not.stringContaining(sessions[0]?.id ?? "") });
    test.model.text("Hello.");
    expect(textOf((await call<MessageWithParts>("POST /session/default/message", { content: "hi" })).body)).toBe("Hello.");
    expect((await call("DELETE /session/default")).body).toBe(true);
    expect((await call<Session>("GET /session/default")).body.id).not.toBe(sessions[0]?.id);
  });

  verifies("decision: session default", "is one for all servers of a store", async () => {
    await using first = await testApp();
    await using second = await testApp({ database: first.app.database, roots: [first.repository.path] });
    const ids = await Promise.all(
      [first, second, first, second].map(({ app }) => app.sessions.defaultOf(first.repository.path, { make: true })),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await first.app.sessions.list({ directory: first.repository.path })).toHaveLength(1);
  });

  verifies("decision: session default", "is understood wherever a session is named, and made by nobody who may only read", async () => {
    await using test = await testServer();
    await expect(callerOf(test.app, { scopes: ["read"] }).call.session.get({ sessionID: "default" })).rejects.toMatchObject({
      cause: { name: "NotFoundError" },
    });
    expect(await test.app.sessions.list({ directory: test.repository.path })).toEqual([]);
    const call = restClient(test.url);
    const addresses = listedProcedures
      .map(({ meta: { openapi } }) => `${openapi?.method} ${openapi?.path}`)
      .filter((address) => address.includes(" /session/{sessionID}"))
      .map((address) => address.replace("{sessionID}", "default").replaceAll(/\{\w+\}/g, "none"));
    expect(addresses.length).toBeGreaterThan(20);
    for (const address of addresses) {
      const { status, body } = await call<{ message?: string }>(address, address.startsWith("GET") ? undefined : {});
      expect([address, status < 500, body?.message ?? ""]).toEqual([address, true, expect.not.stringContaining("Session not found")]);
    }
    expect((await test.app.sessions.list({ directory: test.repository.path })).filter(isRoot).length).toBeGreaterThan(0);
  });
});

describe("agents and models", () => {
  verifies(
    "decision: agent default, unknown agents and models",
    "default and none are the default agent; unknown ones are refused by naming the known, and harm nothing",
    async () => {
      const agent: Config["agent"] = { research: { description: "Looks things up", mode: "all" } };
      await using test = await testServer({ config: { agent } });
      const call = restClient(test.url);
      const { body: session } = await call<Session>("POST /session", { agent: "default" });
      expect(session.agent).toBe("build");
      const prompt = (body: object) => call<MessageWithParts>(`POST /session/${session.id}/message`, { ...say("hi"), ...body });
      for (const [given, taken] of [
        [{ agent: "default" }, "build"],
        [{}, "build"],
        [{ agent: "research" }, "research"],
      ] as const) {
        test.model.text("ok");
        expect((await prompt(given)).body.info.agent).toBe(taken);
      }
      const { body: before } = await call<Session>(`GET /session/${session.id}`);
      const refused = await prompt({ agent: "task" });
      expect(refused).toMatchObject({
        status: 400,
        body: { name: "AgentNotFoundError", data: { known: expect.arrayContaining(["build", "plan", "research"]) } },
      });
      expect((await call<{ message: string }>("POST /session", { agent: "task" })).body.message).toMatch(/build.*plan.*research/);
      expect(await prompt({ model: "mock/mock-7" })).toMatchObject({
        status: 400,
        body: { name: "ProviderModelNotFoundError", message: expect.stringContaining("mock-1") },
      });
      expect((await call(`GET /session/${session.id}`)).body).toEqual(before);
      expect((await call<MessageWithParts[]>(`GET /session/${session.id}/message`)).body).toHaveLength(6);
      const shell = await call<MessageWithParts>(`POST /session/${session.id}/shell`, { agent: "default", command: "echo hi" });
      expect(shell).toMatchObject({ status: 200, body: { info: { agent: "build" } } });
    },
  );
});

describe("titles", () => {
  verifies("decision: titles", "come from the model after the first prompt, where none was given", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    test.model.title("Fruit talk").text("ok").text("ok").text("ok");
    using events = watch(test.app);
    const { body: session } = await call<Session>("POST /session");
    await call(`POST /session/${session.id}/message`, say("tell me about pears"));
    await events.until("session.updated", ({ properties }) => properties.info.title === "Fruit talk");
    await call(`POST /session/${session.id}/message`, say("and apples"));
    const { body: named } = await call<Session>("POST /session", { title: "Mine" });
    await call(`POST /session/${named.id}/message`, say("hi"));
    expect((await call<Session>(`GET /session/${named.id}`)).body.title).toBe("Mine");
    expect(test.model.titleRequests()).toHaveLength(1);
  });

  verifies("decision: titles", "are the prompt's first words where the offline model answers", async () => {
    await using test = await testServer({ config: { model: "offline/guide" }, files: { "a.txt": "" } });
    const call = restClient(test.url);
    using events = watch(test.app);
    const { body: session } = await call<Session>("POST /session");
    await call(`POST /session/${session.id}/message`, say("list the files here"));
    const { properties } = await events.until("session.updated", ({ properties: { info } }) => !info.title.startsWith("New session"));
    expect(properties.info.title).toBe("list the files here");
  });
});

describe("answers to questions of permission", () => {
  verifies("decision: permission reply with remember", "once with remember is for ever, once alone is for once", async () => {
    await using test = await testServer({ config: { permission: { bash: "ask" } } });
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    using events = watch(test.app);
    const run = async (answer?: object): Promise<void> => {
      const asked = events.seen.filter(({ type }) => type === "permission.asked").length;
      test.model.calls({ name: "bash", input: { command: "echo pears", description: "say" } }).text("done");
      const running = call(`POST /session/${session.id}/message`, say("go"));
      if (answer) {
        const { properties } = await events.until(
          "permission.asked",
          () => events.seen.filter(({ type }) => type === "permission.asked").length > asked,
        );
        const last = events.seen.findLast(({ type }) => type === "permission.asked")?.properties as { id: string } | undefined;
        expect((await call(`POST /session/${session.id}/permissions/${last?.id ?? properties.id}`, answer)).body).toBe(true);
      }
      expect((await running).status).toBe(200);
      expect(events.seen.filter(({ type }) => type === "permission.asked")).toHaveLength(asked + (answer ? 1 : 0));
    };
    await run({ response: "once" });
    await run({ response: "once", remember: false });
    await run({ response: "once", remember: true });
    await run();
    const replies = events.seen.flatMap((event) => (event.type === "permission.replied" ? [event.properties.reply] : []));
    expect(replies).toEqual(["once", "once", "always"]);
    expect(await call(`POST /session/${session.id}/permissions/per_none`, { response: "once", remember: "yes" })).toMatchObject({
      status: 400,
      body: { data: { field: "remember" } },
    });
  });
});

describe("shapes", () => {
  verifies(
    "decision: reference shapes win over the tables",
    "revert, unrevert, share and unshare answer the session, POST /mcp the whole map, the status only who is busy",
    async () => {
      await using test = await testServer({ config: { mcp: { off: { type: "local", command: ["true"], enabled: false } } } });
      const call = restClient(test.url);
      const { body: session } = await call<Session>("POST /session");
      await call(`POST /session/${session.id}/message`, { ...say("note"), messageID: "msg_note", noReply: true });
      for (const [address, body] of [
        ["revert", { messageID: "msg_note" }],
        ["unrevert", undefined],
        ["share", undefined],
      ] as const) {
        expect((await call(`POST /session/${session.id}/${address}`, body)).body).toMatchObject({
          id: session.id,
          slug: session.slug,
          time: { created: session.time.created },
        });
      }
      expect((await call(`DELETE /session/${session.id}/share`)).body).toMatchObject({ id: session.id });
      const added = await call("POST /mcp", { name: "new", config: { type: "local", command: ["true"], enabled: false } });
      expect(added.body).toEqual({ off: { status: "disabled" }, new: { status: "disabled" } });
      expect((await call("GET /session/status")).body).toEqual({});
      for (const gone of ["abort", "summarize"])
        expect((await call(`POST /session/ses_none/${gone}`, { providerID: "mock", modelID: "mock-1" })).status).toBe(404);
    },
  );
});
