import { describe, expect, it } from "vitest";
import type { MCPStatus } from "../../src/schema/service.ts";
import { say, testApp, textOf, watch } from "../helpers/app.ts";
import { localServer, remoteServer } from "../helpers/mcp.ts";
import { getJSON, postJSON, type TestServer, testServer } from "../helpers/server.ts";

type Answer = Awaited<ReturnType<TestServer["app"]["sessions"]["prompt"]>>;

const here = ({ url }: { url: string }) => ({ type: "remote" as const, url });

/** The tool parts of a session, by tool. */
async function toolParts({ app }: Pick<TestServer, "app">, sessionID: string) {
  const { items } = await app.sessions.messages(sessionID);
  const parts = items.flatMap(({ parts }) => parts).filter((part) => part.type === "tool");
  return Object.fromEntries(parts.map(({ tool, state }) => [tool, state]));
}

async function promptOver(server: TestServer, text = "go"): Promise<{ sessionID: string; answer: Answer }> {
  const { id } = await postJSON<{ id: string }>(`${server.url}/session`, { title: "MCP" });
  return { sessionID: id, answer: await postJSON<Answer>(`${server.url}/session/${id}/message`, say(text)) };
}

describe("the tools of an MCP server", () => {
  it("stand beside the built-in ones in the model's request, and run over HTTP end to end", async () => {
    await using server = await testServer({ config: { mcp: { calc: localServer() } } });
    server.model.calls([
      { name: "calc_add", input: { a: 1, b: 2 }, id: "one" },
      { name: "calc_where", input: {}, id: "two" },
    ]);
    server.model.text("3");
    const { sessionID, answer } = await promptOver(server);
    expect(textOf(answer)).toBe("3");
    const offered = server.model.requests()[0]?.body.tools?.map((tool) => tool.function) ?? [];
    expect(offered.map(({ name }) => name)).toEqual(expect.arrayContaining(["bash", "read", "calc_add", "calc_where"]));
    expect(offered.find(({ name }) => name === "calc_add")).toMatchObject({
      description: "Adds two numbers.",
      parameters: { type: "object", properties: { a: { type: "number", description: "The first" } }, required: ["a", "b"] },
    });
    expect(await toolParts(server, sessionID)).toMatchObject({
      calc_add: { status: "completed", title: "", output: "sum 3", metadata: { truncated: false } },
      calc_where: { status: "completed", output: server.repository.path },
    });
  });

  it("have names that every provider takes, each once, and never a built-in tool's", async () => {
    await using remote = await remoteServer();
    await using test = await testApp({ config: { mcp: { "my server": here(remote), my_server: here(remote) } } });
    const { mcp } = await test.app.instance(test.repository.path);
    await mcp.ready();
    const names = mcp.tools(["my_server_pid"]).map(({ id }) => id);
    expect(names.length).toBe(24);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain("my_server_pid");
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(mcp.tools(["my_server_pid"]).map(({ id }) => id)).toEqual(names);
  });

  it("get exactly what the model said, answer with data and pictures, and keep to the output limit", async () => {
    await using remote = await remoteServer();
    await using server = await testServer({ config: { mcp: { calc: here(remote) } } });
    server.model.calls([
      { name: "calc_add", input: { a: 1, b: null }, id: "one" },
      { name: "calc_structured", input: {}, id: "two" },
      { name: "calc_picture", input: {}, id: "three" },
      { name: "calc_long", input: {}, id: "four" },
    ]);
    server.model.text("ok");
    const { sessionID } = await promptOver(server);
    const states = await toolParts(server, sessionID);
    expect(states).toMatchObject({
      calc_add: { output: "sum 1001" },
      calc_structured: { output: '{\n  "value": 42\n}' },
      calc_picture: { attachments: [{ mime: "image/png", url: expect.stringMatching(/^data:image\/png;base64,iVBOR/) }] },
      calc_long: { status: "completed", metadata: { truncated: true } },
    });
    expect(states.calc_picture).toMatchObject({
      output: "Look:\n\n[audio/wav, 3 bytes: cannot be shown]\n\ninner text\n\nhello: note://hello",
    });
  });

  it("fail with the server's own words, and with those of its protocol when the input is wrong", async () => {
    await using remote = await remoteServer();
    await using server = await testServer({ config: { mcp: { calc: here(remote) } } });
    server.model.calls([
      { name: "calc_fail", input: {}, id: "one" },
      { name: "calc_add", input: { a: "x", b: 1 }, id: "two" },
    ]);
    server.model.text("ok");
    const { sessionID } = await promptOver(server);
    expect(await toolParts(server, sessionID)).toMatchObject({
      calc_fail: { status: "error", error: "no such city" },
      calc_add: { status: "error", error: expect.stringMatching(/number/) },
    });
  });

  it("ask where the rules say so, by the tool's full name or a wildcard, and are not offered where they are denied", async () => {
    await using remote = await remoteServer();
    await using server = await testServer({
      config: { mcp: { calc: here(remote) }, permission: { "calc_a*": "ask", calc_pid: "deny" }, tools: { "calc_wh*": false } },
    });
    server.model.calls({ name: "calc_add", input: { a: 1, b: 2 } }).text("done");
    using events = watch(server.app);
    const prompting = promptOver(server);
    const { properties } = await events.until("permission.asked");
    expect(properties).toMatchObject({ permission: "calc_add", patterns: ["*"], always: ["*"], metadata: { input: { a: 1, b: 2 } } });
    await postJSON(`${server.url}/permission/${properties.id}/reply`, { reply: "once" });
    const { sessionID } = await prompting;
    expect(await toolParts(server, sessionID)).toMatchObject({ calc_add: { status: "completed", output: "sum 3" } });
    const names = server.model.requests()[0]?.body.tools?.map((tool) => tool.function.name) ?? [];
    expect(names).toContain("calc_add");
    expect(names.filter((name) => ["calc_pid", "calc_where"].includes(name))).toEqual([]);
  });

  it("change while it runs: watchers hear of it, and the next prompt offers the new ones", async () => {
    await using remote = await remoteServer();
    await using server = await testServer({ config: { mcp: { calc: here(remote) } } });
    server.model.calls({ name: "calc_grow", input: {} }).text("grown");
    using events = watch(server.app);
    await promptOver(server);
    const { mcp } = await server.app.instance(server.repository.path);
    for (let seen = 1; !mcp.tools([]).some(({ id }) => id === "calc_grown"); seen += 1)
      await events.until("mcp.tools.changed", () => events.seen.filter(({ type }) => type === "mcp.tools.changed").length > seen);
    server.model.calls({ name: "calc_grown", input: {} }).text("done");
    const { sessionID } = await promptOver(server);
    expect(await toolParts(server, sessionID)).toMatchObject({ calc_grown: { output: "grown" } });
  });

  it("are reached over streamable HTTP with its headers, and over the older event stream", async () => {
    await using now = await remoteServer();
    await using old = await remoteServer({ sse: true });
    const remote = (url: string) => ({ type: "remote" as const, url, headers: { "x-key": "abc" } });
    await using server = await testServer({ config: { mcp: { now: remote(now.url), old: remote(old.url) } } });
    server.model.calls([
      { name: "now_add", input: { a: 1, b: 2 }, id: "one" },
      { name: "old_add", input: { a: 3, b: 4 }, id: "two" },
    ]);
    server.model.text("ok");
    const { sessionID } = await promptOver(server);
    expect(await toolParts(server, sessionID)).toMatchObject({ now_add: { output: "sum 3" }, old_add: { output: "sum 7" } });
    expect(new Set(now.requests.map((headers) => headers["x-key"]))).toEqual(new Set(["abc"]));
  });

  it("see none of the server's secrets, and what their configuration gives them", async () => {
    await using test = await testApp({ config: { mcp: { calc: localServer("good", { environment: { MY_KEY: "mine" } }) } } });
    const { mcp } = await test.app.instance(test.repository.path);
    expect(Object.keys(test.env)).toContain("OPENCODE_CONFIG_CONTENT");
    await mcp.ready();
    test.model.calls({ name: "calc_environment", input: {} }).text("ok");
    const session = await test.app.sessions.create(test.repository.path, { title: "Secrets" });
    await test.app.sessions.prompt(session.id, say("go"));
    const state = (await toolParts(test, session.id)).calc_environment;
    const environment = JSON.parse(state?.status === "completed" ? state.output : "{}");
    expect(environment).toMatchObject({ MY_KEY: "mine", HOME: test.home.path });
    expect(Object.keys(environment).filter((name) => /^(OPENCODE|CODEPORT)_/.test(name))).toEqual(["CODEPORT_TOOL"]);
  });
});

