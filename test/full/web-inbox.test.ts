import type { Page } from "puppeteer-core";
import { expect, test } from "vitest";
import { openPage } from "../helpers/browser.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

async function start(server: TestServer, title: string, directory = server.app.directory): Promise<string> {
  const { id } = await server.app.sessions.create(directory, { title });
  await server.app.sessions.promptAsync(id, { parts: [{ type: "text", text: title }] });
  return id;
}

const bash = (command: string) => [{ name: "bash", input: { command, description: "Try it" } }];
const waiting = (page: Page, count: number) =>
  page.waitForFunction((wanted) => document.title.startsWith(`(${wanted})`) === wanted > 0, {}, count);

test("what sessions of every directory ask is answered in one window by keys, and gone in both", async () => {
  await using other = await temporaryDirectory();
  await using server = await testServer({ roots: [other.path], config: { permission: { bash: "ask" } } });
  const { model } = server;
  model.calls(bash("echo marmalade"), { when: "Say it" }).text("Said marmalade.", { when: "Say it" });
  await using opened = await openPage(`${server.url}/web/inbox`);
  const { page } = opened;
  await page.waitForSelector("::-p-text(Nothing waits for an answer)");
  const second = await opened.another(`${server.url}/web/inbox`, { width: 390 });
  await start(server, "Say it", other.path);
  await second.waitForSelector("li ::-p-text(Run a command)");
  await page.waitForSelector("li a ::-p-text(Say it)");
  await waiting(page, 1);
  model.calls(bash("echo chutney"), { when: "Say another" }).text("I did something else.", { when: "Say another" });
  await start(server, "Say another");
  await waiting(second, 2);
  await page.keyboard.press("j");
  await page.keyboard.press("d");
  await page.locator("input[placeholder^=Reason]").fill("no chutney today");
  await page.keyboard.press("Enter");
  await waiting(second, 1);
  expect(JSON.stringify((await model.received(3)).at(-1))).toContain("no chutney today");
  await page.keyboard.press("a");
  await waiting(second, 0);
  await Promise.all([page, second].map((each) => each.waitForSelector("::-p-text(Nothing waits for an answer)")));
});

test("a key that is held answers what was seen, and not what comes after it", async () => {
  await using server = await testServer({ config: { permission: { bash: "ask" } } });
  const ask = async (title: string) => {
    server.model.calls(bash(`echo ${title}`), { when: title }).text("Said.", { when: title });
    await start(server, title);
  };
  await using opened = await openPage(`${server.url}/web/inbox`);
  const { page } = opened;
  await ask("marmalade");
  await ask("chutney");
  await waiting(page, 2);
  await page.waitForSelector("li ::-p-text(Run a command)");
  await page.keyboard.down("a");
  await waiting(page, 1);
  await page.keyboard.down("a");
  await ask("piccalilli");
  await waiting(page, 2);
  await page.keyboard.up("a");
  await page.keyboard.press("a");
  await waiting(page, 1);
});

test("three questions at once are all shown and answered on a phone, and who looks elsewhere is notified", async () => {
  await using server = await testServer({ config: { permission: { question: "allow" } } });
  await using opened = await openPage(`${server.url}/web/inbox`, { width: 390, height: 844 });
  const { page } = opened;
  await page.evaluateOnNewDocument(() => {
    const told: string[] = [];
    class Recorded {
      static permission = "default";
      static requestPermission = async () => {
        Recorded.permission = "granted";
      };
      constructor(title: string, { body }: { body: string }) {
        told.push(`${title}: ${body}`);
      }
      close() {
        told.push("closed");
      }
    }
    Object.assign(globalThis, { Notification: Recorded, told });
    Object.defineProperty(document, "hidden", { get: () => true });
  });
  await page.reload();
  await page.locator("button ::-p-text(Notify me)").click();
  await page.waitForSelector("button ::-p-text(Notifications are on)");
  const options = ["Red", "Green"].map((label) => ({ label, description: `${label} it is` }));
  const questions = [
    { question: "Which colour?", header: "Colour", options },
    { question: "Which sizes?", header: "Sizes", options: [{ label: "Small" }, { label: "Large" }], multiple: true },
    { question: "What name?", header: "Name", options: [] },
  ];
  server.model.calls([{ name: "question", input: { questions } }]).text("Thank you.");
  await start(server, "Ask me");
  for (const { question } of questions) await page.waitForSelector(`form ::-p-text(${question})`);
  const narrow = await page.$$eval(
    "form button",
    (buttons) => buttons.filter((button) => button.getBoundingClientRect().height < 44).length,
  );
  expect(narrow).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.locator("label ::-p-text(Green it is)").click();
  await page.locator("label ::-p-text(Small)").click();
  await page.locator("label ::-p-text(Large)").click();
  await page.locator("input[aria-label*='What name']").fill("Iris");
  await page.locator("button ::-p-text(Send the answers)").click();
  await page.waitForSelector("::-p-text(Nothing waits for an answer)");
  expect(JSON.stringify((await server.model.received(2)).at(-1))).toMatch(/Which colour.*Green.*Small, Large.*Iris/);
  await page.waitForFunction("told.length === 2");
  expect(await page.evaluate("told")).toEqual(["Ask me needs an answer: Which colour?\nWhich sizes?\nWhat name?", "closed"]);
});

