import { utimes } from "node:fs/promises";
import { expect, it } from "vitest";
import { createGit, createVcs } from "../../src/vcs/vcs.ts";
import { gitRepository } from "../helpers/directory.ts";

it("a file that changed in the second in which it was committed, and kept its size, is a change", async () => {
  await using repository = await gitRepository({ files: { "b.txt": "b\n" } });
  const [file, index] = [repository.join("a.txt"), repository.join(".git/index")];
  const then = new Date("2026-01-01T12:00:00Z");
  // The time at which an inode changed cannot be chosen.
  await repository.git("config", "core.trustctime", "false");
  await repository.write({ "a.txt": "one\n" });
  await utimes(file, then, then);
  await repository.commit();
  await repository.write({ "a.txt": "two\n" });
  for (const path of [file, index]) await utimes(path, then, then);
  const vcs = createVcs({ directory: repository.path, git: createGit({ environment: process.env }) });
  expect(await vcs.status()).toEqual([{ file: "a.txt", additions: 1, deletions: 1, status: "modified" }]);
});
