import { describe, expect } from "vitest";
import { createClient } from "../../src/client/client.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session, SessionStatus, SnapshotFileDiff, Todo } from "../../src/schema/session.ts";
import { say, textOf, watch } from "../helpers/app.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { restClient } from "../helpers/request.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const edit = (filePath: string, oldString: string, newString: string) => ({ name: "edit", input: { filePath, oldString, newString } });
const read = (filePath: string) => ({ name: "read", input: { filePath } });
const idsOf = (sessions: Session[]): string[] => sessions.map(({ id }) => id);
const unknown = { status: 404, body: { name: "NotFoundError", message: "Session not found: ses_none" } };
const bad = (field: string) => ({ status: 400, body: { name: "BadRequest", data: { field } } });

describe("sessions", () => {
  verifies(["POST /session", "GET /session/{id}"], "are made with what was asked for, stored, and found again", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const rules = [{ permission: "bash", pattern: "*", action: "deny" }];
    const { status, body: made } = await call<Session>("POST /session", {
      title: "Mine",
      agent: "plan",
      permission: rules,
      metadata: { from: "test" },
    });
    expect(status).toBe(200);
    expect(made).toMatchObject({
      title: "Mine",
      agent: "plan",
      permission: rules,
      metadata: { from: "test" },
      directory: test.repository.path,
      path: "",
      cost: 0,
    });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^ses_/),
      slug: expect.stringMatching(/^[a-z]+-[a-z]+$/),
      time: { created: expect.any(Number) },
    });
    expect((await call(`GET /session/${made.id}`)).body).toEqual(made);
    expect(await test.app.sessions.get(made.id)).toEqual(made);
    expect((await call<Session>("POST /session")).body.title).toMatch(/^New session - \d{4}-/);
    expect(await call("GET /session/ses_none")).toMatchObject(unknown);
    expect(await call("POST /session", { title: 5 })).toMatchObject(bad("title"));
    expect(await call("POST /session", { agent: "nobody" })).toMatchObject({ status: 400, body: { name: "AgentNotFoundError" } });
    expect(await call("POST /session", { model: { providerID: "mock", id: "none" } })).toMatchObject({
      status: 400,
      body: { name: "ProviderModelNotFoundError" },
    });
    expect(await call("POST /session", { parentID: "ses_none" })).toMatchObject(unknown);
    expect((await call<Session[]>("GET /session")).body).toHaveLength(2);
  });

  verifies("GET /session", "are listed newest change first: of the directory, by title, by time, only roots, so many", async () => {
    await using test = await testServer();
    await using elsewhere = await temporaryDirectory();
    const call = restClient(test.url);
    const make = async (body: object): Promise<Session> => (await call<Session>("POST /session", body)).body;
    const first = await make({ title: "Red pears" });
    const second = await make({ title: "Green apples" });
    const child = await make({ title: "Child", parentID: first.id });
    const { body: renamed } = await call<Session>(`PATCH /session/${first.id}`, { title: "Yellow pears" });
    const list = async (query = ""): Promise<string[]> => idsOf((await call<Session[]>(`GET /session${query}`)).body);
    expect((await list()).toSorted()).toEqual([first.id, second.id, child.id].toSorted());
    expect((await list())[0]).toBe(first.id);
    expect((await list("?roots=true")).toSorted()).toEqual([first.id, second.id].toSorted());
    expect(await list("?search=PEARS")).toEqual([first.id]);
    expect(await list("?limit=1")).toEqual([first.id]);
    expect(await list(`?start=${renamed.time.updated + 1}`)).toEqual([]);
    expect(await list(`?directory=${encodeURIComponent(elsewhere.path)}`)).toEqual([]);
    expect(await call("GET /session?limit=abc")).toMatchObject(bad("limit"));
    expect(await call("GET /session?roots=maybe")).toMatchObject(bad("roots"));
  });

  verifies("PATCH /session/{id}", "are renamed, archived and given rules; what is left out stays", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session", { title: "Old", metadata: { kept: true } });
    using events = watch(test.app);
    const { body: changed } = await call<Session>(`PATCH /session/${session.id}`, { title: "New", time: { archived: 5 } });
    expect(changed).toMatchObject({ title: "New", metadata: { kept: true }, time: { archived: 5, created: session.time.created } });
    expect(await test.app.sessions.get(session.id)).toEqual(changed);
    await events.until("session.updated", ({ properties }) => properties.info.title === "New");
    expect(await call(`PATCH /session/${session.id}`, { permission: [{ permission: "bash" }] })).toMatchObject({ status: 400 });
    expect(await call("PATCH /session/ses_none", { title: "x" })).toMatchObject(unknown);
  });

  verifies(
    ["GET /session/status", "POST /session/{id}/abort"],
    "are busy while they work, listed as such, and idle again when they are aborted",
    async () => {
      await using test = await testServer();
      const call = restClient(test.url);
      const { body: session } = await call<Session>("POST /session");
      await call<Session>("POST /session");
      expect((await call("GET /session/status")).body).toEqual({});
      test.model.hang("for ever");
      const running = call<MessageWithParts>(`POST /session/${session.id}/message`, say("go"));
      await test.model.received(1);
      expect((await call<Record<string, SessionStatus>>("GET /session/status")).body).toEqual({ [session.id]: { type: "busy" } });
      expect(await call(`POST /session/${session.id}/abort`)).toMatchObject({ status: 200, body: true });
      expect(await running).toMatchObject({
        status: 200,
        body: { info: { error: { name: "MessageAbortedError" }, time: { completed: expect.any(Number) } } },
      });
      await test.model.hungUp();
      expect((await call("GET /session/status")).body).toEqual({});
      expect((await call(`POST /session/${session.id}/abort`)).body).toBe(true);
      expect(await call("POST /session/ses_none/abort")).toMatchObject(unknown);
    },
  );

  verifies("GET /session/{id}/children", "have children, by parentID", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: parent } = await call<Session>("POST /session");
    const { body: child } = await call<Session>("POST /session", { parentID: parent.id });
    expect(child).toMatchObject({ parentID: parent.id, title: expect.stringMatching(/^Child session - /) });
    expect((await call<Session[]>(`GET /session/${parent.id}/children`)).body).toEqual([child]);
    expect((await call<Session[]>(`GET /session/${child.id}/children`)).body).toEqual([]);
    expect(await call("GET /session/ses_none/children")).toMatchObject(unknown);
  });

  verifies("GET /session/{id}/todo", "have the list that the agent keeps", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    const todos: Todo[] = [{ content: "write the test", status: "in_progress", priority: "high" }];
    test.model.calls({ name: "todowrite", input: { todos } }).text("Noted.");
    await call(`POST /session/${session.id}/message`, say("plan"));
    expect((await call(`GET /session/${session.id}/todo`)).body).toEqual(todos);
    expect(await call("GET /session/ses_none/todo")).toMatchObject(unknown);
  });

  verifies("POST /session/{id}/init", "write the project's AGENTS.md", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    test.model.calls({ name: "write", input: { filePath: "AGENTS.md", content: "# How to work here\n" } }).text("Written.");
    const input = { messageID: "msg_init", providerID: "mock", modelID: "mock-1" };
    expect(await call(`POST /session/${session.id}/init`, input)).toMatchObject({ status: 200, body: true });
    expect(await test.repository.read("AGENTS.md")).toBe("# How to work here\n");
    expect(JSON.stringify(test.model.requests()[0]?.body.messages)).toContain("AGENTS.md");
    expect(await call(`POST /session/${session.id}/init`, { ...input, messageID: undefined })).toMatchObject(bad("messageID"));
    expect(await call(`POST /session/${session.id}/init`, { ...input, messageID: "msg_2", modelID: "none" })).toMatchObject({
      status: 400,
    });
    expect(await call("POST /session/ses_none/init", input)).toMatchObject(unknown);
  });

  verifies(
    ["GET /session/{id}/diff", "POST /session/{id}/revert", "POST /session/{id}/unrevert"],
    "show what they changed, take it back and bring it again",
    async () => {
      await using test = await testServer({ files: { "a.txt": "one\n", "b.txt": "one\n" } });
      const call = restClient(test.url);
      const { body: session } = await call<Session>("POST /session");
      test.model
        .calls([read("a.txt"), read("b.txt")])
        .calls(edit("a.txt", "one", "two"))
        .text("a")
        .calls(edit("b.txt", "one", "two"))
        .text("b");
      await call(`POST /session/${session.id}/message`, say("change a"));
      await call(`POST /session/${session.id}/message`, { ...say("change b"), messageID: "msg_b" });
      const files = async (query = "") =>
        (await call<SnapshotFileDiff[]>(`GET /session/${session.id}/diff${query}`)).body.map(({ file }) => file);
      expect([await files(), await files("?messageID=msg_b")]).toEqual([["a.txt", "b.txt"], ["b.txt"]]);

      const { body: reverted } = await call<Session>(`POST /session/${session.id}/revert`, { messageID: "msg_b" });
      expect(reverted.revert).toMatchObject({ messageID: "msg_b", diff: expect.stringContaining("b.txt") });
      expect(await Promise.all(["a.txt", "b.txt"].map(test.repository.read))).toEqual(["two\n", "one\n"]);
      expect(await files()).toEqual(["a.txt"]);
      const { body: redone } = await call<Session>(`POST /session/${session.id}/unrevert`);
      expect(redone.revert).toBeUndefined();
      expect(await test.repository.read("b.txt")).toBe("two\n");

      expect(await call(`GET /session/${session.id}/diff?messageID=msg_none`)).toMatchObject({ status: 404 });
      expect(await call(`POST /session/${session.id}/revert`, { messageID: "msg_none" })).toMatchObject({ status: 404 });
      expect(await call(`POST /session/${session.id}/revert`, {})).toMatchObject(bad("messageID"));
      for (const address of ["GET /session/ses_none/diff", "POST /session/ses_none/unrevert"])
        expect(await call(address)).toMatchObject(unknown);
    },
  );

  verifies("POST /session/{id}/summarize", "are compacted: the model goes on from a handover, the messages stay", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    test.model.text("Pears are red.").text("HANDOVER: pears were discussed.").text("They are.");
    await call(`POST /session/${session.id}/message`, say("tell me about pears"));
    expect(await call(`POST /session/${session.id}/summarize`, { providerID: "mock", modelID: "mock-1" })).toMatchObject({
      status: 200,
      body: true,
    });
    const { body: messages } = await call<MessageWithParts[]>(`GET /session/${session.id}/message`);
    expect(messages.map(textOf)).toContain("Pears are red.");
    expect(messages.at(-1)?.info).toMatchObject({ role: "assistant", summary: true });
    await call(`POST /session/${session.id}/message`, say("are they?"));
    const sent = JSON.stringify(test.model.requests().at(-1)?.body.messages);
    expect(sent).toContain("HANDOVER");
    expect(sent).not.toContain("Pears are red.");
    expect(await call(`POST /session/${session.id}/summarize`, { providerID: "mock" })).toMatchObject(bad("modelID"));
    expect(await call(`POST /session/${session.id}/summarize`, { providerID: "mock", modelID: "none" })).toMatchObject({ status: 400 });
    expect(await call("POST /session/ses_none/summarize", { providerID: "mock", modelID: "mock-1" })).toMatchObject(unknown);
  });

  verifies(
    "POST /session/{id}/summarize",
    "are not compacted when it is aborted, which is no failure: false, over REST and tRPC",
    async () => {
      await using test = await testServer();
      await using client = createClient({ url: test.url });
      const call = restClient(test.url);
      const model = { providerID: "mock", modelID: "mock-1" };
      const { id: sessionID } = await client.api.session.create.mutate({});
      const summarize = [
        async () => (await call(`POST /session/${sessionID}/summarize`, model)).body,
        () => client.api.session.summarize.mutate({ sessionID, ...model }),
      ];
      for (const [at, start] of summarize.entries()) {
        test.model.hang("HANDOVER: half of");
        const answer = start();
        await test.model.received(at + 1);
        await client.api.session.abort.mutate({ sessionID });
        expect(await answer).toBe(false);
      }
      const messages = await client.api.session.messages.query({ sessionID });
      expect(messages.at(-1)?.info).toMatchObject({ error: { name: "MessageAbortedError" } });
    },
  );

  verifies("POST /session/{id}/summarize", "are not compacted when it is aborted while it waits its turn", async () => {
    await using test = await testServer();
    await using client = createClient({ url: test.url });
    const { id: sessionID } = await client.api.session.create.mutate({});
    test.model.hang("Of pears");
    const prompt = client.api.session.prompt.mutate({ sessionID, ...say("tell me about pears") });
    await test.model.received(1);
    const answer = client.api.session.summarize.mutate({ sessionID, providerID: "mock", modelID: "mock-1" });
    await expect.poll(() => client.api.session.queue.query({ sessionID })).toHaveLength(1);
    await client.api.session.abort.mutate({ sessionID });
    expect(await answer).toBe(false);
    expect((await prompt).info).toMatchObject({ error: { name: "MessageAbortedError" } });
    expect(test.model.requests()).toHaveLength(1);
  });

  verifies("POST /session/{id}/permissions/{permissionID}", "ask before they act, and do what was answered", async () => {
    await using test = await testServer({ config: { permission: { bash: "ask" } } });
    const call = restClient(test.url);
    const { body: session } = await call<Session>("POST /session");
    const answer = async (response: string): Promise<void> => {
      test.model.calls({ name: "bash", input: { command: `touch ${response}.txt`, description: "touch" } }).text("done");
      using events = watch(test.app);
      const running = call(`POST /session/${session.id}/message`, say(response));
      const { properties: asked } = await events.until("permission.asked");
      expect(asked).toMatchObject({ sessionID: session.id, permission: "bash", patterns: [`touch ${response}.txt`] });
      expect(await call(`POST /session/${session.id}/permissions/${asked.id}`, { response: "perhaps" })).toMatchObject(bad("response"));
      expect(await call(`POST /session/ses_other/permissions/${asked.id}`, { response })).toMatchObject({ status: 404 });
      expect(await call(`POST /session/${session.id}/permissions/${asked.id}`, { response })).toMatchObject({ status: 200, body: true });
      await running;
      expect(await call(`POST /session/${session.id}/permissions/${asked.id}`, { response })).toMatchObject({
        status: 404,
        body: { name: "PermissionNotFoundError" },
      });
    };
    await answer("once");
    await answer("reject");
    expect(await test.repository.read("once.txt")).toBe("");
    await expect(test.repository.read("reject.txt")).rejects.toThrow("ENOENT");
  });
});