test("sessions of other clients appear, are found by their texts, tagged, shown side by side and deleted together; a fault is there after a reload", async () => {
  await using server = await testServer();
  const { sessions, directory } = server.app;
  await using opened = await openPage(`${server.url}/web/`);
  const { page } = opened;
  await page.waitForSelector("::-p-text(No sessions yet)");
  const make = async (title: string, more = {}) => (await sessions.create(directory, { title, ...more })).id;
  const kept = await make("Kept one");
  await make("Its helper", { parentID: kept });
  await make("Old one");
  const second = await make("Old two");
  server.model.text("The quokka is a small marsupial.");
  await sessions.prompt(kept, { parts: [{ type: "text", text: "what is it?" }] });
  server.model.error(400, { message: "The model is away." });
  const failing = await start(server, "Failing one");
  await page.waitForSelector(`[data-session='${failing}'] ::-p-text(failed)`);
  await page.reload();
  await page.waitForSelector(`[data-session='${failing}'] ::-p-text(failed)`);
  await page.locator(`[data-session='${kept}'] button ::-p-text(1 sub-agent)`).click();
  await page.waitForSelector("a ::-p-text(Its helper)");

  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.waitForSelector("section ::-p-text(1 session selected)");
  await page.keyboard.press("x");
  for (const title of ["Old one", "Old two"]) await page.locator(`input[aria-label='Select ${title}']`).click();
  await page.locator("section button ::-p-text(Tags)").click();
  await page.locator("[role=dialog] input").fill("stale");
  await page.keyboard.press("Enter");
  await page.locator("select ::-p-text(# stale)").wait();
  await page.select("search > span:last-of-type > select", "stale");
  await page.waitForFunction(() => document.querySelectorAll("[data-session]").length === 2);
  await page.locator("section button ::-p-text(Delete)").click();
  await page.waitForSelector("[role=dialog] li ::-p-text(Old two)");
  await sessions.remove(second);
  await page.locator("[role=dialog] button ::-p-text(Delete 2 sessions)").click();
  await page.waitForSelector("[role=dialog] ::-p-text(1 session stayed as before)");
  await page.waitForSelector("[role=dialog] li ::-p-text(Old two)");
  await page.keyboard.press("Escape");
  await page.waitForSelector("::-p-text(No session is like that)");
  expect((await sessions.list({ directory })).map(({ title }) => title).sort()).toEqual(["Failing one", "Its helper", "Kept one"]);

  await page.goto(`${server.url}/web/`);
  await page.locator("input[type=search]").fill("quok");
  await page.waitForSelector("li a mark ::-p-text(quokka)");
  await page.goto(`${server.url}/web/?panes=${kept},${failing}`);
  await page.waitForSelector("section[aria-label='Kept one'] ::-p-text(small marsupial)");
  server.model.text("Gladly, again.");
  await page.locator("input[aria-label='Prompt for Kept one']").fill("again?");
  await page.keyboard.press("Enter");
  await page.waitForSelector("section[aria-label='Kept one'] article ::-p-text(Gladly, again.)");
});
