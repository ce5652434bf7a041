import type { Page } from "puppeteer-core";
import { expect, test } from "vitest";
import { watch } from "../helpers/app.ts";
import { openPage } from "../helpers/browser.ts";
import { mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";
import { getJSON, postJSON, testServer } from "../helpers/server.ts";

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index + 1}`).join(" ");
const say = (text: string) => ({ parts: [{ type: "text" as const, text }] });
const said = (page: Page) => page.$$eval("article .markdown", (parts) => parts.map(({ textContent }) => textContent));
/** So high that all of a conversation is in sight: what is not is not on the page. */
const height = 2_000;
const shows = (page: Page, text: string) => page.waitForSelector(`article ::-p-text(${text})`);

/** What a browser says of connections that went, in the words of several versions. */
const lost = [/net::ERR_/, /WebSocket connection/];

test("a page that is loaded anew while an answer is written, twice, has every word of it once", async () => {
  await using server = await testServer();
  const { sessions, directory } = server.app;
  using watched = watch(server.app);
  const { id } = await sessions.create(directory, { title: "Long answer" });
  await using opened = await openPage(`${server.url}/web/session/${id}`, { height });
  const { page } = opened;
  const answer = words(400);
  server.model.text(answer, { latency: 10, chunkSize: 8 });
  await page.locator("textarea").fill("Count to 400");
  await page.keyboard.press("Enter");
  for (const seen of ["word20", "word120"]) {
    await shows(page, seen);
    await page.reload();
  }
  await shows(page, "word121");
  expect(watched.seen.some(({ type }) => type === "session.idle")).toBe(false);
  await watched.until("session.idle");
  await shows(page, "word400");
  expect(await said(page)).toEqual(["Count to 400", answer]);
});

test("a page whose server is killed in mid-answer and comes back later shows what happened meanwhile, each thing once, and works on", async () => {
  await using workspace = await programWorkspace();
  await using model = await mockModel();
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) };
  const first = await workspace.start(["serve", "--port", "0"], { env });
  const url = await first.listening();
  const { id } = await postJSON<{ id: string }>(`${url}/session`, { title: "Lasting" });
  await using opened = await openPage(`${url}/web/session/${id}`, { height, expected: lost });
  const { page } = opened;
  model.text("The first answer.");
  await postJSON(`${url}/session/${id}/message`, say("first"));
  await shows(page, "The first answer.");
  model.hang("Half of an answer");
  await postJSON(`${url}/session/${id}/prompt_async`, say("second"));
  await shows(page, "Half of an answer");
  first.kill("SIGKILL");
  await first.exited;
  await page.waitForSelector("[role=status] ::-p-text(The connection is lost)");

  // Where the page does not look: what happens here it can only have been told afterwards.
  const elsewhere = await workspace.start(["serve", "--port", "0"], { env });
  const other = await elsewhere.listening();
  model.text("The third answer.", { when: "third" });
  await postJSON(`${other}/session/${id}/message`, say("third"));
  await postJSON(`${other}/session`, { title: "Made meanwhile" });
  elsewhere.kill("SIGKILL");
  await elsewhere.exited;

  await (await workspace.start(["serve", "--port", new URL(url).port], { env })).listening();
  await shows(page, "The third answer.");
  await page.waitForFunction(() => !document.body.textContent?.includes("The connection is lost"));
  model.text("The fourth answer.");
  await page.locator("textarea").fill("fourth");
  await page.keyboard.press("Enter");
  await shows(page, "The fourth answer.");
  const kept = (await getJSON<{ parts: { type: string; text: string }[] }[]>(`${url}/session/${id}/message`)).flatMap(({ parts }) =>
    parts.filter(({ type, text }) => type === "text" && text !== "").map(({ text }) => text),
  );
  expect(kept).toEqual(["first", "The first answer.", "second", "third", "The third answer.", "fourth", "The fourth answer."]);
  expect(await said(page)).toEqual(kept);
  await page.reload();
  await shows(page, "The fourth answer.");
  expect(await said(page)).toEqual(kept);
  await page.locator("nav a ::-p-text(Sessions)").click();
  await page.waitForSelector("a ::-p-text(Made meanwhile)");
});

test("a tab that slept while a session asked, was answered elsewhere and went on is up to date when it wakes", async () => {
  await using server = await testServer({ config: { permission: { bash: "ask" } } });
  const { sessions, permissions, directory } = server.app;
  using watched = watch(server.app);
  const { id } = await sessions.create(directory, { title: "Sleepy" });
  await using opened = await openPage(`${server.url}/web/session/${id}`, { height, expected: lost });
  const { page } = opened;
  await page.waitForSelector("textarea");
  // Tabs sleep behind others.
  const inFront = await page.browserContext().newPage();
  await inFront.bringToFront();
  const tab = await page.createCDPSession();
  await tab.send("Page.setWebLifecycleState", { state: "frozen" });
  server.model.calls([{ name: "bash", input: { command: "echo marmalade", description: "Say it" } }]).text("Said while you slept.");
  await sessions.promptAsync(id, say("say it"));
  const { properties } = await watched.until("permission.asked");
  await permissions.reply(properties.id, { reply: "once", actor: { name: "test" } });
  await watched.until("session.idle");
  await tab.send("Page.setWebLifecycleState", { state: "active" });
  await page.bringToFront();
  await shows(page, "Said while you slept.");
  expect(await said(page)).toEqual(["say it", "Said while you slept."]);
  expect(await page.$$("button ::-p-text(Allow once)")).toEqual([]);
  expect(await page.title()).not.toMatch(/^\(/);
});
