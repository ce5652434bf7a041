import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { axeFaults } from "../helpers/axe.ts";
import { openPage } from "../helpers/browser.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

let server: TestServer;
let sessionID: string;

/** A session with a turn that asked for permission and ran a tool. */
beforeAll(async () => {
  server = await testServer({ config: { permission: { bash: "ask" } } });
  const { sessions, permissions, log, directory } = server.app;
  sessionID = (await sessions.create(directory, { title: "Marmalade" })).id;
  const answering = (async () => {
    for await (const { event } of log.read({ after: 0 })) {
      if (event.type !== "permission.asked") continue;
      return permissions.reply(event.properties.id, { reply: "once", actor: { name: "test" } });
    }
  })();
  server.model.calls([{ name: "bash", input: { command: "echo marmalade", description: "Say it" } }]).text("Said.");
  await sessions.prompt(sessionID, { parts: [{ type: "text", text: 'Say it\'s "done"' }] });
  await answering;
});

afterAll(() => server[Symbol.asyncDispose]());

const open = (path: string) => openPage(`${server.url}/web/${path}`);

/** Does what makes the page download, and reads the file. */
async function downloaded(page: Page, act: () => Promise<unknown>): Promise<string> {
  await using folder = await temporaryDirectory();
  const session = await page.createCDPSession();
  await session.send("Browser.setDownloadBehavior", {
    behavior: "allow",
    downloadPath: folder.path,
    eventsEnabled: true,
    browserContextId: page.browserContext().id,
  });
  const began = new Promise<string>((resolve) =>
    session.once("Browser.downloadWillBegin", ({ suggestedFilename }) => resolve(suggestedFilename)),
  );
  const ended = new Promise<void>((resolve) =>
    session.on("Browser.downloadProgress", ({ state }) => {
      if (state === "completed") resolve();
    }),
  );
  await act();
  const [name] = await Promise.all([began, ended]);
  return readFile(join(folder.path, name), "utf8");
}

