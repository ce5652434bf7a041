import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openPage } from "../helpers/browser.ts";
import { testServer } from "../helpers/server.ts";

test("changes of a session are shown, undone file by file, and what somebody else changed is left alone", async () => {
  await using server = await testServer({ files: { "src/greet.ts": "export const greeting = 'hello';\n", "notes.md": "one\n" } });
  const { directory } = server.app;
  server.model
    .calls([
      { name: "read", input: { filePath: join(directory, "src/greet.ts") } },
      { name: "read", input: { filePath: join(directory, "notes.md") } },
    ])
    .calls([
      { name: "write", input: { filePath: join(directory, "src/greet.ts"), content: "export const greeting = 'good morning';\n" } },
      { name: "write", input: { filePath: join(directory, "notes.md"), content: "one\ntwo\n" } },
    ])
    .text("Done.");
  const { id } = await server.app.sessions.create(directory, { title: "Greetings" });
  await server.app.sessions.prompt(id, { parts: [{ type: "text", text: "greet better" }] });

  await using opened = await openPage(`${server.url}/web/changes?session=${id}`);
  const { page } = opened;
  await page.waitForSelector("[role=treeitem] ::-p-text(greet.ts)");
  await page.locator("[role=treeitem] ::-p-text(greet.ts)").click();
  await page.waitForSelector("diffs-container >>> ::-p-text(good morning)");
  await page.locator("button ::-p-text(Undo this file)").click();
  await page.waitForSelector("[role=tree]:not(:has([data-path='src/greet.ts']))");
  expect(await readFile(join(directory, "src/greet.ts"), "utf8")).toBe("export const greeting = 'hello';\n");

  await writeFile(join(directory, "notes.md"), "one\ntwo\nthree, by hand\n");
  await page.locator("button ::-p-text(Undo all)").click();
  await page.locator("[role=dialog] button::-p-text(Undo all)").click();
  await page.waitForSelector("[role=dialog] li ::-p-text(notes.md)");
  expect(await readFile(join(directory, "notes.md"), "utf8")).toBe("one\ntwo\nthree, by hand\n");
});

test("files are browsed, found by name and text, and read", async () => {
  await using server = await testServer({
    files: { "src/deep/greet.ts": "// first\nexport const greeting = 'hello';\n", "notes.md": "one\n" },
  });
  await using opened = await openPage(`${server.url}/web/files`, { width: 390 });
  const { page } = opened;
  await page.locator("[role=treeitem] ::-p-text(src)").click();
  await page.locator("[role=treeitem] ::-p-text(deep)").click();
  await page.locator("[role=treeitem] ::-p-text(greet.ts)").click();
  await page.waitForSelector("[data-line='2'] ::-p-text(hello)");
  await page.locator("input[type=search]").fill("nts");
  await page.locator("li button ::-p-text(notes.md)").click();
  await page.waitForFunction(() => new URLSearchParams(location.search).get("path") === "notes.md");
  await page.locator("button ::-p-text(Text)").click();
  await page.locator("input[type=search]").fill("greeting");
  await page.locator("li button ::-p-text(greet.ts:2)").click();
  await page.waitForSelector("[data-line='2'].bg-hover");
});
