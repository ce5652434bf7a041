import { describe, expect, test } from "vitest";
import { openPage } from "../helpers/browser.ts";
import { testServer } from "../helpers/server.ts";

describe("the web interface", () => {
  test("from a prompt to its answer, word by word, under a base path and behind a password", async () => {
    await using server = await testServer({ listen: { basePath: "/code", password: "secret" } });
    await using opened = await openPage(`${server.url}/`, { expected: [/401/] });
    const { page } = opened;
    await page.locator("input[name=secret]").fill("secret");
    await page.locator("button[type=submit]").click();
    await page.locator("::-p-text(New session)").click();
    await page.waitForFunction(() => location.pathname.startsWith("/code/web/session/ses_"));
    await page.waitForSelector("nav[aria-label=Screens] a[aria-current=true][data-status=active] ::-p-text(Sessions)");
    expect(await page.$$eval("nav[aria-label=Screens] a[aria-current]", (links) => links.length)).toBe(1);
    const answer = "The **answer** is:\n\n```ts\nconst answer = 42;\n```\n\nThat is all.";
    server.model.text(answer, { latency: 5, chunkSize: 4 });
    await page.locator("textarea").fill("What is the answer?");
    await page.keyboard.press("Enter");
    await page.waitForSelector("article[aria-label=You] ::-p-text(What is the answer?)");
    await page.waitForSelector("article[aria-label=Assistant] strong ::-p-text(answer)");
    await page.waitForSelector("article[aria-label=Assistant] ::-p-text(That is all.)");
    await page.waitForSelector("pre span[style]");
    await page.reload();
    await page.waitForSelector("article[aria-label=Assistant] ::-p-text(That is all.)");
    expect(await page.$$eval("article", (articles) => articles.length)).toBe(2);
    const texts = await page.$$eval("article .markdown", (parts) => parts.map((part) => part.textContent));
    expect(texts).toEqual(["What is the answer?", "The answer is:const answer = 42;That is all."]);
  });

  test("shows sessions that others make, and their questions for permission, and lets them be answered", async () => {
    await using server = await testServer({ config: { permission: { bash: "ask" } } });
    await using opened = await openPage(`${server.url}/web/`);
    const { page } = opened;
    await page.waitForSelector("::-p-text(No sessions yet)");
    server.model.calls([{ name: "bash", input: { command: "echo marmalade", description: "Say it" } }]).text("Said.");
    const { id } = await server.app.sessions.create(server.app.directory, { title: "Made elsewhere" });
    await server.app.sessions.promptAsync(id, { parts: [{ type: "text", text: "say it" }] });
    await page.waitForSelector("a ::-p-text(needs an answer)");
    await page.waitForFunction(() => document.title.startsWith("(1)"));
    await page.locator("a ::-p-text(Made elsewhere)").click();
    await page.waitForSelector("button ::-p-text(Allow once)");
    await page.keyboard.press("s");
    await page.waitForSelector("article[aria-label=Assistant] ::-p-text(Said.)");
    await page.waitForFunction(() => !document.title.startsWith("("));
  });
});
