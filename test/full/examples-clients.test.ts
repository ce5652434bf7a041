import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import puppeteer, { type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ExamplePlace, examplePlace } from "../helpers/examples.ts";

const listed = await pages("app.localhost");
const unlisted = await pages("evil.localhost");
const write = (filePath: string) => ({ name: "write", input: { filePath, content: "made" } });

let place: ExamplePlace;
beforeAll(async () => {
  place = await examplePlace({ flags: ["--cors", listed.origin], config: { permission: { edit: "ask" } } });
});
afterAll(async () => {
  for (const each of [place, listed, unlisted]) await each[Symbol.asyncDispose]();
});

describe("websocket-bot", () => {
  const bot = (input: string) => place.run(["websocket-bot/websocket-bot.ts"], { input });

  test("holds a conversation of several lines in one session", async () => {
    place.model.text("One.", { when: "socket first", chunkSize: 2 }).text("Two.", { when: "socket second" });
    expect(await bot("socket first\n\nsocket second\n")).toMatchObject({ code: 0, stdout: "One.\nTwo.\n" });
    expect(JSON.stringify(place.model.requests().at(-1)?.body.messages)).toContain("socket first");
  });

  test("asks for permissions in between, and refuses when nobody is there", async () => {
    place.model.calls(write("socket.txt"), { when: "socket write" }).text("Made.", { when: "socket write" });
    expect((await bot("socket write\nyes\n")).stdout).toBe("Made.\n");
    expect(await place.workspace.repository.read("socket.txt")).toBe("made");
    place.model.calls(write("s1.txt"), { when: "socket session" }).calls(write("s2.txt"), { when: "socket session" });
    place.model.text("Both.", { when: "socket session" });
    expect((await bot("socket session\ns\n")).stdout).toBe("Both.\n");
    place.model.calls(write("refused.txt"), { when: "socket refuse" });
    expect((await bot("socket refuse")).stderr).toContain("Allow edit refused.txt? [y/s/a/N]");
    await expect(place.workspace.repository.read("refused.txt")).rejects.toThrow("ENOENT");
  });

  test("goes on after a turn that failed", async () => {
    place.model.error(400, { message: "No such deployment", when: "socket fail" }).text("Better.", { when: "socket better" });
    const { code, stdout, stderr } = await bot("socket fail\nsocket better\n");
    expect(code).toBe(0);
    expect(stdout.trim()).toBe("Better.");
    expect(stderr).toContain("No such deployment");
  });
});

test("editor drives the terminal client beside it, and tells which files the agent changed", async () => {
  const { workspace, url, password, model } = place;
  const terminal = workspace.terminal(["attach", url], { env: { OPENCODE_SERVER_PASSWORD: password } });
  await terminal.shows(/connected/);
  const editor = (...words: string[]) => place.run(["editor/editor.ts", ...words]);
  await using follower = await place.start(["editor/editor.ts", "follow"]);
  await follower.seen("stderr", /Following/);

  expect((await editor("add", "src/a.ts:3-9")).code).toBe(0);
  await terminal.shows(/src\/a\.ts:3-9/);
  model.calls(write("edited.txt"), { when: "b.ts what is this?" }).text("A letter.", { when: "b.ts what is this?" });
  await editor("ask", "b.ts", "what", "is", "this?");
  await terminal.shows(/▌ b\.ts what is this\?[\s\S]*△ Permission: edit/);
  const [asked] = await place.call<{ id: string }[]>("GET", "/permission");
  await place.call("POST", `/permission/${asked?.id}/reply`, { reply: "once" });
  await terminal.shows(/A letter\./);
  await follower.seen("stdout", /^\S*edited\.txt$/m);
  await editor("toast", "tests are green");
  await terminal.shows(/tests are green/);
  await editor("open", "models");
  await terminal.shows(/Mock/);
  expect(await editor("opne", "models")).toMatchObject({ code: 2 });
});

