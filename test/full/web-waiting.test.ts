import { expect, test } from "vitest";
import { say, watch } from "../helpers/app.ts";
import { openPage } from "../helpers/browser.ts";
import { testServer } from "../helpers/server.ts";

test("what a sub-agent asks shows in its session, in the one that started it and in that one's pane; the command is seen whole on a phone", async () => {
  await using server = await testServer({ config: { permission: { bash: "ask" } } });
  const { sessions, directory } = server.app;
  const command = `echo ${"marmalade-".repeat(12)}jar`;
  server.model
    .calls([{ name: "task", input: { description: "Look", prompt: "look around", subagent_type: "general" } }], { when: "Begin" })
    .calls([{ name: "bash", input: { command, description: "Say it" } }], { when: "look around" })
    .text("Looked.", { when: "look around" })
    .text("Done.", { when: "Begin" });
  using watched = watch(server.app);
  const { id } = await sessions.create(directory, { title: "Parent" });
  await sessions.promptAsync(id, say("Begin"));
  await watched.until("permission.asked");
  await using opened = await openPage(`${server.url}/web/?panes=${id}`, { width: 390, height: 844 });
  const { page } = opened;
  await page.waitForSelector("section[aria-label=Parent] header ::-p-text(needs an answer)");
  expect(await page.$eval("section[aria-label^=Permission] pre", (block) => block.scrollWidth <= block.clientWidth)).toBe(true);
  await page.goto(`${server.url}/web/session/${id}`);
  await page.waitForSelector("article ::-p-text(needs an answer)");
  await page.waitForSelector("[role=status] ::-p-text(Waits for your answer)");
  await page.locator("button ::-p-text(For this session)").click();
  await page.waitForSelector("article[aria-label=Assistant] ::-p-text(Done.)");
});

test("an archived session says so and is taken out; a server without a model leads to where one is connected", async () => {
  await using server = await testServer({ config: { provider: {}, enabled_providers: ["offline"], model: "offline/guide" } });
  await using opened = await openPage(`${server.url}/web/`);
  const { page } = opened;
  await page.locator("a ::-p-text(Connect a model)").click();
  await page.waitForSelector("::-p-text(Without a key)");
  await page.goBack();
  await page.locator("button ::-p-text(Try the guide)").click();
  await page.waitForSelector("section[aria-label=Conversation] a ::-p-text(Connect a model)");
  const [session] = await server.app.sessions.list({ directory: server.app.directory });
  await server.app.sessions.bulk([session?.id ?? ""], { action: "archive" });
  await page.locator("section[aria-label=Archived] button").click();
  await page.waitForFunction(() => document.querySelector("section[aria-label=Archived]") === null);
  expect((await server.app.sessions.get(session?.id ?? "")).time.archived).toBeUndefined();
});
