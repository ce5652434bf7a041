import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../db/client.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { commandPlace } from "../helpers/command.ts";
import { localServer } from "../helpers/mcp.ts";
import { postJSON, testServer } from "../helpers/server.ts";

/** A conversation, as it is told by a server that had it. */
async function conversation() {
  const server = await testServer();
  server.model.text("Forty-two.");
  const session = await postJSON<Session>(`${server.url}/session`, { title: "The \u001b[31manswer" });
  await postJSON(`${server.url}/session/${session.id}/message`, { parts: [{ type: "text", text: "What is the answer?" }] });
  return { server, session, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe("session", () => {
  test("lists, shows, exports and deletes what a running server has", async () => {
    await using told = await conversation();
    await using place = await commandPlace();
    const at = ["--attach", told.server.url];
    const { id } = told.session;
    expect(await place.run(["session", "list", ...at])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${id}  .*The \\[31manswer\n$`)),
    });
    expect(await place.json<Session[]>(["session", "list", ...at])).toMatchObject([{ id }]);
    const { stdout } = await place.run(["session", "show", id, ...at]);
    expect(stdout).toContain("## user\n\nWhat is the answer?\n");
    expect(stdout).toContain("Forty-two.");
    expect(stdout).not.toContain("\u001b");
    const exported = JSON.parse((await place.run(["session", "export", id, ...at])).stdout);
    expect(exported).toMatchObject({ info: { id }, messages: [{ info: { role: "user" } }, { info: { role: "assistant" } }] });
    expect(await place.run(["session", "delete", id, ...at])).toMatchObject({ code: 0, stdout: "", stderr: `Deleted: ${id}\n` });
    await expect(place.run(["session", "show", id, ...at])).rejects.toMatchObject({ message: expect.stringContaining(id) });
  });

  test("prunes the old ones, and tells before which", async () => {
    await using told = await conversation();
    await using place = await commandPlace();
    const at = ["--attach", told.server.url];
    await using store = await openDatabase(told.server.app.database);
    await store.orm.run(sql`update session set updated = 1`);
    const { id } = told.session;
    expect(await place.run(["session", "prune", "--older-than", "90d", "--dry-run", ...at])).toMatchObject({ stdout: `${id}\n` });
    expect(await place.json(["session", "prune", "--older-than", "90", ...at])).toEqual({ deleted: [id] });
    expect(await place.json(["session", "list", ...at])).toEqual([]);
    await expect(place.run(["session", "prune", ...at])).rejects.toMatchObject({ message: expect.stringContaining("--older-than 90d") });
  });

  test("imports an export into the local store: the same words under ids of its own, and nothing that could act", async () => {
    await using told = await conversation();
    await using place = await commandPlace();
    const { info, messages } = await place.json<{ info: Session; messages: MessageWithParts[] }>([
      "session",
      "export",
      told.session.id,
      "--attach",
      told.server.url,
    ]);
    const permission = [{ permission: "bash", pattern: "*", action: "allow" }];
    const text = JSON.stringify({ info: { ...info, permission, share: { url: "http://x" }, projectID: "theirs" }, messages, extra: true });
    const { stdout } = await place.run(["session", "import"], text);
    const id = stdout.trim();
    expect(id).not.toBe(info.id);
    const own = await place.json<{ info: Session; messages: MessageWithParts[] }>(["session", "show", id]);
    expect(own.info).toMatchObject({ title: info.title, directory: place.home.join("project"), tokens: info.tokens });
    expect(own.info).not.toHaveProperty("permission");
    expect(own.info).not.toHaveProperty("share");
    expect(own.messages.map(({ parts }) => parts.map((part) => ("text" in part ? part.text : part.type)))).toEqual(
      messages.map(({ parts }) => parts.map((part) => ("text" in part ? part.text : part.type))),
    );
    expect(
      own.messages.every((message) => message.info.sessionID === id && !messages.some(({ info: { id: old } }) => old === message.info.id)),
    ).toBe(true);
    const [question, answer] = own.messages;
    expect(answer?.info).toMatchObject({ parentID: question?.info.id });
  });

  test.each([
    [["session"], "list|show|delete|prune|export|import"],
    [["session", "lst"], "Did you mean list?"],
    [["session", "show"], "session list"],
    [["session", "list", "--limit", "none"], "--limit"],
    [["session", "import", "nowhere.json"], "nowhere.json"],
    [["session", "list", "--attach", "http://h", "--db", "x"], "--db"],
  ])("%j is refused, naming what would work: %s", async (words, named) => {
    await using place = await commandPlace();
    await expect(place.run(words)).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining(named) });
  });

  test("what is no export is refused by name", async () => {
    await using place = await commandPlace();
    await expect(place.run(["session", "import"], "no")).rejects.toMatchObject({ message: expect.stringContaining("not JSON") });
    await expect(place.run(["session", "import"], `{"info":{}}`)).rejects.toMatchObject({ message: expect.stringContaining("title") });
  });

  test("no server at the address is exit code 4, a wrong password 5", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    await using place = await commandPlace();
    await expect(place.run(["session", "list", "--attach", "http://127.0.0.1:1"])).rejects.toMatchObject({ exitCode: 4 });
    await expect(place.run(["session", "list", "--attach", server.url])).rejects.toMatchObject({ exitCode: 5 });
    await using trusted = await commandPlace({ variables: { OPENCODE_SERVER_PASSWORD: "secret" } });
    expect(await trusted.run(["session", "list", "--attach", server.url])).toMatchObject({ code: 0, stdout: "" });
  });
});

test("models are listed as --model takes them, agents with what they are for", async () => {
  await using place = await commandPlace({ variables: { ANTHROPIC_API_KEY: "key" } });
  const lines = (await place.run(["models"])).stdout.trim().split("\n");
  expect(lines).toContain("offline/guide");
  expect(lines.some((line) => line.startsWith("anthropic/"))).toBe(true);
  expect((await place.run(["models", "openai"])).stdout).toMatch(/^openai\//);
  await expect(place.run(["models", "opnai"])).rejects.toMatchObject({ message: expect.stringContaining("Did you mean openai?") });
  const [model] = await place.json<object[]>(["models", "offline"]);
  expect(model).toMatchObject({ id: "offline/guide", connected: true });
  expect((await place.run(["agent", "list"])).stdout).toMatch(/^build\s+primary/);
  expect((await place.json<object[]>(["agent", "list", "--all"])).length).toBeGreaterThan(
    (await place.json<object[]>(["agent", "list"])).length,
  );
});

test("an MCP server is added to the project's configuration, connects and is listed", async () => {
  await using place = await commandPlace();
  const { command } = localServer();
  const added = await place.run(["mcp", "add", "tools", "--env", "A=b=c", "--", ...command]);
  expect(added).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("connected") });
  expect(JSON.parse(await place.home.read("project/opencode.json"))).toEqual({
    mcp: { tools: { type: "local", command, environment: { A: "b=c" } } },
  });
  expect((await place.run(["mcp", "list"])).stdout).toMatch(/^tools\s+connected\n$/);
  await expect(place.run(["mcp", "add", "other"])).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining("--url") });
  await expect(place.run(["mcp", "add", "other", "--url", "ftp://h"])).rejects.toMatchObject({ message: expect.stringContaining("http") });
});

test("a key is read from standard input, counts, is never shown, and is forgotten", async () => {
  await using place = await commandPlace();
  expect(await place.run(["auth", "login", "anthropic"], "sk-very-secret\n")).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "anthropic is logged in.\n",
  });
  const { stdout } = await place.run(["auth", "list"]);
  expect(stdout).toMatch(/^anthropic\s+stored/m);
  expect(stdout).not.toContain("secret");
  expect((await place.run(["models"])).stdout).toContain("anthropic/");
  await place.run(["auth", "logout", "anthropic"]);
  expect((await place.run(["models"])).stdout).not.toContain("anthropic/");
  await expect(place.run(["auth", "logout", "anthropic"])).rejects.toMatchObject({ name: "TRPCClientError" });
  await expect(place.run(["auth", "login", "openai"], "")).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("key"),
  });
  await expect(place.run(["auth", "login"])).rejects.toMatchObject({ message: expect.stringContaining("anthropic") });
  await using tool = await commandPlace({ variables: { CODEPORT_TOOL: "srv_1/ses_1/call_1" } });
  await expect(tool.run(["auth", "login", "openai"], "key")).rejects.toMatchObject({ kind: "permission" });
});

test("config --explain names the file, the variable or the flag of each setting, and hides what is secret", async () => {
  await using place = await commandPlace({
    files: {
      "config/opencode/opencode.json": `{"model":"openai/one","server":{"port":5000},"instructions":["a.md"],"provider":{"openai":{"options":{"apiKey":"hunter2"}}}}`,
      "project/opencode.json": `{"model":"openai/two","instructions":["b.md"]}`,
    },
    variables: { OPENCODE_CONFIG_CONTENT: `{"share":"disabled"}`, OPENCODE_SERVER_PASSWORD: "hunter3", CODEPORT_DB: "" },
  });
  const [user, project] = [place.home.join("config/opencode/opencode.json"), place.home.join("project/opencode.json")];
  const settings = await place.json<{ key: string }[]>(["config", "--explain", "--port", "6000"]);
  const of = (name: string) => settings.find(({ key }) => key === name);
  expect(of("model")).toEqual({ key: "model", value: "openai/two", secret: false, source: project, overruled: [user] });
  expect(of("instructions")).toMatchObject({ value: ["a.md", "b.md"], source: `${user}, ${project}`, overruled: [] });
  expect(of("share")).toMatchObject({ value: "disabled", source: "OPENCODE_CONFIG_CONTENT" });
  expect(of("server.port")).toMatchObject({ value: 6000, source: "flag --port", overruled: [user] });
  expect(of("server.hostname")).toMatchObject({ value: "127.0.0.1", source: "default" });
  expect(of("password")).toEqual({ key: "password", secret: true, source: "environment OPENCODE_SERVER_PASSWORD", overruled: [] });
  expect(of("provider.openai.options.apiKey")).toMatchObject({ secret: true, source: user });
  const { stdout } = await place.run(["config", "--explain"]);
  expect(stdout).toMatch(/^provider\.openai\.options\.apiKey\s+\(secret\)/m);
  expect(JSON.stringify(settings) + stdout + (await place.run(["config"])).stdout).not.toMatch(/hunter/);
  expect(JSON.parse((await place.run(["config"])).stdout)).toMatchObject({ model: "openai/two", share: "disabled" });
  await expect(place.run(["config", "--port", "1"])).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringContaining("--explain"),
  });
});
