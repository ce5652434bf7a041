import type { Page } from "puppeteer-core";
import { expect, test } from "vitest";
import { openPage } from "../helpers/browser.ts";
import { testServer } from "../helpers/server.ts";

const prompt = (text: string) => ({ parts: [{ type: "text" as const, text }] });

/** Keeps page scripts from running, as a browser without them would. */
async function withoutScripts(page: Page, address: string): Promise<string> {
  await page.setJavaScriptEnabled(false);
  await page.goto(address);
  return page.$eval("main", (main) => main.textContent);
}

test("a shared page shows what comes while the session runs, keeps folds open, and says when the link has ended", async () => {
  await using server = await testServer({ files: { "a.txt": "content\n" }, listen: { basePath: "/code", password: "secret" } });
  const { sessions, directory } = server.app;
  server.model
    .calls([{ name: "read", input: { filePath: "a.txt" } }])
    .text("The first answer.")
    .text("The second answer comes word by word.", { latency: 100, chunkSize: 2 });
  const { id } = await sessions.create(directory, { title: "A shared session" });
  await sessions.prompt(id, prompt("Read it"));
  const link = (await sessions.share(id, server.url)).share?.url ?? "";

  await using opened = await openPage(link, { width: 390, expected: [/404|401/] });
  const { page } = opened;
  expect(await page.$eval("main", (main) => main.textContent)).toContain("The first answer.");
  await page.locator("summary").click();
  await page.waitForSelector("details[open]");
  const turn = sessions.prompt(id, prompt("Go on"));
  await page.waitForSelector("article.user ::-p-text(Go on)");
  await page.waitForFunction(() => document.getElementById("state")?.textContent === "Working…");
  await turn;
  await page.waitForSelector("article.assistant ::-p-text(The second answer comes word by word.)");
  await page.waitForFunction(() => document.getElementById("state")?.textContent === "");
  expect(await page.$$eval("article", (articles) => articles.length)).toBe(5);
  expect(await page.$$eval("details[open]", (folds) => folds.length)).toBe(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  // The secret opens nothing beside: the page's own origin asks for the password.
  expect(await page.evaluate(async () => (await fetch("/code/session")).status)).toBe(401);

  await sessions.unshare(id);
  await page.waitForSelector("#state ::-p-text(This is not shared any more.)");
  const again = (await sessions.share(id, server.url)).share?.url ?? "";
  expect(await withoutScripts(page, again)).toContain("The second answer comes word by word.");
});

test("a session is saved as one file from its screen, behind a password and under a base path", async () => {
  await using server = await testServer({ listen: { basePath: "/code", password: "secret" } });
  const { sessions, directory } = server.app;
  server.model.text("It is forty-two.");
  const { id } = await sessions.create(directory, { title: "An answer to keep" });
  await sessions.prompt(id, prompt("What is it?"));
  await using opened = await openPage(`${server.url}/web/session/${id}`, { expected: [/401/] });
  const { page } = opened;
  await page.locator("input[name=secret]").fill("secret");
  await page.locator("button[type=submit]").click();
  await page.locator("button[aria-label='What to do with the session']").click();
  const answered = page.waitForResponse((response) => response.url().includes(`/code/session/${id}/export?`));
  await page.locator("[role=menuitem] ::-p-text(Download as one file)").click();
  const response = await answered;
  expect([response.status(), response.headers()["content-disposition"]]).toEqual([200, 'attachment; filename="An-answer-to-keep.html"']);
  expect(await response.text()).toContain("It is forty-two.");
});