/** What a command for a shell says, until it has said this or ends. */
async function said(command: string, text: string): Promise<string> {
  const child = spawn("sh", ["-c", `exec ${command}`], { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    output += chunk;
    if (output.includes(text)) break;
  }
  child.kill();
  return output;
}

describe("the timeline", () => {
  test("tells where a turn's time went, draws tokens and cost, and exports both", async () => {
    await using opened = await open(`timeline?session=${sessionID}`);
    const { page } = opened;
    await page.waitForSelector("ol ::-p-text(echo marmalade)");
    const lines = await page.$$eval("main ol > li > button", (buttons) => buttons.map((button) => button.textContent));
    expect(lines.filter((line) => !line?.startsWith("Queue"))).toEqual([
      expect.stringMatching(/^Step 1mock\/mock-1/),
      expect.stringMatching(/^bashecho marmalade/),
      expect.stringMatching(/^Step 2mock\/mock-1/),
    ]);
    await page.locator("main ol button ::-p-text(bash)").click();
    await page.waitForSelector("li ::-p-text(Waits for permission)");
    await page.waitForSelector("li ::-p-text(answered: once)");
    const choose = async (title: string) => {
      await page.locator("button ::-p-text(Export)").click();
      await page.locator(`[role=menuitem] ::-p-text(${title})`).click();
    };
    const csv = await downloaded(page, () => choose("Export as CSV"));
    expect(csv.split("\r\n").map((line) => line.split(",")[2])).toEqual(["kind", "turn", "step", "tool", "permission", "step", undefined]);
    const json = JSON.parse(await downloaded(page, () => choose("Export as JSON")));
    expect(json).toMatchObject({ sessionID, turns: [{ state: "completed", steps: [{ tools: [{ tool: "bash" }] }, {}] }] });
    expect(await axeFaults(page)).toEqual([]);
    await page.locator("[role=tab] ::-p-text(Tokens and cost)").click();
    await page.waitForFunction(() => document.querySelectorAll("canvas").length === 4);
    expect(new URL(page.url()).searchParams.get("view")).toBe("plots");
    expect(await axeFaults(page)).toEqual([]);
  });

  test("of usage adds up by day and by model, and stays with a reload", async () => {
    await using opened = await open("usage");
    const { page } = opened;
    await page.waitForSelector("table ::-p-text(mock/mock-1)");
    await page.select("main section select", "session");
    await page.waitForSelector("table ::-p-text(Marmalade)");
    await page.reload();
    await page.waitForSelector("table ::-p-text(Marmalade)");
    await page.waitForSelector("canvas");
    expect(await axeFaults(page)).toEqual([]);
  });
});

describe("the events", () => {
  test("are listed as they come, filtered, held, opened and copied as a call that brings them", async () => {
    await using opened = await open("events");
    const { page } = opened;
    for (const name of ["clipboard-write", "clipboard-read"]) {
      await page.browserContext().setPermission(server.url, { permission: { name }, state: "granted" });
    }
    await page.locator("button ::-p-text(Earlier)").click();
    await page.waitForSelector("[role=option] ::-p-text(session.idle)");
    await page.locator("input[aria-label=Types]").fill("session.updated");
    await page.waitForFunction(() => !document.querySelector("[role=listbox]")?.textContent?.includes("session.idle"));
    expect(new URL(page.url()).searchParams.get("type")).toBe("session.updated");
    await page.locator("button ::-p-text(Pause)").click();
    await server.app.sessions.update(sessionID, { title: "Marmalade and toast" });
    await page.waitForSelector("button ::-p-text(Go on \\(1 new\\))");
    const held = await page.$$eval("[role=option]", (rows) => rows.length);
    await page.locator("button ::-p-text(Go on)").click();
    await page.waitForFunction((before) => document.querySelectorAll("[role=option]").length > before, {}, held);
    await page.focus("[role=listbox]");
    await page.keyboard.press("End");
    await page.waitForSelector("[role=treeitem] ::-p-text(Marmalade and toast)");
    expect(await axeFaults(page)).toEqual([]);
    await page.setViewport({ width: 1280, height: 844 });
    await page.locator("section button ::-p-text(Copy as…)").click();
    await page.locator("[role=menuitem] ::-p-text(curl)").click();
    await page.waitForSelector("::-p-text(Copied as curl)");
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(await said(command, "Marmalade and toast")).toContain("Marmalade and toast");
  });

  test("of a terminal client are told from here, and both sides of its queue played", async () => {
    await using opened = await open("events?tab=control");
    const { page } = opened;
    await page.locator("button ::-p-text(Open help)").click();
    await page.waitForSelector("ol ::-p-text(help.show)");
    await page.locator("section[aria-labelledby=control-ask] input[name=path]").fill("/jam");
    await page.locator("section[aria-labelledby=control-ask] button[type=submit]").click();
    await page.waitForSelector("::-p-text(Waiting for an answer)");
    await page.locator("button ::-p-text(Take the next request)").click();
    await page.waitForSelector('section[aria-labelledby=control-answer] [role=treeitem] ::-p-text("/jam")');
    await page.locator("textarea[name=response]").fill('{"spread":"thick"}');
    await page.locator("button ::-p-text(Respond)").click();
    await page.waitForSelector('section[aria-labelledby=control-ask] [role=treeitem] ::-p-text("thick")');
    expect(await axeFaults(page)).toEqual([]);
  });
});

describe("the procedures", () => {
  test("are found, run by a form, and copied as a call that answers the same", async () => {
    await using opened = await open("api");
    const { page } = opened;
    await page.waitForSelector("nav[aria-label=Procedures]");
    await page.keyboard.press("/");
    await page.keyboard.type("GET /session/{sessionID} get");
    await page.locator("nav[aria-label=Procedures] a[href*='session.get']").click();
    await page.locator("article button[type=submit]").click();
    await page.waitForSelector("[role=alert] ::-p-text(sessionID is needed)");
    await page.locator("article input").fill(sessionID);
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=treeitem] ::-p-text(Marmalade)");
    await page.reload();
    await page.waitForFunction((id) => document.querySelector<HTMLInputElement>("article input")?.value === id, {}, sessionID);
    await page.locator("[role=tab] ::-p-text(curl)").click();
    await page.waitForSelector("pre ::-p-text(curl)");
    const command = await page.$eval("article pre", (pre) => pre.textContent ?? "");
    expect(JSON.parse(await said(command, "\n"))).toMatchObject({ id: sessionID });
    await page.waitForSelector("[role=tab] ::-p-text(SDK)");
    expect(await axeFaults(page)).toEqual([]);
  });

  test("that are subscriptions run until they are stopped", async () => {
    await using opened = await open("api?procedure=event.subscribe");
    const { page } = opened;
    await page.locator("article button[type=submit]").click();
    await page.waitForSelector("[role=treeitem] ::-p-text(server.connected)");
    await server.app.sessions.update(sessionID, { title: "Heard" });
    await page.waitForSelector("[role=treeitem] ::-p-text(session.updated)");
    await page.locator("button ::-p-text(Stop)").click();
    await page.waitForSelector("[role=status] ::-p-text(Stopped after)");
  });
});
