import { mkdir, rm, symlink } from "node:fs/promises";
import { expect, it } from "vitest";
import { createGit, createVcs, type Git } from "../../src/vcs/vcs.ts";
import { gitRepository } from "../helpers/directory.ts";

const git = createGit({ environment: process.env });

// `git add` compared every file with every name it was given: 50,000 of them took 36 s.
it("new files of every kind are listed, one that takes a directory's place and a directory that takes a file's too", async () => {
  await using repository = await gitRepository({ files: { file: "1\n", "directory/in": "2\n", "sub/kept": "3\n" } });
  await rm(repository.join("file"));
  await rm(repository.join("directory"), { recursive: true });
  await repository.write({ "file/below": "x\ny\n", directory: "z\n", 'sub/we ird"\tname\nof two lines': "q\n", empty: "" });
  await repository.write({ binary: Buffer.of(0, 1), "no newline": "end" });
  await symlink("empty", repository.join("link"));
  await mkdir(repository.join("nested"));
  await repository.git("init", "--quiet", repository.join("nested"));
  await repository.write({ "nested/theirs": "n\n" });
  const statusOf = async (directory: string) =>
    (await createVcs({ directory, git }).status()).map(({ file, status, additions, deletions }) => [file, status, additions, deletions]);
  expect(new Set(await statusOf(repository.path))).toEqual(
    new Set([
      ["binary", "added", 0, 0],
      ["directory", "added", 1, 0],
      ["directory/in", "deleted", 0, 1],
      ["empty", "added", 0, 0],
      ["file", "deleted", 0, 1],
      ["file/below", "added", 2, 0],
      ["link", "added", 1, 0],
      ["no newline", "added", 1, 0],
      ['sub/we ird"\tname\nof two lines', "added", 1, 0],
    ]),
  );
  expect(await statusOf(repository.join("sub"))).toEqual([['we ird"\tname\nof two lines', "added", 1, 0]]);
});

it("a new file that goes away while git looks is left out, and the others are listed", async () => {
  await using repository = await gitRepository();
  await repository.write({ "a.txt": "a\n", "b.txt": "b\n" });
  const racing: Git = async (directory, args, call) => {
    const result = await git(directory, args, call);
    if (args[0] === "ls-files") await rm(repository.join("a.txt"), { force: true });
    return result;
  };
  const vcs = createVcs({ directory: repository.path, git: racing });
  expect(await vcs.status()).toEqual([{ file: "b.txt", additions: 1, deletions: 0, status: "added" }]);
});
