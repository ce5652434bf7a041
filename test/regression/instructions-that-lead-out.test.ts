import { symlink } from "node:fs/promises";
import { expect, it } from "vitest";
import { readInstructions } from "../../src/file/file.ts";
import { temporaryDirectory } from "../helpers/directory.ts";

it("instructions that are named inside a project are not read from outside of it, by a link or by braces", async () => {
  await using place = await temporaryDirectory({ files: { "secret.md": "a secret", "project/own.md": "own" } });
  const directory = place.join("project");
  await symlink(place.join("secret.md"), place.join("project/linked.md"));
  const read = (...configured: string[]) => readInstructions({ directory, worktree: directory, configured });
  expect(await read("linked.md", "{own,linked}.md", "{.,..}/secret.md")).toEqual([
    `Instructions from: ${place.join("project/own.md")}\nown`,
  ]);
  expect(await read("../secret.md")).toEqual([`Instructions from: ${place.join("secret.md")}\na secret`]);
});
