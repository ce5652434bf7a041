import { describe, expect } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { ToolAnswer, ToolList } from "../../src/schema/service.ts";
import type { Session } from "../../src/schema/session.ts";
import { watch } from "../helpers/app.ts";
import { localServer } from "../helpers/mcp.ts";
import { getJSON, postJSON, type TestServer, testServer, trpcClient } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const call = ({ url }: TestServer, name: string, input: object) => postJSON<ToolAnswer>(`${url}/tool/${name}`, input);

async function refused({ url }: TestServer, path: string, input: object): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(`${url}/tool/${path}`, { method: "POST", body: JSON.stringify(input) });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

describe("the tools", () => {
  verifies(["GET /experimental/tool/ids", "GET /experimental/tool", "GET /tool"], "are listed, those of MCP servers too", async () => {
    await using test = await testServer({
      config: { mcp: { good: localServer() }, agent: { build: { permission: { webfetch: "deny" } } } },
    });
    const ids = await getJSON<string[]>(`${test.url}/experimental/tool/ids`);
    expect(ids).toEqual(expect.arrayContaining(["bash", "read", "edit", "write", "webfetch", "good_add"]));
    const offered = await getJSON<ToolList>(`${test.url}/experimental/tool?provider=mock&model=mock-1`);
    expect(offered.find(({ id }) => id === "read")).toMatchObject({
      description: expect.stringContaining("file"),
      parameters: { type: "object", properties: { filePath: { type: "string" } }, required: ["filePath"] },
    });
    expect(offered.find(({ id }) => id === "good_add")?.parameters).toMatchObject({ type: "object" });
    expect(offered.map(({ id }) => id)).not.toContain("webfetch");
    expect(await getJSON(`${test.url}/tool`)).toEqual(offered);
    await using client = trpcClient(test.url);
    expect(await client.trpc.tool.list.query()).toEqual(offered);
    const unnamed = await fetch(`${test.url}/experimental/tool?provider=mock`);
    expect([unnamed.status, await unnamed.json()]).toMatchObject([400, { name: "BadRequest", data: { field: "model", kind: "Query" } }]);
  });

  verifies("GET /experimental/tool", "are none for a model that is known to call none", async () => {
    const config = { provider: { mock: { models: { plain: { tool_call: false } } } } };
    await using test = await testServer({ config: (baseURL) => ({ provider: { mock: { ...mock(baseURL), ...config.provider.mock } } }) });
    expect(await getJSON(`${test.url}/experimental/tool?provider=mock&model=plain`)).toEqual([]);
    expect(await getJSON(`${test.url}/experimental/tool?provider=nobody&model=unknown`)).not.toEqual([]);
  });
});

const mock = (baseURL: string) => ({ npm: "@ai-sdk/openai-compatible", options: { baseURL, apiKey: "mock-key" } });

