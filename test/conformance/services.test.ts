import { mkdir, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect } from "vitest";
import type { Agent, Command } from "../../src/schema/agent.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { FormatterStatus } from "../../src/schema/service.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, textOf, watch } from "../helpers/app.ts";
import { localServer, remoteServer } from "../helpers/mcp.ts";
import { getJSON, postJSON, type TestServer, testServer, trpcClient } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const modules = join(import.meta.dirname, "..", "..", "node_modules");
/** The last TypeScript with an API that its language server can use. */
const classic = dirname(dirname(createRequire(join(modules, "@vtsls/language-service/package.json")).resolve("typescript")));

async function install({ repository }: TestServer, links: Record<string, string>): Promise<void> {
  for (const [name, target] of Object.entries(links)) {
    const link = repository.join("node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link);
  }
}

const newSession = ({ url }: TestServer, body: object = {}) => postJSON<Session>(`${url}/session`, body);
const prompt = ({ url }: TestServer, { id }: Session, body: object) =>
  postJSON<MessageWithParts>(`${url}/session/${id}/message`, { ...say("go"), ...body });

async function refused(url: string, body: object): Promise<unknown[]> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  return [response.status, await response.json()];
}

describe("language servers and formatters", () => {
  verifies(
    "GET /lsp",
    "a server is listed once it really runs in the project",
    async () => {
      await using test = await testServer({
        files: {
          "package.json": "{}",
          "tsconfig.json": '{"compilerOptions":{"types":[]}}',
          "a.ts": "export const one = 1;\n",
          ".gitignore": "node_modules\n",
        },
      });
      await install(test, {
        typescript: classic,
        ".bin/typescript-language-server": join(modules, ".bin", "typescript-language-server"),
      });
      expect(await getJSON(`${test.url}/lsp`)).toEqual([]);
      expect(await getJSON(`${test.url}/find/symbol?query=one`)).toMatchObject([{ name: "one" }]);
      const running = [{ id: "typescript", name: "typescript-language-server", root: "", status: "connected" }];
      expect(await getJSON(`${test.url}/lsp`)).toEqual(running);
      await using client = trpcClient(test.url);
      expect(await client.trpc.lsp.status.query()).toEqual(running);
    },
    60_000,
  );

  verifies("GET /formatter", "those of the project are found, and run after a change", async () => {
    await using test = await testServer();
    const enabled = async () =>
      (await getJSON<FormatterStatus[]>(`${test.url}/formatter`)).filter((formatter) => formatter.enabled).map(({ name }) => name);
    expect(await enabled()).not.toContain("biome");
    await test.repository.write({ "biome.json": '{"formatter":{"indentStyle":"space"}}' });
    await install(test, { ".bin/biome": join(modules, ".bin", "biome") });
    expect(await enabled()).toContain("biome");
    await postJSON(`${test.url}/tool/write`, { filePath: "a.js", content: "const  a={b:1}\n" });
    expect(await test.repository.read("a.js")).toBe("const a = { b: 1 };\n");
  });
});

describe("MCP servers", () => {
  verifies(
    ["GET /mcp", "POST /mcp"],
    "are added while the server runs, over both transports, and their tools offered to the agent",
    async () => {
      await using test = await testServer({ config: { mcp: { off: localServer("good", { enabled: false }) } } });
      await using remote = await remoteServer();
      expect(await getJSON(`${test.url}/mcp`)).toEqual({ off: { status: "disabled" } });
      await postJSON(`${test.url}/mcp`, { name: "near", config: localServer() });
      const all = await postJSON(`${test.url}/mcp`, { name: "far", config: { type: "remote", url: remote.url } });
      expect(all).toEqual({ off: { status: "disabled" }, near: { status: "connected" }, far: { status: "connected" } });
      expect(await getJSON(`${test.url}/mcp`)).toEqual(all);
      test.model
        .calls([
          { name: "near_add", input: { a: 1, b: 2 } },
          { name: "far_add", input: { a: 3, b: 4 } },
        ])
        .text("Added.");
      expect(textOf(await prompt(test, await newSession(test), {}))).toBe("Added.");
      expect(JSON.stringify(test.model.requests()[1]?.body.messages)).toMatch(/sum 3.*sum 7/);
      expect(await refused(`${test.url}/mcp`, { name: "x", config: { type: "local" } })).toMatchObject([400, { name: "BadRequest" }]);
      expect(await refused(`${test.url}/mcp`, { config: localServer() })).toMatchObject([400, { data: { field: "name" } }]);
    },
  );
});

const reviewer = `---
description: Reviews what changed
mode: subagent
tools:
  write: false
  edit: false
permission:
  bash:
    "*": deny
    "git diff*": allow
---
You review.
`;

