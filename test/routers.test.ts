import { type AnyProcedure, type AnyRouter, isTrackedEnvelope } from "@trpc/server";
import { describe, expect, test } from "vitest";
import { appRouter } from "../routers/index.ts";
import { fromTRPCError, type Meta } from "../routers/trpc.ts";
import type { AnyEvent } from "../src/schema/event.ts";
import { createId } from "../src/schema/id.ts";
import { say, testApp, textOf, watch } from "./helpers/app.ts";
import { callerOf } from "./helpers/caller.ts";
import { temporaryDirectory } from "./helpers/directory.ts";

const router: AnyRouter = appRouter;
const procedures = Object.entries<AnyProcedure>(router._def.procedures).map(
  ([name, { _def }]) => [name, _def.meta as Meta, _def.type] as const,
);

/** The body that a host would answer a failed call with. */
async function failure(call: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await call.then(
    () => undefined,
    (thrown) => thrown,
  );
  return { ...fromTRPCError(error).toBody(), status: fromTRPCError(error).status };
}

/** They are no mutations, and do something all the same: a turn is begun, a request is taken away. */
const acting = ["api.stream", "tui.next"];

/** Who may read needs a ticket to read a stream; who did what is for administrators. */
const special: Record<string, string> = {
  "token.ticket": "read",
  "token.list": "admin",
  "audit.list": "admin",
  "audit.verify": "admin",
  "auth.list": "admin",
  "doctor.check": "admin",
};

