import type { ElementHandle, Page } from "puppeteer-core";
import { expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { openPage } from "../helpers/browser.ts";
import { longConversation } from "../helpers/long-conversation.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

const conversation = "section[aria-label=Conversation]";
const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1} of it`).join("\n\n");
const say = (text: string) => ({ parts: [{ type: "text" as const, text }] });
const top = (page: Page) => page.$eval(conversation, (area) => Math.round(area.scrollTop));
const frame = (page: Page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));

/** Resolves when the conversation has become so much higher. */
async function grown(page: Page, pixels: number): Promise<void> {
  const before = await page.$eval(conversation, (area) => area.scrollHeight);
  await page.waitForFunction(
    (selector, height) => (document.querySelector(selector)?.scrollHeight ?? 0) > height,
    {},
    conversation,
    before + pixels,
  );
}

const atEnd = (page: Page) =>
  page.waitForFunction(
    (selector) => {
      const area = document.querySelector(selector);
      const isThere = area !== null && area.scrollHeight - area.scrollTop - area.clientHeight <= 1;
      return isThere && !document.body.textContent.includes("To the end");
    },
    {},
    conversation,
  );

/** Resolves when the message stands at the top. What is measured above it may still move it down the document, out of sight. */
const atTop = (page: Page, text: string) =>
  page.waitForFunction(
    (selector, words) => {
      const area = document.querySelector(selector);
      const article = [...(area?.querySelectorAll("article") ?? [])].find(({ textContent }) => textContent.includes(words));
      return Math.abs((article?.getBoundingClientRect().top ?? Number.NaN) - (area?.getBoundingClientRect().top ?? 0)) <= 2;
    },
    {},
    conversation,
    text,
  );

const placeOf = (element: ElementHandle) =>
  element.evaluate((node) => (node.isConnected ? Math.round(node.getBoundingClientRect().top) : undefined));

/** The last that can be unfolded, once it stays: the end of a conversation is drawn before the rest of it is known. */
async function lastFold(page: Page): Promise<ElementHandle> {
  for (;;) {
    const fold = (await page.$$("article button[aria-expanded=false]")).at(-1);
    const before = fold && (await placeOf(fold));
    let frames = 0;
    while (fold && frames < 10 && (await placeOf(fold)) === before) {
      await frame(page);
      frames += 1;
    }
    if (fold && frames === 10) return fold;
  }
}

/** By small steps, one a frame, as a slow hand does. */
async function byLittle(page: Page, step: () => Promise<unknown>): Promise<void> {
  for (let steps = 0; steps < 25; steps += 1) {
    await step();
    await frame(page);
  }
  await page.waitForSelector("button ::-p-text(To the end)");
}

/** However much is written, once what scrolls smoothly has come to its end. */
async function holdsStill(page: Page): Promise<void> {
  let before = await top(page);
  for (let frames = 0; frames < 10; frames += 1) {
    await frame(page);
    const now = await top(page);
    if (now !== before) frames = 0;
    before = now;
  }
  await grown(page, 300);
  expect(await top(page)).toBe(before);
}

async function imported(server: TestServer, prompts: number): Promise<string> {
  await using client = createClient({ url: server.url });
  const messages = longConversation(prompts, server.app.directory);
  return (await client.api.session.import.mutate({ info: { title: "Long" }, messages })).id;
}

/** Has a long answer written, a few words at a time. */
async function write({ model }: TestServer, page: Page): Promise<void> {
  model.text(lines(4_000), { latency: 12, chunkSize: 12 });
  await page.locator("textarea").fill("Write");
  await page.keyboard.press("Enter");
}

test("who scrolls up by little while an answer is written is let go, by wheel, key or finger; the key End leads back", async () => {
  await using server = await testServer();
  const { id } = await server.app.sessions.create(server.app.directory, { title: "Written" });
  await using opened = await openPage(`${server.url}/web/session/${id}`);
  const { page } = opened;
  await write(server, page);
  await page.waitForSelector("article[aria-label=Assistant]");
  await grown(page, 800);
  await page.mouse.move(600, 300);
  await byLittle(page, () => page.mouse.wheel({ deltaY: -6 }));
  await holdsStill(page);
  await page.focus(conversation);
  await page.keyboard.press("End");
  await atEnd(page);
  await byLittle(page, () => page.keyboard.press("ArrowUp"));
  await holdsStill(page);
  await page.keyboard.press("End");
  await atEnd(page);

  const phone = await opened.another(undefined, { width: 390, height: 800 });
  await phone.waitForSelector("article[aria-label=Assistant]");
  await atEnd(phone);
  const touch = await phone.touchscreen.touchStart(200, 150);
  let y = 150;
  await byLittle(phone, () => {
    y += 6;
    return touch.move(200, y);
  });
  await touch.end();
  await holdsStill(phone);
});

test("what stands in the conversation can be pressed while an answer is written below it", async () => {
  await using server = await testServer();
  const { id } = await server.app.sessions.create(server.app.directory, { title: "Written" });
  await using opened = await openPage(`${server.url}/web/session/${id}`);
  const { page } = opened;
  await write(server, page);
  await grown(page, 1_500);
  const before = await top(page);
  for (let frames = 0; frames < 30; frames += 1) {
    await frame(page);
    expect(await page.evaluate(() => document.elementFromPoint(600, 300)?.closest("article")?.ariaLabel)).toBe("Assistant");
  }
  expect(await top(page)).toBeGreaterThan(before);
});

test("who was led to a prompt while its answer is written is free to go on, and to the end", async () => {
  await using server = await testServer();
  const id = await imported(server, 5);
  await using opened = await openPage(`${server.url}/web/session/${id}`);
  const { page } = opened;
  await write(server, page);
  await page.waitForSelector("article[aria-label=You] ::-p-text(Write)");
  await grown(page, 1_000);
  await page.locator("nav[aria-label=Prompts] button[aria-label='Go to: Write']").click();
  await page.waitForFunction(
    (selector) => {
      const area = document.querySelector(selector)?.getBoundingClientRect().top ?? 0;
      const prompt = [...document.querySelectorAll("article")].find(({ textContent }) => textContent.startsWith("Write"));
      return Math.abs((prompt?.getBoundingClientRect().top ?? 0) - area) < 2;
    },
    {},
    conversation,
  );
  await holdsStill(page);
  const before = await top(page);
  await page.mouse.move(600, 300);
  await page.mouse.wheel({ deltaY: 200 });
  await holdsStill(page);
  expect(await top(page)).toBe(before + 200);
  await page.locator("button ::-p-text(To the end)").click();
  await grown(page, 300);
  await atEnd(page);
});

test("what is unfolded at the end stays where it was pressed, and folded again it is the end", async () => {
  await using server = await testServer();
  const id = await imported(server, 20);
  await using opened = await openPage(`${server.url}/web/session/${id}`);
  const { page } = opened;
  await page.waitForSelector("article ::-p-text(Answer 19)");
  await atEnd(page);
  const fold = await lastFold(page);
  const before = await placeOf(fold);
  await fold.click();
  await page.waitForSelector("button ::-p-text(To the end)");
  expect(await placeOf(fold)).toBe(before);
  await fold.click();
  await atEnd(page);
});

test("what others say leaves a reader where they are; what one says oneself leads to the end, also for the next to load the page", async () => {
  await using server = await testServer();
  const id = await imported(server, 40);
  const { items } = await server.app.sessions.messages(id);
  await using opened = await openPage(`${server.url}/web/session/${id}?message=${items[20]?.info.id}`);
  const { page } = opened;
  await page.waitForSelector("article ::-p-text(Prompt 10:)");
  await page.waitForSelector("button ::-p-text(To the end)");
  server.model.text("Said to another.");
  await atTop(page, "Prompt 10:");
  await server.app.sessions.prompt(id, say("From elsewhere"));
  await page.waitForSelector("nav[aria-label=Prompts] button[aria-label='Go to: From elsewhere']");
  await atTop(page, "Prompt 10:");
  expect(await page.$("button ::-p-text(To the end)")).not.toBeNull();
  await page.locator("textarea").fill("!echo marmalade");
  await page.keyboard.press("Enter");
  await atEnd(page);
  expect(new URL(page.url()).search).toBe("");
  await page.reload();
  await page.waitForSelector("article");
  await atEnd(page);
});

test("an address of a message that is not there leads to the end, and says so", async () => {
  await using server = await testServer();
  const id = await imported(server, 120);
  await using opened = await openPage(`${server.url}/web/session/${id}?message=msg_unknown`);
  const { page } = opened;
  await page.waitForSelector("::-p-text(is not in this session)");
  await page.waitForSelector("article ::-p-text(Answer 119)");
  await atEnd(page);
  expect(new URL(page.url()).search).toBe("");
});
