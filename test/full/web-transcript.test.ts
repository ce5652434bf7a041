import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { describe, expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { axeFaults } from "../helpers/axe.ts";
import { openPage } from "../helpers/browser.ts";
import { longConversation } from "../helpers/long-conversation.ts";
import { testServer } from "../helpers/server.ts";

const conversation = "section[aria-label=Conversation]";
const inSight = (page: Page, text: string) =>
  page.waitForFunction(
    (selector, wanted) => {
      const area = document.querySelector(selector);
      const box = area?.getBoundingClientRect();
      const shown = [...(area?.querySelectorAll("article") ?? [])].find((article) => article.textContent.includes(wanted));
      const { top = Number.NaN, bottom = Number.NaN } = shown?.getBoundingClientRect() ?? {};
      return box !== undefined && bottom > box.top && top < box.bottom;
    },
    {},
    conversation,
    text,
  );

describe("a session on the page", () => {
  test("a thousand messages: the end at once with few nodes, earlier ones without a jump, one by its address", async () => {
    await using server = await testServer();
    await using client = createClient({ url: server.url });
    const messages = longConversation(500, server.app.directory);
    const { id } = await client.api.session.import.mutate({ info: { title: "Long" }, messages });
    await using opened = await openPage(`${server.url}/web/session/${id}`);
    const { page } = opened;
    await inSight(page, "Answer 499");
    expect(await page.$$eval("*", (nodes) => nodes.length)).toBeLessThan(2_000);
    // To the beginning of what is loaded: what was first stays where it is while the messages before it come.
    const before = await page.$eval(conversation, (area) => {
      area.scrollTop = 0;
      return area.scrollHeight;
    });
    await page.waitForFunction(
      (selector, height) => (document.querySelector(selector)?.scrollHeight ?? 0) > height * 1.5,
      {},
      conversation,
      before,
    );
    await inSight(page, "Prompt 450:");
    expect(await page.$$eval("*", (nodes) => nodes.length)).toBeLessThan(2_000);
    await page.locator("button ::-p-text(To the end)").click();
    await inSight(page, "Answer 499");
    // The address may lead to a message that is not loaded yet.
    await page.goto(
      `${server.url}/web/session/${id}?message=${(await client.api.session.messages.query({ sessionID: id }))[600]?.info.id ?? ""}`,
    );
    await inSight(page, "Prompt 300:");
  });

  test("a draft outlives a reload; files and commands are completed; what is attached goes with the prompt", async () => {
    await using server = await testServer();
    await using client = createClient({ url: server.url });
    await writeFile(join(server.app.directory, "marmalade.txt"), "orange\n");
    const { id } = await server.app.sessions.create(server.app.directory, { title: "Drafts" });
    await using opened = await openPage(`${server.url}/web/session/${id}`);
    const { page } = opened;
    const text = () => page.$eval("textarea", (area) => area.value);
    await page.locator("textarea").fill("Read @marm");
    await page.waitForSelector("[role=option] ::-p-text(marmalade.txt)");
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => document.querySelector("textarea")?.value === "Read @marmalade.txt ");
    await page.keyboard.type("well");
    await page.reload();
    await page.waitForSelector("textarea");
    expect(await text()).toBe("Read @marmalade.txt well");
    const input = await page.$("input[type=file]");
    await input?.uploadFile(join(server.app.directory, "marmalade.txt"));
    await page.waitForSelector("ul[aria-label='Attached files'] ::-p-text(marmalade.txt)");
    server.model.text("It says orange.");
    await page.locator("textarea").click();
    await page.keyboard.press("Enter");
    await inSight(page, "It says orange.");
    const [prompt] = await client.api.session.messages.query({ sessionID: id });
    const files = prompt?.parts.flatMap((part) => (part.type === "file" ? part.url.slice(0, 5) : []));
    expect(files).toEqual(["file:", "data:"]);
    expect(await text()).toBe("");
    await page.locator("textarea").fill("/unsh");
    await page.waitForSelector("[role=option][aria-selected=true] ::-p-text(unshare)");
  });

  test("a prompt is taken back with its files but for those with conflicts, redone, edited and sent again; a fork is a session of its own", async () => {
    await using server = await testServer();
    const { directory } = server.app;
    await using opened = await openPage(`${server.url}/web/`);
    const { page } = opened;
    const { id } = await server.app.sessions.create(directory, { title: "Undone" });
    const write = (filePath: string) => ({ name: "write", input: { filePath, content: "jam\n" } });
    server.model.calls([write("kept.txt"), write("gone.txt")]).text("Written.");
    await server.app.sessions.prompt(id, { parts: [{ type: "text", text: "Write jam" }] });
    await writeFile(join(directory, "kept.txt"), "by a person\n");
    await page.locator("a ::-p-text(Undone)").click();
    await inSight(page, "Written.");
    const choose = async (title: string) => {
      await page.locator("button[aria-label='What to do from this prompt on']").click();
      await page.locator(`[role=menuitem] ::-p-text(${title})`).click();
    };
    await choose("Undo from here on");
    await page.waitForSelector("section[aria-label=Undone] li ::-p-text(kept.txt)");
    await page.locator("section[aria-label=Undone] button ::-p-text(Redo)").click();
    await inSight(page, "Written.");
    await choose("Edit and send again");
    await page.waitForFunction(() => document.querySelector("textarea")?.value === "Write jam");
    server.model.text("Jam it is.");
    await page.locator("textarea").fill("Write more jam");
    await page.keyboard.press("Enter");
    await inSight(page, "Jam it is.");
    await choose("Fork here");
    await page.waitForFunction((old) => !location.pathname.includes(old), {}, id);
  });

  test("three questions at once are all there; a refusal gives its reason; no screen has faults of accessibility", async () => {
    await using server = await testServer({ config: { permission: { bash: "ask" } } });
    const { id } = await server.app.sessions.create(server.app.directory, { title: "Asks" });
    const options = ["a", "b"].map((label) => ({ label, description: `It is ${label}` }));
    const questions = [1, 2, 3].map((at) => ({ question: `Question ${at}?`, header: "Choice", options, multiple: at === 2 }));
    server.model.calls([{ name: "question", input: { questions } }]);
    server.model.calls([{ name: "bash", input: { command: "echo marmalade", description: "Say it" } }]).text("Then not.");
    await server.app.sessions.promptAsync(id, { parts: [{ type: "text", text: "Ask me" }] });
    await using opened = await openPage(`${server.url}/web/session/${id}`);
    const { page } = opened;
    await page.waitForSelector("fieldset");
    expect(await page.$$eval("fieldset", (fields) => fields.length)).toBe(3);
    const other = await opened.another();
    await other.waitForSelector("fieldset");
    expect(await axeFaults(other)).toEqual([]);
    await other.close();
    await page.locator("fieldset:nth-of-type(1) label ::-p-text(b)").click();
    await page.locator("fieldset:nth-of-type(3) label ::-p-text(Another answer)").click();
    await page.keyboard.type("mine");
    await page.locator("button ::-p-text(Send the answers)").click();
    await page.locator("button ::-p-text(Deny)").click();
    await page.keyboard.type("say nothing");
    await page.keyboard.press("Enter");
    await inSight(page, "Then not.");
    const calls = await page.$$eval("article button[aria-expanded]", (buttons) => buttons.map(({ textContent }) => textContent));
    expect(calls.find((call) => call.startsWith("Command"))).toMatch(/denied/);
    expect(calls.join()).not.toContain("failed");
    const requests = JSON.stringify(server.model.requests().at(-1)?.body.messages);
    expect(requests).toContain("say nothing");
    expect(requests).toContain('\\"Question 1?\\"=\\"b\\"');
    expect(requests).toContain('\\"Question 3?\\"=\\"mine\\"');
  });
});
