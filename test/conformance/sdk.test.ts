import { createOpencodeClient, type OpencodeClient } from "@opencode-ai/sdk";
import { describe, expect } from "vitest";
import { localServer } from "../helpers/mcp.ts";
import { dataOf, edit, mock, project, text, todo } from "../helpers/sdk.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const connect = ({ url }: { url: string }) => createOpencodeClient({ baseUrl: url });

/** The first event of the type. The stream is read to its end by nobody, so it is left there. */
async function eventOf(client: OpencodeClient, type: string, act: () => Promise<unknown>): Promise<unknown> {
  const { stream } = await client.event.subscribe();
  let acting: Promise<unknown> | undefined;
  for await (const event of stream) {
    // The server is listening from its first event on.
    acting ??= act();
    if (event.type === type) {
      await acting;
      return event.properties;
    }
  }
  throw new Error(`The stream ended without ${type}.`);
}

describe("@opencode-ai/sdk", () => {
  verifies("client: official SDK", "keeps sessions", async () => {
    await using server = await testServer();
    const client = connect(server);
    const session = dataOf(await client.session.create({ body: { title: "One" } }));
    const child = dataOf(await client.session.create({ body: { parentID: session.id, title: "Two" } }));
    const path = { id: session.id };
    expect(
      dataOf(await client.session.list())
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([session.id, child.id].toSorted());
    expect(dataOf(await client.session.get({ path }))).toMatchObject({ title: "One", directory: server.repository.path });
    expect(dataOf(await client.session.children({ path })).map(({ id }) => id)).toEqual([child.id]);
    expect(dataOf(await client.session.update({ path, body: { title: "Renamed" } }))).toMatchObject({ title: "Renamed" });
    expect(dataOf(await client.session.status())).toEqual({});
    expect(dataOf(await client.session.share({ path }))).toMatchObject({ share: { url: expect.stringContaining(server.url) } });
    expect(dataOf(await client.session.unshare({ path })).share).toBeUndefined();
    expect(dataOf(await client.session.delete({ path }))).toBe(true);
    expect(dataOf(await client.session.list())).toEqual([]);
    const { error, response } = await client.session.get({ path });
    expect([response.status, error]).toMatchObject([
      404,
      { name: "NotFoundError", data: { message: expect.stringContaining(session.id) } },
    ]);
  });

  verifies("client: official SDK", "prompts, reads messages, undoes, forks and compacts", async () => {
    await using server = await testServer({ files: project });
    server.model.calls(todo).calls(edit).text("Done.").text("A summary.");
    const client = connect(server);
    const { id } = dataOf(await client.session.create({ body: {} }));
    const path = { id };
    const answer = dataOf(await client.session.prompt({ path, body: { parts: text("make it"), model: mock, agent: "build" } }));
    expect(answer.parts).toContainEqual(expect.objectContaining({ type: "text", text: "Done." }));
    expect(dataOf(await client.session.todo({ path }))).toMatchObject([{ content: "Greet", status: "pending" }]);
    const messages = dataOf(await client.session.messages({ path }));
    expect(messages.map(({ info }) => info.role)).toEqual(["user", "assistant", "assistant", "assistant"]);
    const messageID = messages[0]?.info.id ?? "";
    expect(dataOf(await client.session.message({ path: { id, messageID } })).info.id).toBe(messageID);
    expect(dataOf(await client.session.diff({ path }))).toMatchObject([{ file: "made.txt", additions: 1, deletions: 0 }]);
    expect(dataOf(await client.session.revert({ path, body: { messageID } }))).toMatchObject({ revert: { messageID } });
    await expect(server.repository.read("made.txt")).rejects.toThrow("ENOENT");
    expect(dataOf(await client.session.unrevert({ path })).revert).toBeUndefined();
    expect(await server.repository.read("made.txt")).toBe("made\n");
    const fork = dataOf(await client.session.fork({ path, body: {} }));
    expect(dataOf(await client.session.messages({ path: { id: fork.id } }))).toHaveLength(4);
    expect(dataOf(await client.session.summarize({ path, body: mock }))).toBe(true);
  });

  verifies("client: official SDK", "runs commands and the shell, prompts without waiting, answers permissions, and aborts", async () => {
    await using server = await testServer({ files: project, config: { permission: { bash: "ask" } } });
    const client = connect(server);
    const { id } = dataOf(await client.session.create({ body: {} }));
    const path = { id };
    expect(dataOf(await client.command.list()).map(({ name }) => name)).toEqual(expect.arrayContaining(["greet", "init", "review"]));
    server.model.text("Hello, Ada.").text("Written.");
    const greeted = dataOf(await client.session.command({ path, body: { command: "greet", arguments: "Ada", model: "mock/mock-1" } }));
    expect(greeted.parts).toContainEqual(expect.objectContaining({ type: "text", text: "Hello, Ada." }));
    const shell = dataOf(await client.session.shell({ path, body: { command: "echo from the shell", agent: "build" } }));
    expect(JSON.stringify(shell)).toContain("from the shell");
    const messageID = "msg_ffffffffffff00000000000000";
    expect(dataOf(await client.session.init({ path, body: { ...mock, messageID } }))).toBe(true);
    server.model.calls({ name: "bash", input: { command: "echo x > y.txt", description: "d" } }).hang("thinking");
    const asked = (await eventOf(client, "permission.asked", () => client.session.promptAsync({ path, body: { parts: text("go") } }))) as {
      id: string;
    };
    const answer = { path: { id, permissionID: asked.id }, body: { response: "once" as const } };
    const delta = await eventOf(client, "message.part.delta", () => client.postSessionIdPermissionsPermissionId(answer));
    expect(delta).toMatchObject({ delta: "thinking" });
    expect(await server.repository.read("y.txt")).toBe("x\n");
    expect(dataOf(await client.session.status())).toMatchObject({ [id]: { type: "busy" } });
    expect(await eventOf(client, "session.idle", () => client.session.abort({ path }))).toEqual({ sessionID: id });
  });

  verifies("client: official SDK", "finds and reads files, and knows the project", async () => {
    await using server = await testServer({ files: project });
    const client = connect(server);
    const here = server.repository.path;
    expect(dataOf(await client.find.text({ query: { pattern: "world" } }))).toMatchObject([
      { path: { text: "README.md" }, line_number: 3 },
    ]);
    expect(dataOf(await client.find.files({ query: { query: "hello" } }))).toEqual(["src/hello.ts"]);
    expect(dataOf(await client.find.symbols({ query: { query: "hello" } }))).toEqual(expect.any(Array));
    expect(dataOf(await client.file.list({ query: { path: "src" } }))).toMatchObject([{ name: "hello.ts", type: "file" }]);
    expect(dataOf(await client.file.read({ query: { path: "README.md" } }))).toMatchObject({
      type: "text",
      content: expect.stringContaining("# Demo"),
    });
    await server.repository.write({ "README.md": "# Changed\n" });
    expect(dataOf(await client.file.status())).toMatchObject([{ path: "README.md", status: "modified" }]);
    expect(dataOf(await client.project.current())).toMatchObject({ worktree: here, vcs: "git" });
    expect(dataOf(await client.project.list())).toMatchObject([{ worktree: here }]);
    expect(dataOf(await client.path.get())).toMatchObject({ directory: here, worktree: here });
    expect(dataOf(await client.vcs.get())).toMatchObject({ branch: "main" });
  });

  verifies("client: official SDK", "lists models, agents and tools, and connects MCP servers", async () => {
    await using server = await testServer({ files: project });
    const client = connect(server);
    expect(dataOf(await client.config.get())).toMatchObject({ model: "mock/mock-1" });
    expect(dataOf(await client.config.providers()).providers.map(({ id }) => id)).toContain("mock");
    expect(dataOf(await client.provider.list()).connected).toContain("mock");
    expect(dataOf(await client.app.agents()).map(({ name }) => name)).toEqual(expect.arrayContaining(["build", "plan", "general"]));
    expect(dataOf(await client.tool.ids())).toContain("read");
    expect(dataOf(await client.tool.list({ query: { provider: "mock", model: "mock-1" } })).map(({ id }) => id)).toContain("edit");
    expect(dataOf(await client.lsp.status())).toEqual([]);
    expect(dataOf(await client.formatter.status())).toEqual(expect.any(Array));
    expect(dataOf(await client.mcp.status())).toEqual({});
    const config = localServer();
    const added = await client.mcp.add({ body: { name: "good", config: { ...config, type: "local" } } });
    expect(dataOf(added)).toMatchObject({ good: { status: "connected" } });
    expect(dataOf(await client.mcp.disconnect({ path: { name: "good" } }))).toBe(true);
    expect(dataOf(await client.mcp.status())).toMatchObject({ good: { status: "disabled" } });
    expect(dataOf(await client.mcp.connect({ path: { name: "good" } }))).toBe(true);
    expect(dataOf(await client.tool.ids())).toContain("good_add");
  });

  verifies("client: official SDK", "stores credentials, lists logins, and writes to the log", async () => {
    await using server = await testServer();
    const client = connect(server);
    const credentials = { path: { id: "openai" }, body: { type: "api" as const, key: "sk-secret" } };
    expect(dataOf(await client.auth.set(credentials))).toBe(true);
    const { connected, all } = dataOf(await client.provider.list());
    expect(connected).toContain("openai");
    expect(JSON.stringify(all)).not.toContain("sk-secret");
    expect(dataOf(await client.provider.auth())).toMatchObject({
      openai: expect.arrayContaining([expect.objectContaining({ type: "api" })]),
    });
    expect(dataOf(await client.app.log({ body: { service: "test", level: "info", message: "hello" } }))).toBe(true);
  });

  verifies("client: official SDK", "changes the configuration, and disposes the directory", async () => {
    await using server = await testServer();
    const client = connect(server);
    expect(dataOf(await client.config.update({ body: { username: "Ada" } }))).toMatchObject({ username: "Ada" });
    expect(dataOf(await client.config.get())).toMatchObject({ username: "Ada" });
    expect(await eventOf(client, "server.instance.disposed", () => client.instance.dispose())).toEqual({
      directory: server.repository.path,
    });
    expect(dataOf(await client.config.get())).toMatchObject({ username: "Ada" });
  });

  verifies("client: official SDK", "drives a terminal client", async () => {
    await using server = await testServer();
    const client = connect(server);
    expect(await eventOf(client, "tui.prompt.append", () => client.tui.appendPrompt({ body: { text: "hello" } }))).toEqual({
      text: "hello",
    });
    for (const open of ["openHelp", "openSessions", "openThemes", "openModels", "submitPrompt", "clearPrompt"] as const)
      expect(dataOf(await client.tui[open]())).toBe(true);
    expect(dataOf(await client.tui.executeCommand({ body: { command: "session_new" } }))).toBe(true);
    expect(dataOf(await client.tui.showToast({ body: { message: "Hi", variant: "info" } }))).toBe(true);
    expect(dataOf(await client.tui.publish({ body: { type: "tui.toast.show", properties: { message: "Hi", variant: "info" } } }))).toBe(
      true,
    );
  });

  verifies("client: official SDK", "follows the events of all directories", async () => {
    await using server = await testServer();
    const client = connect(server);
    const { stream } = await client.global.event();
    let session: string | undefined;
    for await (const { directory, payload } of stream) {
      session ??= dataOf(await client.session.create({ body: {} })).id;
      if (payload.type !== "session.created") continue;
      expect([directory, payload.properties.info.id]).toEqual([server.repository.path, session]);
      return;
    }
  });
});
