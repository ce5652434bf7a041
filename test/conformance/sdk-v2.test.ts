import { createOpencodeClient, type OpencodeClient } from "@opencode-ai/sdk/v2";
import { describe, expect } from "vitest";
import { temporaryDirectory } from "../helpers/directory.ts";
import { localServer } from "../helpers/mcp.ts";
import { dataOf, edit, mock, project, text, todo } from "../helpers/sdk.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const connect = ({ url }: { url: string }) => createOpencodeClient({ baseUrl: url });

/** Acts once the server listens, and resolves with the first event of the type. */
async function eventOf(
  client: OpencodeClient,
  type: string,
  act: () => Promise<unknown>,
): Promise<{ id: string } & Record<string, unknown>> {
  const { stream } = await client.event.subscribe();
  let acting: Promise<unknown> | undefined;
  for await (const event of stream) {
    acting ??= act();
    if (event.type === type) {
      await acting;
      return event.properties as { id: string } & Record<string, unknown>;
    }
  }
  throw new Error(`The stream ended without ${type}.`);
}

describe("@opencode-ai/sdk/v2", () => {
  verifies("client: official SDK v2", "keeps sessions, of other directories too", async () => {
    await using other = await temporaryDirectory();
    await using server = await testServer({ roots: [other.path] });
    const client = connect(server);
    const { id: sessionID } = dataOf(await client.session.create({ title: "One" }));
    const child = dataOf(await client.session.create({ parentID: sessionID }));
    const elsewhere = dataOf(await client.session.create({ directory: other.path }));
    expect(elsewhere.directory).toBe(other.path);
    expect(dataOf(await client.session.list({ roots: true })).map(({ id }) => id)).toEqual([sessionID]);
    expect(dataOf(await client.session.list({ directory: other.path })).map(({ id }) => id)).toEqual([elsewhere.id]);
    expect(dataOf(await client.session.get({ sessionID }))).toMatchObject({ title: "One" });
    expect(dataOf(await client.session.children({ sessionID })).map(({ id }) => id)).toEqual([child.id]);
    expect(dataOf(await client.session.update({ sessionID, title: "Renamed" }))).toMatchObject({ title: "Renamed" });
    expect(dataOf(await client.session.share({ sessionID }))).toMatchObject({ share: { url: expect.stringContaining(server.url) } });
    expect(dataOf(await client.session.unshare({ sessionID })).share).toBeUndefined();
    expect(dataOf(await client.session.delete({ sessionID }))).toBe(true);
    const { error, response } = await client.session.get({ sessionID });
    expect([response?.status, error]).toMatchObject([
      404,
      { name: "NotFoundError", data: { message: expect.stringContaining(sessionID) } },
    ]);
    await expect(client.session.get({ sessionID }, { throwOnError: true })).rejects.toThrow("Session not found");
  });

  verifies("client: official SDK v2", "prompts, reads messages, undoes, forks and compacts", async () => {
    await using server = await testServer({ files: project });
    server.model.calls(todo).calls(edit).text("Done.").text("A summary.");
    const client = connect(server);
    const { id: sessionID } = dataOf(await client.session.create());
    const answer = dataOf(await client.session.prompt({ sessionID, parts: text("make it"), model: mock, agent: "build" }));
    expect(answer.parts).toContainEqual(expect.objectContaining({ type: "text", text: "Done." }));
    expect(dataOf(await client.session.todo({ sessionID }))).toMatchObject([{ content: "Greet" }]);
    const messages = dataOf(await client.session.messages({ sessionID, limit: 10 }));
    const messageID = messages[0]?.info.id ?? "";
    expect(dataOf(await client.session.message({ sessionID, messageID })).info.id).toBe(messageID);
    expect(dataOf(await client.session.diff({ sessionID, messageID }))).toMatchObject([{ file: "made.txt", additions: 1 }]);
    expect(dataOf(await client.session.revert({ sessionID, messageID }))).toMatchObject({ revert: { messageID } });
    await expect(server.repository.read("made.txt")).rejects.toThrow("ENOENT");
    expect(dataOf(await client.session.unrevert({ sessionID })).revert).toBeUndefined();
    expect(await server.repository.read("made.txt")).toBe("made\n");
    const fork = dataOf(await client.session.fork({ sessionID, messageID: messages[1]?.info.id }));
    expect(dataOf(await client.session.messages({ sessionID: fork.id }))).toHaveLength(1);
    expect(dataOf(await client.session.summarize({ sessionID, ...mock }))).toBe(true);
  });

  verifies("client: official SDK v2", "runs commands and the shell, answers permissions and questions, and aborts", async () => {
    await using server = await testServer({ files: project, config: { permission: { bash: "ask" } } });
    const client = connect(server);
    const { id: sessionID } = dataOf(await client.session.create());
    server.model.text("Hello, Ada.").text("Written.");
    const greeted = dataOf(await client.session.command({ sessionID, command: "greet", arguments: "Ada", model: "mock/mock-1" }));
    expect(greeted.parts).toContainEqual(expect.objectContaining({ type: "text", text: "Hello, Ada." }));
    const shell = dataOf(await client.session.shell({ sessionID, command: "echo from the shell", agent: "build" }));
    expect(JSON.stringify(shell)).toContain("from the shell");
    expect(dataOf(await client.session.init({ sessionID, ...mock, messageID: "msg_ffffffffffff00000000000000" }))).toBe(true);

    const bash = { name: "bash", input: { command: "echo x >> y.txt", description: "d" } };
    const questions = [{ question: "Which?", header: "Which", options: [{ label: "A", description: "a" }] }];
    const ask = { name: "question", input: { questions } };
    server.model.calls(bash).calls(bash).calls(ask).calls(ask);
    const go = () => client.session.promptAsync({ sessionID, parts: text("go") });
    const first = await eventOf(client, "permission.asked", go);
    expect(dataOf(await client.permission.list()).map(({ id }) => id)).toEqual([first.id]);
    const reply = () => client.permission.reply({ requestID: first.id, reply: "once" });
    const second = await eventOf(client, "permission.asked", reply);
    const respond = () => client.permission.respond({ sessionID, permissionID: second.id, response: "once" });
    const question = await eventOf(client, "question.asked", respond);
    expect(await server.repository.read("y.txt")).toBe("x\nx\n");
    expect(dataOf(await client.question.list()).map(({ id }) => id)).toEqual([question.id]);
    const answer = () => client.question.reply({ requestID: question.id, answers: [["A"]] });
    const again = await eventOf(client, "question.asked", answer);
    await eventOf(client, "session.idle", () => client.question.reject({ requestID: again.id }));
    server.model.hang("thinking");
    await eventOf(client, "message.part.delta", go);
    expect(dataOf(await client.session.status())).toMatchObject({ [sessionID]: { type: "busy" } });
    await eventOf(client, "session.idle", () => client.session.abort({ sessionID }));
  });

  verifies("client: official SDK v2", "finds and reads files, and knows the project", async () => {
    await using server = await testServer({ files: project });
    const client = connect(server);
    const here = server.repository.path;
    expect(dataOf(await client.find.text({ pattern: "world" }))).toMatchObject([{ path: { text: "README.md" } }]);
    expect(dataOf(await client.find.files({ query: "src", dirs: "true", type: "directory", limit: 5 }))).toEqual(["src/"]);
    expect(dataOf(await client.find.symbols({ query: "hello" }))).toEqual(expect.any(Array));
    expect(dataOf(await client.file.list({ path: "src" }))).toMatchObject([{ name: "hello.ts" }]);
    expect(dataOf(await client.file.read({ path: "README.md" }))).toMatchObject({ content: expect.stringContaining("# Demo") });
    await server.repository.write({ "README.md": "# Changed\n" });
    expect(dataOf(await client.file.status())).toMatchObject([{ path: "README.md", status: "modified" }]);
    const current = dataOf(await client.project.current());
    expect(current).toMatchObject({ worktree: here });
    expect(dataOf(await client.project.list())).toMatchObject([{ id: current.id }]);
    expect(dataOf(await client.project.directories({ projectID: current.id }))).toEqual([{ directory: here }]);
    expect(dataOf(await client.project.update({ projectID: current.id, name: "Demo" }))).toMatchObject({ name: "Demo" });
    expect(dataOf(await client.path.get())).toMatchObject({ directory: here });
    expect(dataOf(await client.vcs.get())).toMatchObject({ branch: "main" });
    expect(dataOf(await client.vcs.status())).toMatchObject([{ file: "README.md" }]);
    expect(dataOf(await client.vcs.diff({ mode: "git" }))).toMatchObject([{ file: "README.md" }]);
  });

  verifies("client: official SDK v2", "lists models, agents, commands and tools, and connects MCP servers", async () => {
    await using server = await testServer({ files: project });
    const client = connect(server);
    expect(dataOf(await client.global.health())).toMatchObject({ healthy: true });
    expect(dataOf(await client.config.get())).toMatchObject({ model: "mock/mock-1" });
    expect(dataOf(await client.config.providers()).default).toMatchObject({ mock: "mock-1" });
    expect(dataOf(await client.provider.list()).connected).toContain("mock");
    expect(dataOf(await client.app.agents()).map(({ name }) => name)).toContain("build");
    expect(dataOf(await client.app.skills())).toEqual(expect.any(Array));
    expect(dataOf(await client.command.list()).map(({ name }) => name)).toContain("greet");
    expect(dataOf(await client.tool.ids())).toContain("read");
    expect(dataOf(await client.tool.list({ provider: "mock", model: "mock-1" })).map(({ id }) => id)).toContain("edit");
    expect(dataOf(await client.lsp.status())).toEqual([]);
    expect(dataOf(await client.formatter.status())).toEqual(expect.any(Array));
    expect(dataOf(await client.experimental.resource.list())).toEqual({});
    expect(dataOf(await client.experimental.capabilities.get())).toEqual({ backgroundSubagents: false });
    expect(dataOf(await client.experimental.console.get())).toEqual({ consoleManagedProviders: [], switchableOrgCount: 0 });
    expect(dataOf(await client.experimental.workspace.list())).toEqual([]);
    expect(dataOf(await client.experimental.workspace.status())).toEqual([]);
    const config = { ...localServer(), type: "local" as const };
    expect(dataOf(await client.mcp.add({ name: "good", config }))).toMatchObject({ good: { status: "connected" } });
    expect(dataOf(await client.mcp.disconnect({ name: "good" }))).toBe(true);
    expect(dataOf(await client.mcp.connect({ name: "good" }))).toBe(true);
    expect(dataOf(await client.mcp.status())).toMatchObject({ good: { status: "connected" } });
  });

  verifies("client: official SDK v2", "stores and forgets credentials, lists logins, and writes to the log", async () => {
    await using server = await testServer();
    const client = connect(server);
    const auth = { type: "api" as const, key: "sk-secret" };
    expect(dataOf(await client.auth.set({ providerID: "openai", auth }))).toBe(true);
    expect(dataOf(await client.provider.list()).connected).toContain("openai");
    expect(dataOf(await client.v2.integration.list()).data.find(({ id }) => id === "openai")).toMatchObject({
      connections: [{ type: "credential", id: "openai" }],
    });
    expect(dataOf(await client.provider.auth())).toMatchObject({ openai: expect.any(Array) });
    expect(dataOf(await client.auth.remove({ providerID: "openai" }))).toBe(true);
    expect(dataOf(await client.provider.list()).connected).not.toContain("openai");
    expect(dataOf(await client.app.log({ service: "test", level: "info", message: "hello" }))).toBe(true);
  });

  verifies("client: official SDK v2", "changes the configuration, and disposes directories", async () => {
    await using server = await testServer();
    const client = connect(server);
    expect(dataOf(await client.config.update({ config: { username: "Ada" } }))).toMatchObject({ username: "Ada" });
    expect(dataOf(await client.config.get())).toMatchObject({ username: "Ada" });
    const disposed = { directory: server.repository.path };
    expect(await eventOf(client, "server.instance.disposed", () => client.instance.dispose())).toEqual(disposed);
    expect(dataOf(await client.global.config.update({ config: { autoupdate: false } }))).toMatchObject({ autoupdate: false });
    expect(dataOf(await client.global.config.get())).toMatchObject({ autoupdate: false });
    expect(dataOf(await client.global.dispose())).toBe(true);
    expect(dataOf(await client.config.get())).toMatchObject({ username: "Ada", autoupdate: false });
  });

  verifies("client: official SDK v2", "reads the newer lists, with their location", async () => {
    await using other = await temporaryDirectory();
    const config = {
      agent: { reviewer: { description: "Reviews.", mode: "subagent", color: "#ff0000", steps: 3, model: "mock/mock-1" } },
      references: { docs: "./docs", far: { repository: "https://example.com/far.git" } },
    } as const;
    await using server = await testServer({ files: project, roots: [other.path], config });
    const { v2 } = connect(server);
    const here = server.repository.path;
    expect(dataOf(await v2.health.get())).toEqual({ healthy: true });
    expect(dataOf(await v2.location.get())).toMatchObject({ directory: here, project: { directory: here } });
    expect(dataOf(await v2.location.get({ location: { directory: other.path } }))).toMatchObject({ directory: other.path });
    const agents = dataOf(await v2.agent.list());
    expect(agents.location.directory).toBe(here);
    const model = { id: "mock-1", providerID: "mock" };
    expect(agents.data.find(({ id }) => id === "reviewer")).toMatchObject({ mode: "subagent", color: "#ff0000", steps: 3, model });
    expect(agents.data[0]?.permissions[0]).toEqual({
      action: expect.any(String),
      resource: expect.any(String),
      effect: expect.any(String),
    });
    const models = dataOf(await v2.model.list()).data;
    expect(models.find(({ providerID }) => providerID === "mock")).toMatchObject({
      id: "mock-1",
      enabled: true,
      capabilities: { tools: true },
    });
    expect(dataOf(await v2.provider.list()).data.find(({ id }) => id === "mock")).toMatchObject({ api: { type: "aisdk" } });
    const anthropic = dataOf(await v2.integration.list()).data.find(({ id }) => id === "anthropic");
    expect(anthropic).toMatchObject({ methods: [{ type: "key" }, { type: "env", names: ["ANTHROPIC_API_KEY"] }], connections: [] });
    expect(dataOf(await v2.reference.list()).data).toMatchObject([
      { name: "docs", path: server.repository.join("docs"), source: { type: "local" } },
    ]);
    expect(dataOf(await v2.command.list()).data.find(({ name }) => name === "greet")).toMatchObject({ template: "Greet $ARGUMENTS" });
    expect(dataOf(await v2.skill.list()).data).toEqual([]);
  });

  verifies("client: official SDK v2", "drives a terminal client, and follows all directories", async () => {
    await using server = await testServer();
    const client = connect(server);
    expect(await eventOf(client, "tui.prompt.append", () => client.tui.appendPrompt({ text: "hello" }))).toEqual({ text: "hello" });
    for (const open of ["openHelp", "openSessions", "openThemes", "openModels", "submitPrompt", "clearPrompt"] as const)
      expect(dataOf(await client.tui[open]())).toBe(true);
    expect(dataOf(await client.tui.executeCommand({ command: "session_new" }))).toBe(true);
    expect(dataOf(await client.tui.showToast({ message: "Hi", variant: "info" }))).toBe(true);
    const { id: sessionID } = dataOf(await client.session.create());
    expect(await eventOf(client, "tui.session.select", () => client.tui.selectSession({ sessionID }))).toEqual({ sessionID });
    const { stream } = await client.global.event();
    let created: string | undefined;
    for await (const { directory, payload } of stream) {
      created ??= dataOf(await client.session.create()).id;
      if (payload.type !== "session.created") continue;
      expect([directory, payload.properties.info.id]).toEqual([server.repository.path, created]);
      return;
    }
  });
});
