import type { HTTPRequest, Page } from "puppeteer-core";
import { expect, test } from "vitest";
import { openPage } from "../helpers/browser.ts";
import { testServer } from "../helpers/server.ts";

/** The next call of this name is lost: before it reaches the server, or only its answer. The rest passes. Resolves with what sends it after all. */
async function loseOne(page: Page, { name, arrives }: { name: string; arrives: boolean }): Promise<() => Promise<unknown>> {
  let send = async (): Promise<unknown> => undefined;
  let isLost = false;
  await page.setRequestInterception(true);
  const lose = async (request: HTTPRequest) => {
    isLost = true;
    send = async () => (await fetch(request.url(), { method: "POST", headers: request.headers(), body: request.postData() })).text();
    if (arrives) await send();
    await request.abort();
  };
  page.on("request", (request) => void (isLost || !request.url().includes(name) ? request.continue() : lose(request)));
  return () => send();
}

const expected = [/ERR_FAILED/];
const prompts = (page: Page) => page.$$eval("article[aria-label=You]", (articles) => articles.length);
const written = (page: Page) => page.$eval("textarea", (area) => area.value);

test("a prompt that comes back to the composer is sent once, even if the first call arrives late", async () => {
  await using server = await testServer();
  const { id } = await server.app.sessions.create(server.app.directory, { title: "Lost" });
  await using opened = await openPage(`${server.url}/web/session/${id}`, { expected });
  const { page } = opened;
  await page.waitForSelector("::-p-text(Nothing was said yet)");
  const sendLate = await loseOne(page, { name: "session.promptAsync", arrives: false });
  server.model.text("Done.").text("Done twice.");
  await page.locator("textarea").fill("Do it");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=status] ::-p-text(cannot be reached), [role=alert] ::-p-text(cannot be reached)");
  expect(await written(page)).toBe("Do it");
  await page.focus("textarea");
  await page.keyboard.press("Enter");
  await page.waitForSelector("article[aria-label=Assistant] ::-p-text(Done.)");
  await sendLate();
  await server.app.sessions.settled();
  expect((await server.app.sessions.messages(id)).items.length).toBe(2);
  expect([await prompts(page), await written(page)]).toEqual([1, ""]);
});

test("a prompt of which only the answer was lost leaves the composer empty", async () => {
  await using server = await testServer();
  const { id } = await server.app.sessions.create(server.app.directory, { title: "Lost" });
  await using opened = await openPage(`${server.url}/web/session/${id}`, { expected });
  const { page } = opened;
  await page.waitForSelector("::-p-text(Nothing was said yet)");
  await loseOne(page, { name: "session.promptAsync", arrives: true });
  server.model.text("Done.");
  await page.locator("textarea").fill("Do it");
  await page.keyboard.press("Enter");
  await page.waitForSelector("article[aria-label=Assistant] ::-p-text(Done.)");
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "");
  expect(await prompts(page)).toBe(1);
});

test("a prompt that fails while the next one is being written can be put back before it", async () => {
  await using server = await testServer();
  const { id } = await server.app.sessions.create(server.app.directory, { title: "Lost" });
  await using opened = await openPage(`${server.url}/web/session/${id}`, { expected });
  const { page } = opened;
  await page.waitForSelector("::-p-text(Nothing was said yet)");
  await page.setRequestInterception(true);
  const sent = Promise.withResolvers<HTTPRequest>();
  page.on("request", (request) => void (request.url().includes("promptAsync") ? sent.resolve(request) : request.continue()));
  await page.locator("textarea").fill("Written for an hour");
  await page.keyboard.press("Enter");
  const request = await sent.promise;
  await page.keyboard.type("next");
  await request.abort();
  await page.locator("[role=alert] button ::-p-text(Put the prompt back)").click();
  expect(await written(page)).toBe("Written for an hour\n\nnext");
});

test("who sends before the page knows the session names files of its directory all the same", async () => {
  await using server = await testServer({ files: { "marmalade.txt": "orange\n" } });
  const { id } = await server.app.sessions.create(server.app.directory, { title: "Early" });
  await using opened = await openPage(`${server.url}/web/session/${id}`);
  const { page } = opened;
  await page.locator("textarea").fill("Read @marm");
  await page.waitForSelector("[role=option] ::-p-text(marmalade.txt)");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "Read @marmalade.txt ");
  await page.setRequestInterception(true);
  const held: HTTPRequest[] = [];
  page.on("request", (request) => void (request.url().includes("global.overview") ? held.push(request) : request.continue()));
  await page.reload({ waitUntil: "domcontentloaded" });
  await page.locator("textarea").click();
  server.model.text("Orange.");
  await page.keyboard.press("Enter");
  await server.model.received(1);
  for (const request of held) await request.continue();
  await page.waitForSelector("article[aria-label=Assistant] ::-p-text(Orange.)");
  const { items } = await server.app.sessions.messages(id);
  const [file] = items.flatMap(({ parts }) => parts).filter((part) => part.type === "file");
  expect(file?.url).toMatch(/^file:.*\/marmalade\.txt$/);
});

test("a page whose clock is an hour behind sees its prompts where they belong, and what becomes of them", async () => {
  await using server = await testServer();
  const { id } = await server.app.sessions.create(server.app.directory, { title: "Behind" });
  await using opened = await openPage(`${server.url}/web/session/${id}`);
  const { page } = opened;
  await page.evaluateOnNewDocument(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - 3_600_000;
  });
  await page.reload();
  const long = "A long answer.\n\n".repeat(100);
  server.model.text(`${long}First`).text(`${long}Second`);
  const send = async (text: string, answer: string) => {
    await page.locator("textarea").fill(text);
    await page.keyboard.press("Enter");
    await page.waitForSelector(`article[aria-label=Assistant] ::-p-text(${answer})`);
  };
  await send("One", "First");
  await page.$eval("section[aria-label=Conversation]", (area) => area.scrollTo(0, 0));
  await page.waitForSelector("button ::-p-text(To the end)");
  await send("Two", "Second");
  await page.waitForFunction(() => !document.body.textContent.includes("To the end"));
  const { items } = await server.app.sessions.messages(id);
  expect(items.map(({ info }) => info.role)).toEqual(["user", "assistant", "user", "assistant"]);
});