describe("agents", () => {
  verifies(
    ["GET /agent", "decision: Markdown agents"],
    "are those built in, and those of Markdown files with their tools and permissions",
    async () => {
      await using test = await testServer({ files: { ".opencode/agent/reviewer.md": reviewer } });
      const agents = await getJSON<Agent[]>(`${test.url}/agent`);
      expect(agents.map(({ name }) => name)).toEqual(expect.arrayContaining(["build", "plan", "general", "reviewer"]));
      expect(agents.find(({ name }) => name === "reviewer")).toMatchObject({
        mode: "subagent",
        description: "Reviews what changed",
        prompt: "You review.",
        permission: expect.arrayContaining([
          { permission: "edit", pattern: "*", action: "deny" },
          { permission: "bash", pattern: "git diff*", action: "allow" },
        ]),
      });
      const session = await newSession(test, { agent: "reviewer" });
      const tool = (name: string, input: object) => refused(`${test.url}/tool/${name}?sessionID=${session.id}`, input);
      const denied = { name: "PermissionRejectedError" };
      expect(await tool("write", { filePath: "a.txt", content: "x" })).toMatchObject([403, denied]);
      expect(await tool("bash", { command: "touch a.txt", description: "Makes" })).toMatchObject([403, denied]);
      expect(await tool("bash", { command: "git diff", description: "Looks" })).toMatchObject([200, { metadata: { exit: 0 } }]);
      expect(await test.repository.git("status", "--short", "--", "a.txt")).toBe("");
    },
  );

  verifies("prompt: user-defined agents", "answer as themselves, alone and as sub-agents", async () => {
    await using test = await testServer({
      files: { ".opencode/agent/reviewer.md": reviewer },
      config: { agent: { poet: { mode: "primary", prompt: "You rhyme.", tools: { bash: false } } } },
    });
    const session = await newSession(test);
    test.model.text("Moon, spoon.", { when: "You rhyme." });
    const answer = await prompt(test, session, { agent: "poet" });
    expect(answer.info).toMatchObject({ agent: "poet", mode: "poet" });
    const offered = test.model.requests()[0]?.body.tools?.map((tool) => tool.function.name);
    expect(offered).toContain("read");
    expect(offered).not.toContain("bash");
    test.model
      .calls({ name: "task", input: { description: "Review", prompt: "REVIEW IT", subagent_type: "reviewer" } })
      .text("All good.", { when: "You review." })
      .text("It is good.");
    expect(textOf(await prompt(test, session, { agent: "build" }))).toBe("It is good.");
    expect(await getJSON(`${test.url}/session/${session.id}/children`)).toMatchObject([{ agent: "reviewer" }]);
    const unknown = await refused(`${test.url}/session/${session.id}/message`, { ...say("go"), agent: "nobody" });
    expect(unknown).toMatchObject([400, { name: "AgentNotFoundError", message: expect.stringContaining("poet") }]);
  });
});

describe("commands", () => {
  verifies(
    ["GET /command", "prompt: slash commands and command files"],
    "come from the project's files, the user's and the configuration, and become prompts",
    async () => {
      await using test = await testServer({
        files: {
          "notes.md": "the notes\n",
          ".opencode/command/ship.md": "---\ndescription: Ships\n---\nShip $1 with @notes.md and !`echo printed`\n",
        },
        config: { command: { hello: { template: "Say hello to $ARGUMENTS", agent: "plan" } } },
      });
      const commands = await getJSON<Command[]>(`${test.url}/command`);
      expect(commands.map(({ name }) => name)).toEqual(["hello", "init", "recall", "remember", "review", "ship"]);
      expect(commands.at(-1)).toMatchObject({ description: "Ships", source: "command", hints: ["$1"] });
      const session = await newSession(test);
      using events = watch(test.app);
      test.model.text("Shipped.").text("Hello!");
      const run = (command: string, given: string) =>
        postJSON<MessageWithParts>(`${test.url}/session/${session.id}/command`, { command, arguments: given });
      expect(textOf(await run("ship", "it"))).toBe("Shipped.");
      expect(JSON.stringify(test.model.requests()[0]?.body.messages)).toMatch(/Ship it with @notes\.md and printed.*the notes/);
      expect((await run("hello", "you")).info).toMatchObject({ agent: "plan" });
      await events.until("command.executed", ({ properties }) => properties.name === "hello" && properties.arguments === "you");
      expect(await refused(`${test.url}/session/${session.id}/command`, { command: "nope", arguments: "" })).toMatchObject([
        404,
        { name: "NotFoundError", message: expect.stringContaining("hello, init") },
      ]);
      expect(await refused(`${test.url}/session/${session.id}/command`, { command: "ship" })).toMatchObject([
        400,
        { data: { field: "arguments" } },
      ]);
    },
  );

  verifies("prompt: slash commands and command files", "of the user are found in their home", async () => {
    await using test = await testServer();
    await test.home.write({ "config/opencode/command/mine.md": "Mine: $ARGUMENTS" });
    const commands = await getJSON<Command[]>(`${test.url}/command`);
    expect(commands.find(({ name }) => name === "mine")).toMatchObject({ template: "Mine: $ARGUMENTS" });
  });
});
