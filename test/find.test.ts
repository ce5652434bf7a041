import { symlink } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { createFiles } from "../src/file/file.ts";
import { gitRepository, recordedFiles, temporaryDirectory } from "./helpers/directory.ts";

describe("searching text", () => {
  test("gives what OpenCode gives: lines with their offsets and the places in them, without ignored files", async () => {
    await using repository = await gitRepository({ files: recordedFiles });
    const matches = await createFiles({ root: repository.path }).searchText("hello");
    expect(matches.map((match) => [match.path.text, match.line_number, match.absolute_offset])).toEqual([
      ["README.md", 3, 8],
      ["src/hello.ts", 1, 0],
      ["src/hello.ts", 2, 38],
      ["src/index.ts", 1, 0],
      ["src/index.ts", 2, 32],
    ]);
    expect(matches[3]).toEqual({
      path: { text: "src/index.ts" },
      lines: { text: 'import { hello } from "./hello"\n' },
      line_number: 1,
      absolute_offset: 0,
      submatches: [
        { match: { text: "hello" }, start: 9, end: 14 },
        { match: { text: "hello" }, start: 25, end: 30 },
      ],
    });
  });

  test("takes a regular expression, also one that looks like an option", async () => {
    await using directory = await temporaryDirectory({ files: { "a.txt": "say hello(\n--files\n" } });
    const files = createFiles({ root: directory.path });
    expect((await files.searchText("h[ae]llo\\(")).map((match) => match.submatches)).toEqual([
      [{ match: { text: "hello(" }, start: 4, end: 10 }],
    ]);
    expect((await files.searchText("--files")).map((match) => match.line_number)).toEqual([2]);
    expect(await files.searchText("zzz_not_there")).toEqual([]);
  });

  test("a pattern that is not valid is a bad request with ripgrep's reason", async () => {
    await using directory = await temporaryDirectory();
    const files = createFiles({ root: directory.path });
    await expect(files.searchText("(")).rejects.toMatchObject({ name: "BadRequest", message: expect.stringContaining("unclosed group") });
    await expect(files.searchText("a\0b")).rejects.toMatchObject({ name: "BadRequest" });
  });

  test("stops at the limit", async () => {
    await using directory = await temporaryDirectory({ files: { "a.txt": "hello\n".repeat(50_000), "b.txt": "hello\n" } });
    const files = createFiles({ root: directory.path });
    expect(await files.searchText("hello", { limit: 3 })).toHaveLength(3);
    expect(await files.searchText("hello")).toHaveLength(1000);
    await expect(files.searchText("hello", { limit: 0 })).rejects.toMatchObject({ name: "BadRequest" });
  });

  test("looks into hidden files, not into .git, and follows no link", async () => {
    await using outside = await temporaryDirectory({ files: { "secret.txt": "needle\n" } });
    await using repository = await gitRepository({ files: { ".hidden/a.txt": "needle\n" } });
    await repository.write({ ".git/needle.txt": "needle\n" });
    await symlink(outside.path, repository.join("out"));
    await symlink(outside.join("secret.txt"), repository.join("out.txt"));
    const matches = await createFiles({ root: repository.path }).searchText("needle");
    expect(matches.map((match) => match.path.text)).toEqual([".hidden/a.txt"]);
  });

  test("text that is not UTF-8 is still text in the answer", async () => {
    await using directory = await temporaryDirectory({ files: { "latin.txt": Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]) } });
    const [match] = await createFiles({ root: directory.path }).searchText("caf");
    expect(match?.lines.text).toBe("caf\uFFFD\n");
  });

  test("an abort ends it with the signal's reason", async () => {
    await using directory = await temporaryDirectory({ files: { "a.txt": "hello\n".repeat(500_000) } });
    const files = createFiles({ root: directory.path });
    await expect(files.searchText("hello", { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    const controller = new AbortController();
    const search = files.searchText("hello", { limit: 1_000_000, signal: controller.signal });
    setImmediate(() => controller.abort(new Error("enough now")));
    await expect(search).rejects.toThrow("enough now");
  });

  test("a directory that is gone is not found", async () => {
    await using directory = await temporaryDirectory();
    await expect(createFiles({ root: directory.join("gone") }).searchText("x")).rejects.toMatchObject({ name: "NotFoundError" });
  });
});

describe("searching names", () => {
  test("finds by what a name resembles, best first, relative with slashes", async () => {
    await using repository = await gitRepository({ files: recordedFiles });
    const files = createFiles({ root: repository.path });
    expect(await files.searchFiles("hello")).toEqual(["src/hello.ts"]);
    expect((await files.searchFiles("hlo"))[0]).toBe("src/hello.ts");
    expect(await files.searchFiles("src/ind")).toEqual(["src/index.ts"]);
    expect(await files.searchFiles("zzzzzz")).toEqual([]);
  });

  test("directories end with a slash, and can be asked for or left out", async () => {
    await using repository = await gitRepository({ files: { ...recordedFiles, "src/deep/er/x.ts": "" } });
    const files = createFiles({ root: repository.path });
    expect((await files.searchFiles("src", { type: "directory" }))[0]).toBe("src/");
    expect(await files.searchFiles("", { type: "directory" })).toEqual(["docs/", "src/", "src/deep/", "src/deep/er/"]);
    for (const options of [{ type: "file" as const }, { dirs: false }]) {
      const found = await files.searchFiles("src", options);
      expect(found).toContain("src/hello.ts");
      expect(found.filter((name) => name.endsWith("/"))).toEqual([]);
    }
  });

  test("an empty query lists what lies nearest to the root", async () => {
    await using repository = await gitRepository({ files: recordedFiles });
    expect(await createFiles({ root: repository.path }).searchFiles("")).toEqual([
      "docs/",
      "src/",
      ".gitignore",
      "data.bin",
      "logo.png",
      "opencode.json",
      "README.md",
      "docs/notes.md",
      "src/hello.ts",
      "src/index.ts",
    ]);
  });

  test("gives ten unless told, and takes 1 to 200", async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`file-${index}.txt`, ""]));
    await using directory = await temporaryDirectory({ files: many });
    const files = createFiles({ root: directory.path });
    expect(await files.searchFiles("file")).toHaveLength(10);
    expect(await files.searchFiles("file", { limit: 25 })).toHaveLength(25);
    for (const limit of [0, 201, 1.5]) await expect(files.searchFiles("file", { limit })).rejects.toMatchObject({ name: "BadRequest" });
  });

  test("leaves out what is ignored, outside git too", async () => {
    await using directory = await temporaryDirectory({ files: { ".gitignore": "*.log\n", "a.log": "", "b.txt": "", ".hidden": "" } });
    expect(await createFiles({ root: directory.path, worktree: "/" }).searchFiles("")).toEqual([".gitignore", ".hidden", "b.txt"]);
  });
});