describe("a tool that is called by itself", () => {
  verifies("POST /tool/{name}", "works in the directory; its changes are announced, on record, and can be undone", async () => {
    await using test = await testServer({ files: { "a.txt": "one\n" } });
    using events = watch(test.app);
    const read = await call(test, "read", { filePath: "a.txt" });
    expect(read).toMatchObject({ title: "a.txt", output: expect.stringContaining("1: one") });
    const edited = await call(test, "edit", { filePath: "a.txt", oldString: "one", newString: "two" });
    expect(await test.repository.read("a.txt")).toBe("two\n");
    expect(edited.sessionID).toBe(read.sessionID);
    await events.until("file.edited", ({ properties }) => properties.file === test.repository.join("a.txt"));
    const at = `${test.url}/session/${edited.sessionID}`;
    const messages = await getJSON<MessageWithParts[]>(`${at}/message`);
    expect(messages.at(-1)).toMatchObject({
      info: { id: edited.messageID, role: "assistant" },
      parts: [{ type: "tool", tool: "edit", callID: edited.callID, state: { status: "completed" } }],
    });
    expect(await getJSON(`${at}/diff`)).toMatchObject([{ file: "a.txt", additions: 1, deletions: 1 }]);
    await postJSON(`${at}/revert`, { messageID: messages.at(-2)?.info.id });
    expect(await test.repository.read("a.txt")).toBe("one\n");
    expect(test.model.requests()).toEqual([]);
  });

  verifies("POST /tool/{name}", "waits for the permissions that the agent waits for; a refusal is a 403", async () => {
    await using test = await testServer({ config: { permission: { bash: "ask" } } });
    for (const [reply, status] of [
      ["reject", 403],
      ["once", 200],
    ] as const) {
      using events = watch(test.app);
      const answer = refused(test, "bash", { command: "echo ran > ran.txt", description: "Runs" });
      const { properties } = await events.until("permission.asked");
      expect(await getJSON(`${test.url}/permission`)).toMatchObject([{ id: properties.id, permission: "bash" }]);
      await postJSON(`${test.url}/permission/${properties.id}/reply`, { reply });
      const [code, body] = await answer;
      expect(code).toBe(status);
      if (code === 403) expect(body).toMatchObject({ name: "PermissionRejectedError", data: { by: "person" } });
      const { items } = await test.app.sessions.messages(properties.sessionID);
      const call = items.flatMap(({ parts }) => parts).findLast(({ type }) => type === "tool");
      expect(call).toMatchObject({ state: code === 403 ? { status: "error", metadata: { denied: "person" } } : { status: "completed" } });
      expect((await test.repository.git("status", "--short")).includes("ran.txt")).toBe(code === 200);
    }
  });

  verifies("POST /tool/{name}", "is refused where rules deny it, and by name where there is none, or its input does not fit", async () => {
    await using test = await testServer({ config: { permission: { webfetch: "deny", bash: { "*": "allow", "rm *": "deny" } } } });
    expect(await refused(test, "webfetch", { url: "http://127.0.0.1" })).toMatchObject([403, { name: "PermissionRejectedError" }]);
    expect(await refused(test, "bash", { command: "rm -r x", description: "x" })).toMatchObject([403, { data: { by: "rule" } }]);
    const [status, body] = await refused(test, "raed", {});
    expect([status, body.name]).toEqual([404, "NotFoundError"]);
    expect(body.message).toContain("Did you mean read?");
    expect(await refused(test, "read", {})).toMatchObject([400, { message: expect.stringContaining("filePath") }]);
    expect(await refused(test, "read", [])).toMatchObject([400, { name: "BadRequest" }]);
    expect(await refused(test, "read?sessionID=ses_none", { filePath: "a" })).toMatchObject([404, { name: "NotFoundError" }]);
  });

  verifies("POST /tool/{name}", "ends, with its processes, when the caller goes away", async () => {
    await using test = await testServer();
    using events = watch(test.app);
    const leaves = new AbortController();
    const body = JSON.stringify({ command: "echo $$ > pid; echo started; sleep 1000", description: "Waits" });
    const left = fetch(`${test.url}/tool/bash`, { method: "POST", body, signal: leaves.signal }).catch((error: Error) => error.name);
    await events.until(
      "message.part.updated",
      ({ properties: { part } }) =>
        part.type === "tool" && part.state.status === "running" && String(part.state.metadata?.output).includes("started"),
    );
    leaves.abort();
    expect(await left).toBe("AbortError");
    await events.until("session.idle");
    const pid = Number(await test.repository.read("pid"));
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  verifies("POST /tool/{name}", "keeps to its bounds of output, and to the session it is given", async () => {
    await using test = await testServer({ config: { tool_output: { max_lines: 10 } } });
    const session = await postJSON<Session>(`${test.url}/session`, { permission: [{ permission: "bash", pattern: "*", action: "allow" }] });
    const long = await call(test, `bash?sessionID=${session.id}`, { command: "seq 1000", description: "Counts" });
    expect(long).toMatchObject({ sessionID: session.id, metadata: { truncated: true } });
    expect(long.output.split("\n").length).toBeLessThan(30);
    const [one, other] = await Promise.all([1, 2].map((n) => call(test, "bash", { command: `echo ${n}`, description: "Says" })));
    expect([one?.output.trim(), other?.output.trim()]).toEqual(["1", "2"]);
    await using client = trpcClient(test.url);
    const said = await client.trpc.tool.run.mutate({ name: "bash", input: { command: "echo trpc", description: "Says" } });
    expect(said.output.trim()).toBe("trpc");
    expect([one?.sessionID, other?.sessionID]).toContain(said.sessionID);
  });

  verifies("POST /tool/{name}", "may be an MCP server's", async () => {
    await using test = await testServer({ config: { mcp: { good: localServer() } } });
    expect(await call(test, "good_add", { a: 1, b: 2 })).toMatchObject({ output: expect.stringContaining("sum 3") });
  });
});
