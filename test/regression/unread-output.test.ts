import { expect, test } from "vitest";
import { launcher, programWorkspace } from "../helpers/program.ts";

test("a listing whose reader goes away ends without a word, and a server whose talk nobody reads goes on", async () => {
  await using workspace = await programWorkspace();
  await using listing = await workspace.launch(["sh", "-c", '"$0" "$1" models --all --json | true', process.execPath, launcher]);
  await listing.exited;
  expect(listing.stderr()).toBe("");
  const serving = '"$0" "$1" serve --port 0 --print-logs 2>&1 | head -1';
  await using server = await workspace.launch(["sh", "-c", serving, process.execPath, launcher]);
  const url = await server.listening();
  for (const path of ["/session", "/config"]) expect((await fetch(url + path)).status).toBe(200);
});
