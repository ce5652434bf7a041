import { describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { createClient } from "../src/client/client.ts";
import type { SessionPage } from "../src/schema/session-list.ts";
import { say } from "./helpers/app.ts";
import { temporaryDirectory } from "./helpers/directory.ts";
import { restClient } from "./helpers/request.ts";
import { getJSON, testServer } from "./helpers/server.ts";

describe("the list of all sessions", () => {
  test("has those of every directory with their projects, page by page, latest change first", async () => {
    await using other = await temporaryDirectory();
    await using server = await testServer({ roots: [other.path] });
    const call = restClient(server.url);
    const made = [];
    for (const directory of [server.app.directory, other.path, server.app.directory])
      made.push((await server.app.sessions.create(directory, { title: `Number ${made.length}` })).id);
    const first = await getJSON<SessionPage>(`${server.url}/session/all?limit=2`);
    const second = await getJSON<SessionPage>(`${server.url}/session/all?limit=2&cursor=${first.cursor}`);
    const items = [...first.items, ...second.items];
    expect(items.map(({ id }) => id).sort()).toEqual(made.sort());
    expect([first.items.length, second.cursor]).toEqual([2, undefined]);
    for (const { project, projectID } of items) expect(project?.id).toBe(projectID);
    expect(items.every(({ state }) => state.type === "idle")).toBe(true);
    expect(await call("GET /session/all?cursor=nonsense")).toMatchObject({ status: 400, body: { name: "BadRequest", field: "cursor" } });
    expect(await call("GET /session/all?limit=0")).toMatchObject({ status: 400 });
  });

  test("says what each is doing: at rest, failed, waiting for an answer, busy", async () => {
    await using server = await testServer({ config: { permission: { bash: "ask" } } });
    await using client = createClient({ url: server.url, directory: server.app.directory });
    const { sessions } = server.app;
    const [failed, asks] = [await sessions.create(server.app.directory, {}), await sessions.create(server.app.directory, {})];
    server.model.error(400);
    await sessions.prompt(failed.id, say("fail"));
    server.model.calls({ name: "bash", input: { command: "echo hi", description: "Say it" } }).text("Said.");
    await client.api.session.promptAsync.mutate({ sessionID: asks.id, parts: [{ type: "text", text: "say it" }] });
    for await (const { event } of client.events({ after: 0 })) if (event.type === "permission.asked") break;
    const { items } = await client.api.session.all.query({});
    const states = new Map(items.map(({ id, state }) => [id, state]));
    expect(states.get(failed.id)).toMatchObject({ type: "error", message: expect.any(String) });
    expect(states.get(asks.id)).toMatchObject({ type: "waiting", permissions: 1, questions: 0, since: expect.any(Number) });
    expect((await client.api.session.all.query({ active: true })).items.map(({ id }) => id)).toEqual([asks.id]);
    // Another server of the store knows nothing but what is in it.
    await using other = await createApp({ directory: server.app.directory, env: server.env, version: "0.0.0-test" });
    const told = await other.sessions.all({ within: [other.roots], limit: 9 });
    expect(new Map(told.items.map(({ id, state }) => [id, state]))).toEqual(states);
  });

  test("of a token that is limited to directories holds those alone", async () => {
    await using other = await temporaryDirectory();
    await using server = await testServer({ roots: [other.path] });
    await server.app.sessions.create(server.app.directory, { title: "Here" });
    const there = await server.app.sessions.create(other.path, { title: "There" });
    const { secret } = await server.app.tokens.create({ scope: "read", directories: [other.path] }, { name: "test" });
    await using client = createClient({ url: server.url, token: secret, directory: other.path });
    expect((await client.api.session.all.query({ limit: 1 })).items.map(({ id }) => id)).toEqual([there.id]);
    expect((await client.api.session.search.query({ query: "here" })).items.map(({ title }) => title)).toEqual([]);
  });
});

describe("search over sessions", () => {
  test("finds words in titles and in what people and models said, newest first, and forgets what is deleted", async () => {
    await using server = await testServer();
    await using client = createClient({ url: server.url, directory: server.app.directory });
    const { sessions } = server.app;
    const one = await sessions.create(server.app.directory, { title: "About Zebrafinches" });
    server.model.text("The café sells `src/app.ts` and zebra finches.");
    const answer = await sessions.prompt(one.id, say("Who sells a zebrafinch?"));
    const find = async (query: string) => (await client.api.session.search.query({ query })).items;
    const found = await find("ZEBRAFINCH");
    expect(found.map(({ messageID, role }) => [messageID !== undefined, role])).toEqual([
      [true, "user"],
      [false, undefined],
    ]);
    const [hit] = await find("cafe app.ts");
    expect(hit).toMatchObject({ sessionID: one.id, messageID: answer.info.id, role: "assistant", title: "About Zebrafinches" });
    expect(hit?.matches.map(({ start, end }) => hit.snippet.slice(start, end))).toEqual(["café", "app.ts"]);
    expect(await find("nowhere")).toEqual([]);
    await client.api.session.update.mutate({ sessionID: one.id, title: "Renamed" });
    expect((await find("zebrafinches")).length).toBe(0);
    expect((await find("rename")).length).toBe(1);
    const page = await client.api.session.search.query({ query: "zebra", limit: 1 });
    expect((await client.api.session.search.query({ query: "zebra", limit: 1, cursor: page.cursor })).items.length).toBe(1);
    await sessions.remove(one.id);
    expect(await find("zebra")).toEqual([]);
    expect(await restClient(server.url)("GET /session/search?query=--")).toMatchObject({ status: 400, body: { field: "query" } });
  });
});

describe("tags and the archive", () => {
  test("sort sessions without counting as work in them; lists take them into account", async () => {
    await using server = await testServer();
    const call = restClient(server.url);
    const session = await server.app.sessions.create(server.app.directory, { title: "One" });
    const ids = async (query: string) => (await getJSON<SessionPage>(`${server.url}/session/all?${query}`)).items.map(({ id }) => id);
    const tagged = await call(`PATCH /session/${session.id}`, { tags: ["work", "work", " later "] });
    expect(tagged).toMatchObject({ status: 200, body: { tags: ["work", "later"], time: { updated: session.time.updated } } });
    expect([await ids("tags=work&tags=later"), await ids("tags=work&tags=other")]).toEqual([[session.id], []]);
    await call(`PATCH /session/${session.id}`, { time: { archived: 5 } });
    expect([await ids(""), await ids("archived=only"), await ids("archived=with")]).toEqual([[], [session.id], [session.id]]);
    const back = await call(`PATCH /session/${session.id}`, { time: { archived: 0 }, tags: [] });
    expect(back.body).toEqual(session);
    const many = Array.from({ length: 21 }, (_, at) => `tag ${at}`);
    expect(await call(`PATCH /session/${session.id}`, { tags: many })).toMatchObject({ status: 400, body: { field: "tags" } });
  });

  test("are changed for many at once, and what fails for one is told of that one", async () => {
    await using server = await testServer();
    await using client = createClient({ url: server.url, directory: server.app.directory });
    const { sessions, directory } = server.app;
    const one = await sessions.create(directory, {});
    const child = await sessions.create(directory, { parentID: one.id });
    const bulk = client.api.session.bulk.mutate;
    const tagged = await bulk({ ids: [one.id, "ses_none"], change: { action: "tag", add: ["old"] } });
    expect(tagged).toEqual([
      { id: one.id, ok: true },
      { id: "ses_none", ok: false, error: { name: "NotFoundError", message: "Session not found: ses_none" } },
    ]);
    expect((await bulk({ ids: [one.id], change: { action: "archive" } }))[0]?.ok).toBe(true);
    expect(await sessions.get(one.id)).toMatchObject({ tags: ["old"], time: { archived: expect.any(Number) } });
    const deleted = await bulk({ ids: [one.id, child.id, "ses_none"], change: { action: "delete" } });
    expect(deleted.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(await sessions.list({ directory })).toEqual([]);
    expect(await restClient(server.url)("POST /session/bulk", { ids: [], change: { action: "delete" } })).toMatchObject({ status: 400 });
  });
});