describe("mcp-server", () => {
  /** A client of the official SDK; with `answer` it has a person to ask. */
  async function connect(answer?: string) {
    const client = new Client({ name: "test", version: "1" }, { capabilities: answer === undefined ? {} : { elicitation: {} } });
    const asked: string[] = [];
    if (answer !== undefined) {
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        asked.push(params.message);
        return { action: "accept", content: { answer } };
      });
    }
    const args = [join(place.examples, "mcp-server", "mcp-server.ts")];
    const env = { PATH: process.env.PATH ?? "", CODEPORT_URL: place.url, OPENCODE_SERVER_PASSWORD: place.password };
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
    return { client, asked, [Symbol.asyncDispose]: () => client.close() };
  }

  test("offers sessions as tools: start, continue, read, list", async () => {
    await using mcp = await connect();
    expect((await mcp.client.listTools()).tools.map(({ name }) => name)).toEqual(["start", "continue", "list", "read", "stop"]);
    place.model.text("Started.", { when: "mcp start" }).text("Continued.", { when: "mcp more" });
    const started = await mcp.client.callTool({ name: "start", arguments: { prompt: "mcp start", title: "From MCP" } });
    const { sessionID } = started.structuredContent as { sessionID: string };
    expect(started).toMatchObject({ content: [{ type: "text", text: "Started." }], structuredContent: { text: "Started." } });
    await mcp.client.callTool({ name: "continue", arguments: { sessionID, prompt: "mcp more" } });
    const read = await mcp.client.callTool({ name: "read", arguments: { sessionID } });
    expect(read.content).toEqual([
      { type: "text", text: "user: mcp start\n\nassistant: Started.\n\nuser: mcp more\n\nassistant: Continued." },
    ]);
    const list = await mcp.client.callTool({ name: "list", arguments: { search: "From MCP" } });
    expect(list.content).toEqual([{ type: "text", text: `${sessionID} From MCP` }]);
  });

  test("asks the person at the client for permissions, and refuses without one", async () => {
    await using person = await connect("session");
    place.model.calls(write("mcp.txt"), { when: "mcp write" }).calls(write("mcp2.txt"), { when: "mcp write" });
    place.model.text("Written.", { when: "mcp write" });
    const progress: (string | undefined)[] = [];
    const request = { name: "start", arguments: { prompt: "mcp write" } };
    await person.client.callTool(request, undefined, { onprogress: ({ message }) => void progress.push(message) });
    expect(person.asked).toEqual(["May the agent edit: mcp.txt?"]);
    expect(progress).toEqual(["write mcp.txt", "write mcp2.txt"]);
    expect(await place.workspace.repository.read("mcp.txt")).toBe("made");
    await using nobody = await connect();
    place.model.calls(write("never.txt"), { when: "mcp never" });
    await nobody.client.callTool({ name: "start", arguments: { prompt: "mcp never" } });
    await expect(place.workspace.repository.read("never.txt")).rejects.toThrow("ENOENT");
  });

  test("a cancelled call stops the turn", async () => {
    await using mcp = await connect();
    place.model.hang("Half", { when: "mcp hang" });
    const cancel = new AbortController();
    const call = mcp.client.callTool({ name: "start", arguments: { prompt: "mcp hang" } }, undefined, { signal: cancel.signal });
    await expect.poll(() => JSON.stringify(place.model.requests().at(-1)?.body)).toContain("mcp hang");
    cancel.abort();
    await expect(call).rejects.toThrow();
    await place.model.hungUp();
  });
});

const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((file) => file && existsSync(file));

describe.skipIf(chromium === undefined)("browser", () => {
  test("a listed origin asks, and decides in a dialog; another one is refused", async () => {
    await using browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
    place.model
      .calls(write("page.txt"), { when: "page write" })
      .text("<b>Made</b> it.", { when: "page write", chunkSize: 3 })
      .text("Second.", { when: "page again" });
    await using page = await browser.newPage();
    await page.goto(listed.origin);
    await submit(page, "page write");
    await page.waitForSelector("dialog[open]");
    expect(await page.$eval("dialog p", (element) => element.textContent)).toBe("Allow edit: page.txt?");
    await page.click("dialog button[value=once]");
    await shown(page, "<b>Made</b> it.");
    expect(await place.workspace.repository.read("page.txt")).toBe("made");
    await submit(page, "page again");
    await shown(page, "Second.");
    expect(JSON.stringify(place.model.requests().at(-1)?.body.messages)).toContain("page write");

    const asked = place.model.requests().length;
    await page.goto(unlisted.origin);
    await submit(page, "page evil");
    await shown(page, `Not reached. Was it started with --cors ${unlisted.origin}?`);
    expect(place.model.requests()).toHaveLength(asked);
  });

  async function submit(page: Page, message: string): Promise<void> {
    for (const [name, value] of Object.entries({ url: place.url, password: place.password, message })) {
      await page.$eval(`[name=${name}]`, (element, text) => Object.assign(element, { value: text }), value);
    }
    await page.click("form button");
  }

  const shown = (page: Page, text: string) =>
    page.waitForFunction(`document.querySelector("output")?.textContent === ${JSON.stringify(text)}`);
});

/** The page's files as any web server gives them, under a name that leads to this machine. */
async function pages(host: string): Promise<{ origin: string } & AsyncDisposable> {
  const types: Record<string, string> = { ".html": "text/html", ".mjs": "text/javascript", ".css": "text/css" };
  const folder = join(import.meta.dirname, "..", "..", "examples", "browser");
  const server = createServer(async ({ url = "/" }, response) => {
    const name = url === "/" ? "index.html" : url.slice(1);
    const file = await readFile(join(folder, name)).catch(() => undefined);
    response.writeHead(file ? 200 : 404, { "content-type": types[extname(name)] ?? "text/plain" }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