describe("MCP servers", () => {
  const statusOf = (server: TestServer) => getJSON<Record<string, MCPStatus>>(`${server.url}/mcp`);

  it("are listed with their status, added, disconnected and connected at run time", async () => {
    await using server = await testServer({
      config: {
        mcp: {
          off: localServer("good", { enabled: false }),
          lost: { type: "local", command: ["/no/such/program"] },
          bare: { enabled: true },
        },
      },
    });
    expect(await statusOf(server)).toEqual({
      off: { status: "disabled" },
      lost: { status: "failed", error: expect.stringMatching(/^The command "\/no\/such\/program" could not be started in .*ENOENT/) },
    });
    expect(await postJSON(`${server.url}/mcp`, { name: "calc", config: localServer() })).toMatchObject({
      off: { status: "disabled" },
      calc: { status: "connected" },
    });
    const { mcp } = await server.app.instance(server.repository.path);
    expect(mcp.tools([]).map(({ id }) => id)).toContain("calc_add");
    expect(await postJSON(`${server.url}/mcp/calc/disconnect`, {})).toBe(true);
    expect(mcp.tools([])).toEqual([]);
    expect(await postJSON(`${server.url}/mcp/off/connect`, {})).toBe(true);
    expect(await postJSON(`${server.url}/mcp/lost/connect`, {})).toBe(false);
    expect(await statusOf(server)).toMatchObject({
      off: { status: "connected" },
      calc: { status: "disabled" },
      lost: { status: "failed" },
    });
  });

  it.each(["connect", "disconnect", "auth", "auth/callback", "auth/authenticate"])(
    "that nobody knows are 404 at %s, and named",
    async (path) => {
      await using server = await testServer({ config: { mcp: { off: localServer("good", { enabled: false }) } } });
      const response = await fetch(`${server.url}/mcp/nobody/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code: "x" }),
      });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        _tag: "McpServerNotFoundError",
        message: 'There is no MCP server "nobody". There are: off.',
      });
    },
  );

  it("of a directory that nobody trusts are not even listed", async () => {
    const config = (name: string) => JSON.stringify({ mcp: { [name]: localServer("good", { enabled: false }) } });
    await using server = await testServer({ files: { "opencode.json": config("own"), "vendored/opencode.json": config("evil") } });
    const vendored = encodeURIComponent(server.repository.join("vendored"));
    expect(await statusOf(server)).toEqual({ own: { status: "disabled" } });
    expect(await getJSON(`${server.url}/mcp?directory=${vendored}`)).toEqual({ own: { status: "disabled" } });
  });
});

describe("what an MCP server has beside tools", () => {
  it("prompts are commands, rendered with their arguments", async () => {
    await using remote = await remoteServer();
    await using test = await testApp({ config: { mcp: { "my calc": here(remote) } } });
    const { mcp } = await test.app.instance(test.repository.path);
    expect(await mcp.commands()).toEqual([
      { name: "my_calc:review", description: "Reviews a file.", source: "mcp", arguments: [{ name: "file", required: true }] },
    ]);
    expect(await mcp.renderPrompt("my_calc:review", { file: "a.ts" })).toEqual([
      { role: "user", text: "Please review a.ts.", attachments: [] },
    ]);
    await expect(mcp.renderPrompt("my_calc:review", {})).rejects.toMatchObject({
      name: "BadRequest",
      message: "my_calc:review needs file.",
    });
    await expect(mcp.renderPrompt("my_calc:unknown", {})).rejects.toMatchObject({ name: "NotFoundError" });
  });

  it("resources are listed, and their content is part of a prompt that names them", async () => {
    await using remote = await remoteServer();
    await using server = await testServer({ config: { mcp: { notes: here(remote) } } });
    expect(Object.values(await getJSON<object>(`${server.url}/experimental/resource`))).toEqual([
      { name: "hello", uri: "note://hello", description: "A greeting.", mimeType: "text/plain", client: "notes" },
      { name: "dot", uri: "note://dot.png", mimeType: "image/png", client: "notes" },
    ]);
    server.model.text("ok");
    const { id } = await postJSON<{ id: string }>(`${server.url}/session`, { title: "MCP" });
    const file = (uri: string, mime: string, clientName = "notes") => ({
      ...{ type: "file", mime, url: uri, filename: uri },
      source: { type: "resource", clientName, uri, text: { value: "@it", start: 0, end: 3 } },
    });
    const parts = [
      ...say("look").parts,
      file("note://hello", "text/plain"),
      file("note://dot.png", "image/png"),
      file("note://x", "text/plain", "nobody"),
    ];
    await postJSON(`${server.url}/session/${id}/message`, { parts });
    const said = JSON.stringify(server.model.requests()[0]?.body.messages);
    expect(said).toContain("hello from the resource");
    expect(said).toContain("data:image/png;base64,iVBOR");
    expect(said).toContain('could not be read. There is no MCP server \\"nobody\\"');
  });
});