describe("every procedure", () => {
  test.each(procedures)("%s names its scope, and what a document needs", (name, meta, type) => {
    const usual = type === "mutation" || acting.includes(name) ? ["prompt", "admin"] : ["read"];
    expect(special[name] === undefined ? usual : [special[name]]).toContain(meta.scope);
    // Subscriptions are streams at their REST addresses, which the hosts write.
    if (type === "subscription") return;
    expect(meta.openapi?.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(meta.openapi?.tags).toEqual([expect.any(String)]);
  });

  test("has an address of its own", () => {
    const addresses = procedures.flatMap(([, { openapi }]) => (openapi ? [`${openapi.method} ${openapi.path}`] : []));
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test("that changes something is refused to who may only read", async () => {
    await using server = await testApp();
    const { call } = callerOf(server.app, { scopes: ["read"] });
    expect(await failure(call.session.create({}))).toMatchObject({ status: 403, name: "ForbiddenError", data: { scope: "prompt" } });
    expect(await call.session.list({})).toEqual([]);
  });
});

describe("session", () => {
  test("is created, found, changed and deleted", async () => {
    await using server = await testApp();
    const { call } = callerOf(server.app);
    const session = await call.session.create({ title: "First", metadata: { ticket: 7 } });
    const child = await call.session.create({ parentID: session.id });
    expect(session).toMatchObject({ title: "First", directory: server.repository.path, metadata: { ticket: 7 } });
    expect(await call.session.get({ sessionID: session.id })).toEqual(session);
    expect(await call.session.children({ sessionID: session.id })).toEqual([child]);
    expect(await call.session.todo({ sessionID: session.id })).toEqual([]);
    expect(await call.session.status()).toEqual({});
    const changed = await call.session.update({ sessionID: session.id, title: "Second", time: { archived: 5 } });
    expect(changed).toMatchObject({ id: session.id, title: "Second", metadata: { ticket: 7 }, time: { archived: 5 } });
    expect(await call.session.abort({ sessionID: session.id })).toBe(true);
    expect(await call.session.delete({ sessionID: session.id })).toBe(true);
    expect(await call.session.list({})).toEqual([]);
  });

  test("list takes roots as a value or a word, searches titles, and knows the project", async () => {
    await using server = await testApp({ files: { "sub/a.txt": "" } });
    const { call } = callerOf(server.app);
    const below = callerOf(server.app, { directory: server.repository.join("sub") }).call;
    const root = await call.session.create({ title: "Alpha" });
    const child = await call.session.create({ title: "Beta", parentID: root.id });
    const other = await below.session.create({ title: "Gamma" });
    const ids = async (list: Promise<{ id: string }[]>) => new Set((await list).map(({ id }) => id));
    for (const roots of [true, "true"] as const) expect(await ids(call.session.list({ roots }))).toEqual(new Set([root.id]));
    for (const roots of [false, "false"] as const) expect(await ids(call.session.list({ roots }))).toEqual(new Set([root.id, child.id]));
    expect(await ids(call.session.list({ search: "bet" }))).toEqual(new Set([child.id]));
    expect(await ids(below.session.list({}))).toEqual(new Set([other.id]));
    expect(await ids(call.session.list({ scope: "project" }))).toEqual(new Set([root.id, child.id, other.id]));
    expect(await ids(call.session.list({ scope: "project", path: "sub" }))).toEqual(new Set([other.id]));
    expect((await call.session.list({ limit: 1 })).length).toBe(1);
  });

  test("of a directory outside the roots can be listed, not created", async () => {
    await using server = await testApp();
    await using outside = await temporaryDirectory();
    const { call } = callerOf(server.app, { directory: outside.path });
    expect(await call.session.list({})).toEqual([]);
    expect(await failure(call.session.create({}))).toMatchObject({ status: 403, name: "ForbiddenError" });
  });

  test.each(["ses_unknown", "nonsense", "../x"])("%s is 404 and named, however it is spelt", async (sessionID) => {
    await using server = await testApp();
    const { call } = callerOf(server.app);
    const calls = [
      call.session.get({ sessionID }),
      call.session.update({ sessionID, title: "x" }),
      call.session.delete({ sessionID }),
      call.session.children({ sessionID }),
      call.session.todo({ sessionID }),
      call.session.abort({ sessionID }),
      call.session.messages({ sessionID }),
      call.session.message({ sessionID, messageID: "msg_x" }),
      call.session.prompt({ sessionID, ...say("hi") }),
      call.session.promptAsync({ sessionID, ...say("hi") }),
    ];
    for (const answer of await Promise.all(calls.map(failure)))
      expect(answer).toMatchObject({ status: 404, name: "NotFoundError", data: { message: expect.stringContaining(sessionID) } });
  });

  test("a field of the wrong type is named", async () => {
    await using server = await testApp();
    const { call } = callerOf(server.app);
    const { id: sessionID } = await call.session.create({});
    const wrong = { sessionID, parts: [{ type: "text", text: 5 }] } as unknown as Parameters<typeof call.session.prompt>[0];
    expect(await failure(call.session.prompt(wrong))).toMatchObject({ status: 400, name: "BadRequest", data: { field: "parts.0.text" } });
  });
});

describe("message", () => {
  test("prompt answers with the last message; what it left can be listed in pages and got one by one", async () => {
    await using server = await testApp();
    server.model.text("Hello there.");
    const { call, headers } = callerOf(server.app);
    const { id: sessionID } = await call.session.create({});
    const answer = await call.session.prompt({ sessionID, ...say("hi") });
    expect(textOf(answer)).toBe("Hello there.");
    const all = await call.session.messages({ sessionID });
    expect(all.map(({ info }) => info.role)).toEqual(["user", "assistant"]);
    expect(headers.get("x-next-cursor")).toBeNull();

    expect(await call.session.messages({ sessionID, limit: 1 })).toEqual(all.slice(1));
    const next = /^<(\?[^>]+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1];
    const query = new URLSearchParams(next);
    expect(query.get("limit")).toBe("1");
    expect(query.get("before")).toBe(headers.get("x-next-cursor"));
    expect(await call.session.messages({ sessionID, limit: 1, before: query.get("before") ?? "" })).toEqual(all.slice(0, 1));
    expect(await call.session.message({ sessionID, messageID: answer.info.id })).toEqual(answer);
  });

  test("promptAsync answers at once, and the turn runs", async () => {
    await using server = await testApp();
    server.model.text("Done.");
    const { call } = callerOf(server.app);
    const { id: sessionID } = await call.session.create({});
    using events = watch(server.app);
    expect(await call.session.promptAsync({ sessionID, ...say("go") })).toBeUndefined();
    await events.until("session.idle");
    expect((await call.session.messages({ sessionID })).map(textOf)).toEqual(["go", "Done."]);
  });

  test.each(["session.prompt", "session.promptAsync"])("%s takes { content } for a text", (name) => {
    const body = procedures.find(([other]) => other === name)?.[1].rest?.body;
    expect(body?.({ content: "hi", agent: "plan" })).toEqual({ agent: "plan", parts: [{ type: "text", text: "hi" }] });
    expect(body?.({ content: "hi", parts: [] })).toEqual({ content: "hi", parts: [] });
    expect(body?.("hi")).toBe("hi");
  });
});

describe("permission", () => {
  const config = { permission: { bash: "ask" as const } };

  test("is listed while it waits, answered, and then unknown", async () => {
    await using server = await testApp({ config });
    server.model.calls({ name: "bash", input: { command: "echo one", description: "say" } }).text("Done.");
    const { call } = callerOf(server.app);
    const { id: sessionID } = await call.session.create({});
    using events = watch(server.app);
    const answer = call.session.prompt({ sessionID, ...say("go") });
    const { properties: asked } = await events.until("permission.asked");
    expect(await call.permission.list()).toEqual([asked]);
    expect(await call.permission.reply({ requestID: asked.id, reply: "once" })).toBe(true);
    expect(textOf(await answer)).toBe("Done.");
    expect(await call.permission.list()).toEqual([]);
    expect(await failure(call.permission.reply({ requestID: asked.id, reply: "once" }))).toMatchObject({
      status: 404,
      _tag: "PermissionNotFoundError",
      requestID: asked.id,
    });
  });

  test("answered under its session: once with remember is always; under another session it is unknown", async () => {
    await using server = await testApp({ config });
    server.model
      .calls({ name: "bash", input: { command: "echo one", description: "say" } })
      .calls({ name: "bash", input: { command: "echo two", description: "say" } })
      .text("Done.");
    const { call } = callerOf(server.app);
    const { id: sessionID } = await call.session.create({});
    using events = watch(server.app);
    const answer = call.session.prompt({ sessionID, ...say("go") });
    const { properties: asked } = await events.until("permission.asked");
    const response = { permissionID: asked.id, response: "once" as const, remember: true };
    expect(await failure(call.session.respond({ ...response, sessionID: createId("session") }))).toMatchObject({ status: 404 });
    expect(await call.session.respond({ ...response, sessionID })).toBe(true);
    expect(textOf(await answer)).toBe("Done.");
    expect(events.seen.filter(({ type }) => type === "permission.asked")).toHaveLength(1);
  });
});

describe("event", () => {
  /** Takes events until one has the type; `cursor` is what a client would resume with. */
  async function take(events: AsyncIterable<unknown>, last: AnyEvent["type"]): Promise<{ events: AnyEvent[]; cursor: string }> {
    const taken: AnyEvent[] = [];
    for await (const envelope of events) {
      if (!isTrackedEnvelope(envelope)) throw new Error("An event without a cursor.");
      const [cursor, event] = envelope as unknown as [string, AnyEvent];
      taken.push(event);
      if (event.type === last) return { events: taken, cursor };
    }
    throw new Error(`The events ended before ${last}.`);
  }

  test("subscribe begins with server.connected, and resumes after any event without gap and double", async () => {
    await using server = await testApp();
    const { call } = callerOf(server.app);
    const first = await take(await call.event.subscribe(), "server.connected");
    expect(first.events).toMatchObject([{ id: expect.stringMatching(/^evt_/), properties: {} }]);

    const session = await call.session.create({});
    const second = await take(await call.event.subscribe({ lastEventId: first.cursor }), "session.created");
    expect(second.events.map(({ type }) => type)).toEqual(["server.connected", "session.created"]);

    await call.session.delete({ sessionID: session.id });
    const third = await take(await call.event.subscribe({ lastEventId: second.cursor }), "session.deleted");
    expect(third.events.map(({ type }) => type)).toEqual(["server.connected", "session.deleted"]);
  });

  test("subscribe tells of its directory only, unless of all", async () => {
    await using server = await testApp({ files: { "sub/a.txt": "" } });
    const { call } = callerOf(server.app);
    const below = callerOf(server.app, { directory: server.repository.join("sub") }).call;
    await below.session.create({ title: "below" });
    await call.session.create({ title: "here" });
    const titles = async (events: AsyncIterable<unknown>) =>
      (await take(events, "session.idle")).events.flatMap((event) =>
        event.type === "session.created" ? [event.properties.info.title] : [],
      );
    await server.app.log.append([{ type: "session.idle", properties: { sessionID: createId("session") } }], {
      scope: { directory: server.repository.path, projectID: "global" },
    });
    expect(await titles(await call.event.subscribe({ after: 0 }))).toEqual(["here"]);
    expect(await titles(await call.event.subscribe({ after: 0, directory: "all" }))).toEqual(["below", "here"]);
  });

  test("subscribe of all directories leaves out those this server does not work in", async () => {
    await using server = await testApp();
    const { call } = callerOf(server.app);
    const idle = (directory: string) =>
      server.app.log.append([{ type: "session.idle", properties: { sessionID: createId("session") } }], {
        scope: { directory, projectID: "global" },
      });
    await idle(`${server.repository.path}-beside`);
    const [here] = await idle(server.repository.path);
    const { events } = await take(await call.event.subscribe({ after: 0, directory: "all" }), "session.idle");
    expect(events[1]?.id).toBe(here?.event.id);
  });

  test.each([{ lastEventId: "later" }, { lastEventId: "99999" }, { after: 99_999 }])(
    "%j is not a position and said to be so",
    async (input) => {
      await using server = await testApp();
      const events = take(await callerOf(server.app).call.event.subscribe(input), "server.connected");
      expect(await failure(events)).toMatchObject({ status: 400, name: "BadRequest", data: { field: Object.keys(input)[0] } });
    },
  );

  test("subscribe ends when the client goes", async () => {
    await using server = await testApp();
    const client = new AbortController();
    const { call } = callerOf(server.app, { signal: client.signal });
    const seen: unknown[] = [];
    for await (const event of await call.event.subscribe()) {
      seen.push(event);
      client.abort();
    }
    expect(seen).toHaveLength(1);
  });
});

describe("what is where", () => {
  test("files, searches, paths, projects, agents and health answer from the directory", async () => {
    await using server = await testApp({ files: { "README.md": "# Demo\nhello world\n", "src/hello.ts": "export {};\n" } });
    const { call } = callerOf(server.app);
    expect(await call.global.health()).toEqual({ healthy: true, version: "0.0.0-test" });
    expect((await call.file.list({ path: "" })).map(({ name }) => name)).toEqual(expect.arrayContaining(["src", "README.md"]));
    expect(await call.file.content({ path: "README.md" })).toMatchObject({ type: "text", content: "# Demo\nhello world\n" });
    expect(await call.find.text({ pattern: "hello w" })).toMatchObject([{ path: { text: "README.md" }, line_number: 2 }]);
    expect(await call.find.files({ query: "hello" })).toContain("src/hello.ts");
    expect(await call.find.files({ query: "src", dirs: "false" })).not.toContain("src/");
    expect(await call.path.get()).toMatchObject({ directory: server.repository.path, worktree: server.repository.path });
    const project = await call.project.current();
    expect(project.worktree).toBe(server.repository.path);
    expect(await call.project.list()).toContainEqual(project);
    expect((await call.agent.list()).map(({ name }) => name)).toEqual(expect.arrayContaining(["build", "plan"]));
  });

  test("a file outside is refused, one that is not there is 404", async () => {
    await using server = await testApp();
    const { call } = callerOf(server.app);
    expect(await failure(call.file.content({ path: "../secret" }))).toMatchObject({ status: 403 });
    expect(await failure(call.file.content({ path: "nothing.txt" }))).toMatchObject({ status: 404 });
  });
});

describe("configuration and providers", () => {
  const config = {
    username: "me",
    permission: { bash: { "cat *token*": "deny" as const } },
    mcp: {
      remote: {
        type: "remote" as const,
        url: "https://me:SECRET@mcp.example/x?api_key=SECRET&team=7",
        headers: { "x-team": "SECRET" },
        oauth: { clientId: "id", clientSecret: "SECRET" },
      },
      "token-server": {
        type: "local" as const,
        command: ["serve", "--api-key=SECRET", "--token", "SECRET", "--verbose"],
        environment: { WHATEVER: "SECRET" },
      },
    },
    lsp: { go: { command: ["gopls"], env: { GOPROXY: "SECRET" }, initialization: { credentials: { user: "SECRET" }, level: 2 } } },
    formatter: { x: { command: ["x"], environment: { A: "SECRET" } } },
    agent: { build: { options: { apiKey: "SECRET", effort: "high" } } },
  };

  test("config shows what is set and no secret of any kind", async () => {
    await using server = await testApp({ config });
    const shown = await callerOf(server.app).call.config.get();
    expect(JSON.stringify(shown)).not.toMatch(/SECRET|mock-key/);
    expect(shown).toMatchObject({
      username: "me",
      permission: { bash: { "cat *token*": "deny" } },
      mcp: {
        remote: { type: "remote", url: "https://mcp.example/x?team=7", oauth: { clientId: "id" } },
        "token-server": { command: ["serve", "--api-key=", "--token", "--verbose"] },
      },
      lsp: { go: { command: ["gopls"], initialization: { level: 2 } } },
      agent: { build: { options: { effort: "high" } } },
      provider: { mock: { options: { baseURL: server.model.url } } },
    });
  });

  test("providers are listed with their models, without keys and headers", async () => {
    const models = { m: { headers: { "x-key": "SECRET" }, options: { secretKey: "SECRET", effort: "low" } } };
    const options = { apiKey: "SECRET", headers: { authorization: "SECRET" }, baseURL: "http://127.0.0.1:1/v1" };
    const provider = { other: { npm: "@ai-sdk/openai-compatible", options, models } };
    await using server = await testApp({ overrides: { provider } });
    const { call } = callerOf(server.app);
    const [all, connected] = [await call.provider.list(), await call.config.providers()];
    expect(JSON.stringify([all, connected])).not.toMatch(/SECRET|mock-key/);
    expect(all.connected).toEqual(expect.arrayContaining(["mock", "other"]));
    expect(connected.providers.map(({ id }) => id).sort()).toEqual([...all.connected].sort());
    expect(Object.keys(connected.default).every((id) => all.connected.includes(id))).toBe(true);
    expect(all.all.find(({ id }) => id === "other")?.models.m).toMatchObject({ headers: {}, options: { effort: "low" } });
  });
});
