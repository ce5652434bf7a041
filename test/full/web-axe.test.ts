import { afterAll, beforeAll, expect, test } from "vitest";
import { say, watch } from "../helpers/app.ts";
import { axeFaults } from "../helpers/axe.ts";
import { type OpenedPage, openPage } from "../helpers/browser.ts";
import { postJSON, type TestServer, testServer } from "../helpers/server.ts";
import { openScreen, webScreens } from "../helpers/web-screens.ts";

let server: TestServer;
let opened: OpenedPage;
let sessionID: string;

/** A session that has written a file, and one that waits for an answer. */
beforeAll(async () => {
  server = await testServer({ config: { permission: { bash: "ask" } } });
  const { sessions, directory } = server.app;
  using watched = watch(server.app);
  const answer = "# Done\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```ts\nconst answer = 42; // as ever\n```\n";
  server.model
    .calls([{ name: "write", input: { filePath: "answer.ts", content: "export const answer = 42;\n" } }], { reasoning: "What is it?" })
    .text(answer);
  sessionID = (await sessions.create(directory, { title: "The answer" })).id;
  await sessions.prompt(sessionID, say("Write the answer"));
  server.model.calls([{ name: "bash", input: { command: "echo marmalade", description: "Say it" } }]);
  const waiting = await sessions.create(directory, { title: "Waiting" });
  await sessions.promptAsync(waiting.id, say("Say it"));
  await watched.until("permission.asked");
  opened = await openPage(`${server.url}/web/`);
});

afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test.each(webScreens("SESSION"))("$name: axe finds nothing, light and dark, wide and narrow", async ({ path, ready, ...rest }) => {
  const screen = { ...rest, path: path.replace("SESSION", sessionID), ready: ready.replace("SESSION", sessionID) };
  await openScreen(opened.page, { url: server.url, screen });
  expect(await axeFaults(opened.page)).toEqual([]);
});

test("a shared session: axe finds nothing, light and dark, wide and narrow", async () => {
  const { share } = await postJSON<{ share: { url: string } }>(`${server.url}/session/${sessionID}/share`, {});
  await opened.page.goto(share.url);
  await opened.page.waitForSelector("::-p-text(Write the answer)");
  expect(await axeFaults(opened.page)).toEqual([]);
});
