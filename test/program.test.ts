import { chmod } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createPrograms, type Programs } from "../src/program/program.ts";
import { type Files, type TestDirectory, temporaryDirectory } from "./helpers/directory.ts";

interface Setup extends AsyncDisposable {
  programs: Programs;
  directory: TestDirectory;
}

/** A worktree in `work/`, trusted unless told; on PATH is `bin/`. Every file is a program. */
async function setup(files: Files, options: { path?: string; trusted?: string[] } = {}): Promise<Setup> {
  const directory = await temporaryDirectory({ files: { "work/.keep": "", ...files } });
  for (const name of Object.keys(files)) await chmod(directory.join(name), 0o755);
  const trusted = (options.trusted ?? ["work"]).map((name) => directory.join(name));
  const programs = createPrograms({
    boundary: directory.join("work"),
    environment: { PATH: options.path ?? directory.join("bin") },
    isTrusted: (path) => trusted.includes(path),
  });
  return { programs, directory, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

const everywhere = { "bin/tool": "", "work/node_modules/.bin/tool": "", "work/packages/a/node_modules/.bin/tool": "" };

describe("a program", () => {
  it("of the nearest package wins over the worktree's, and that over PATH", async () => {
    await using test = await setup(everywhere);
    const { programs, directory } = test;
    expect(await programs.find("tool", directory.join("work/packages/a"))).toBe(directory.join("work/packages/a/node_modules/.bin/tool"));
    expect(await programs.find("tool", directory.join("work/packages"))).toBe(directory.join("work/node_modules/.bin/tool"));
    expect(await programs.find("tool", directory.path)).toBe(directory.join("bin/tool"));
    expect(await programs.find("other", directory.join("work"))).toBeUndefined();
  });

  it("of a project that nobody trusts is not found", async () => {
    await using test = await setup(everywhere, { trusted: [] });
    expect(await test.programs.find("tool", test.directory.join("work/packages/a"))).toBe(test.directory.join("bin/tool"));
    expect(await test.programs.mayRunCode(test.directory.join("work"))).toBe(false);
  });

  it("of a repository inside the worktree is found only where that one is trusted", async () => {
    const files = { ...everywhere, "work/vendor/b/.git/HEAD": "", "work/vendor/b/node_modules/.bin/tool": "" };
    await using untrusted = await setup(files);
    const below = untrusted.directory.join("work/vendor/b");
    expect(await untrusted.programs.find("tool", below)).toBe(untrusted.directory.join("bin/tool"));
    await using trusted = await setup(files, { trusted: ["work", "work/vendor/b"] });
    const own = trusted.directory.join("work/vendor/b");
    expect(await trusted.programs.find("tool", own)).toBe(trusted.directory.join("work/vendor/b/node_modules/.bin/tool"));
    await using alone = await setup({ "work/node_modules/.bin/tool": "", "work/vendor/b/.git/HEAD": "" }, { trusted: ["work/vendor/b"] });
    expect(await alone.programs.find("tool", alone.directory.join("work/vendor/b"))).toBeUndefined();
  });

  it("is not looked for where PATH depends on the directory", async () => {
    await using test = await setup(everywhere, { path: "./bin:bin:", trusted: [] });
    expect(await test.programs.find("tool", test.directory.path)).toBeUndefined();
  });

  it("named by a path is taken from there", async () => {
    await using test = await setup({ "work/tools/mine": "" });
    expect(await test.programs.find("./tools/mine", test.directory.join("work"))).toBe(test.directory.join("work/tools/mine"));
    expect(await test.programs.find("./tools", test.directory.join("work"))).toBeUndefined();
  });
});
