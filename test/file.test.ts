import { execFileSync } from "node:child_process";
import { mkdir, realpath, symlink } from "node:fs/promises";
import { relative } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFiles, resolveInside } from "../src/file/file.ts";
import { AppError } from "../src/schema/error.ts";
import { gitRepository, recordedFiles, type TestDirectory, temporaryDirectory } from "./helpers/directory.ts";

/** `root/` with links of every kind, beside it `outside/`. */
async function linkedTree(): Promise<TestDirectory & { root: string }> {
  const directory = await temporaryDirectory({
    files: { "root/a.txt": "a", "root/src/b.txt": "b", "root/src/deep/c.txt": "c", "outside/secret.txt": "s", "rootling/x.txt": "x" },
  });
  const links: Record<string, string> = {
    "root/in": "src",
    "root/in-absolute": directory.join("root/src"),
    "root/in-file": "src/b.txt",
    "root/src/up": "../a.txt",
    "root/round": "../root/src",
    "root/out": "../outside",
    "root/out-absolute": directory.join("outside"),
    "root/out-file": "../outside/secret.txt",
    "root/out-dangling": "../outside/none.txt",
    "root/out-by-link": "out/secret.txt",
    "root/sibling": "../rootling",
    "root/dangling": "src/none.txt",
    "root/loop": "loop",
    "root/self": ".",
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, directory.join(name));
  return Object.assign(directory, { root: directory.join("root") });
}

const named = (name: string): unknown => expect.objectContaining({ name });

describe("a path inside a root", () => {
  test("is found by name, through links that stay inside, and absolutely", async () => {
    await using tree = await linkedTree();
    const expected: Record<string, string> = {
      "": "",
      ".": "",
      "src/./b.txt": "src/b.txt",
      "src/../a.txt": "a.txt",
      "in/deep/c.txt": "src/deep/c.txt",
      "in-absolute/b.txt": "src/b.txt",
      "in-file": "src/b.txt",
      "in/up": "a.txt",
      "round/b.txt": "src/b.txt",
      "self/self/a.txt": "a.txt",
      [tree.join("root/src/b.txt")]: "src/b.txt",
    };
    for (const [path, real] of Object.entries(expected)) {
      expect((await resolveInside(tree.root, path)).absolute, path).toBe(real === "" ? tree.root : tree.join("root", real));
    }
  });

  test("outside is forbidden in the same words, whether something is there or not", async () => {
    await using tree = await linkedTree();
    const outside = [
      "..",
      "../outside/secret.txt",
      "../outside/none",
      "src/../../outside",
      "/etc/passwd",
      "/no/such/file",
      "../rootling/x.txt",
    ];
    const linked = [
      "out",
      "out/secret.txt",
      "out/none",
      "out-absolute/secret.txt",
      "out-file",
      "out-dangling",
      "out-by-link",
      "sibling/x.txt",
    ];
    const encoded = ["..%2f..%2fetc/passwd", "%2e%2e/outside", "src/%252e%252e%252f..%5c..", "..%5coutside"];
    for (const path of [...outside, ...linked, ...encoded]) {
      await expect(resolveInside(tree.root, path), path).rejects.toMatchObject({
        name: "ForbiddenError",
        message: `"${path}" leads outside this directory.`,
      });
    }
  });

  test("what is missing inside is not found; a NUL byte is a bad request", async () => {
    await using tree = await linkedTree();
    for (const path of ["none", "src/none/deeper", "a.txt/b", "dangling", "loop", "in/none"]) {
      await expect(resolveInside(tree.root, path), path).rejects.toMatchObject({ name: "NotFoundError" });
    }
    await expect(resolveInside(tree.root, "a.txt\0.png")).rejects.toMatchObject({ name: "BadRequest" });
    await expect(resolveInside(tree.join("gone"), "a.txt")).rejects.toMatchObject({ name: "NotFoundError" });
  });

  test("property: what is returned lies inside, has no links in it and is what the path leads to", async () => {
    await using tree = await linkedTree();
    const names = ["..", ".", "", "a.txt", "src", "deep", "b.txt", "up", "in", "in-absolute", "in-file", "out", "out-absolute", "out-file"];
    const odd = ["loop", "self", "round", "dangling", "sibling", "outside", "root", "secret.txt", "%2e%2e", "..%2f", "\0", "none"];
    const starts = ["", "/", `${tree.root}/`, `${tree.path}/`, "../", "../root/"];
    const paths = fc
      .tuple(fc.constantFrom(...starts), fc.array(fc.constantFrom(...names, ...odd), { maxLength: 7 }))
      .map(([start, parts]) => start + parts.join("/"));
    const check = async (path: string): Promise<void> => {
      const place = await resolveInside(tree.root, path).catch((error: unknown) => {
        if (error instanceof AppError && error.status < 500) return undefined;
        throw error;
      });
      if (place === undefined) return;
      expect(await realpath(place.absolute)).toBe(place.absolute);
      expect(relative(tree.root, place.absolute)).not.toMatch(/^\.\./);
      expect(place.path).not.toMatch(/^\.\.|^\//);
    };
    await fc.assert(fc.asyncProperty(paths, check), { numRuns: 400 });
  });
});

describe("listing a directory", () => {
  test("gives what OpenCode gives: directories first, each by name, .git among them, ignored files marked", async () => {
    await using repository = await gitRepository({ files: recordedFiles });
    await mkdir(repository.join("empty"));
    const nodes = await createFiles({ root: repository.path }).list(".");
    const names = [
      ".git/",
      "docs/",
      "empty/",
      "src/",
      ".env",
      ".gitignore",
      "data.bin",
      "ignored.txt",
      "logo.png",
      "opencode.json",
      "README.md",
    ];
    expect(nodes.map((node) => node.path)).toEqual(names);
    expect(nodes.filter((node) => node.ignored).map((node) => node.name)).toEqual([".env", "ignored.txt"]);
    expect(nodes[1]).toEqual({ name: "docs", path: "docs/", absolute: repository.join("docs"), type: "directory", ignored: false });
    expect(await createFiles({ root: repository.path }).list("")).toEqual(nodes);
  });

  test("gives paths relative to the root, and nothing for an empty directory", async () => {
    await using repository = await gitRepository({ files: recordedFiles });
    await mkdir(repository.join("empty"));
    const files = createFiles({ root: repository.path });
    expect(await files.list("src")).toEqual([
      { name: "hello.ts", path: "src/hello.ts", absolute: repository.join("src/hello.ts"), type: "file", ignored: false },
      { name: "index.ts", path: "src/index.ts", absolute: repository.join("src/index.ts"), type: "file", ignored: false },
    ]);
    expect(await files.list("empty")).toEqual([]);
  });

  test("a file is a bad request, a missing directory is not found, outside is forbidden", async () => {
    await using directory = await temporaryDirectory({ files: { "a.txt": "" } });
    const files = createFiles({ root: directory.path });
    await expect(files.list("a.txt")).rejects.toEqual(named("BadRequest"));
    await expect(files.list("none")).rejects.toEqual(named("NotFoundError"));
    await expect(files.list("../..")).rejects.toEqual(named("ForbiddenError"));
  });

  test("agrees with git about what is ignored", async () => {
    const files = {
      ".gitignore": "*.log\n!keep.log\n/build/\nnode_modules\nsub/*.tmp\n",
      "sub/.gitignore": "!special.log\nlocal\n",
      "sub/special.log": "",
      "sub/other.log": "",
      "sub/local/x": "",
      "sub/a.tmp": "",
      "build/.gitignore": "!back.txt\n",
      "build/back.txt": "",
      "deep/build/x": "",
      "keep.log": "",
      "CASE.LOG": "",
      "excluded/x": "",
      "node_modules/p/i.js": "",
    };
    await using repository = await gitRepository({ files, commit: false });
    await repository.write({ ".git/info/exclude": "excluded\n" });
    const service = createFiles({ root: repository.path });
    const walk = async (path: string): Promise<{ path: string; ignored: boolean }[]> => {
      const nodes = (await service.list(path)).filter((node) => node.name !== ".git");
      const below = await Promise.all(nodes.filter((node) => node.type === "directory").map((node) => walk(node.path)));
      return [...nodes, ...below.flat()];
    };
    const seen = (await walk("")).filter((node) => node.ignored).map((node) => node.path);
    const paths = (await walk("")).map((node) => node.path);
    const answer = execFileSync("git", ["check-ignore", "--stdin", "--no-index"], { cwd: repository.path, input: paths.join("\n") });
    expect(seen.sort()).toEqual(answer.toString().trim().split("\n").sort());
    expect(seen).toContain("sub/other.log");
  });

  test("the ignore files of the repository hold in a directory of it", async () => {
    await using repository = await gitRepository({ files: { ".gitignore": "*.log\n", "pkg/a.log": "", "pkg/b.txt": "" } });
    const files = createFiles({ root: repository.join("pkg"), worktree: repository.path });
    expect((await files.list("")).map((node) => [node.path, node.ignored])).toEqual([
      ["a.log", true],
      ["b.txt", false],
    ]);
    expect(await files.searchFiles("")).toEqual(["b.txt"]);
  });

  test("a link shows as what it leads to, and as a file when it leads outside", async () => {
    await using tree = await linkedTree();
    const nodes = await createFiles({ root: tree.root }).list("");
    const types = Object.fromEntries(nodes.map((node) => [node.name, node.type]));
    expect(types).toMatchObject({ in: "directory", "in-file": "file", out: "file", dangling: "file", loop: "file" });
    expect((await createFiles({ root: tree.root }).list("in")).map((node) => node.path)).toEqual(["in/deep/", "in/b.txt", "in/up"]);
  });
});

describe("the content of a file", () => {
  test("is text exactly as on disk, and base64 with a media type where it is binary", async () => {
    await using repository = await gitRepository({
      files: { ...recordedFiles, "bom.txt": "\uFEFFhi\r\n\n", "icon.svg": "<svg/>", "empty.txt": "" },
    });
    const files = createFiles({ root: repository.path });
    expect(await files.content("README.md")).toEqual({ type: "text", content: "# Demo\n\nhello world\n" });
    expect(await files.content(repository.join("README.md"))).toEqual(await files.content("README.md"));
    expect(await files.content(".env")).toEqual({ type: "text", content: "SECRET=1\n" });
    expect(await files.content("bom.txt")).toEqual({ type: "text", content: "\uFEFFhi\r\n\n" });
    expect(await files.content("icon.svg")).toEqual({ type: "text", content: "<svg/>" });
    expect(await files.content("empty.txt")).toEqual({ type: "text", content: "" });
    expect(await files.content("logo.png")).toEqual({
      type: "binary",
      content: recordedFiles["logo.png"].toString("base64"),
      encoding: "base64",
      mimeType: "image/png",
    });
    expect(await files.content("data.bin")).toEqual({
      type: "binary",
      content: "AAECA//+AAk=",
      encoding: "base64",
      mimeType: "application/octet-stream",
    });
  });

  test("that is neither NUL-free nor valid UTF-8 is binary", async () => {
    await using directory = await temporaryDirectory({ files: { "latin.txt": Buffer.from([0x63, 0x61, 0x66, 0xe9]), "nul.txt": "a\0b" } });
    const files = createFiles({ root: directory.path });
    expect(await files.content("latin.txt")).toMatchObject({ type: "binary", content: "Y2Fm6Q==" });
    expect(await files.content("nul.txt")).toMatchObject({ type: "binary", encoding: "base64" });
  });

  test("is refused with a reason: missing, a directory, outside, too large", async () => {
    await using tree = await linkedTree();
    await tree.write({ "root/large.txt": Buffer.alloc(10 * 1024 * 1024 + 1, "a") });
    const files = createFiles({ root: tree.root });
    await expect(files.content("nope.txt")).rejects.toEqual(named("NotFoundError"));
    await expect(files.content("src")).rejects.toThrow(`"src" is a directory.`);
    await expect(files.content("out-file")).rejects.toEqual(named("ForbiddenError"));
    await expect(files.content("../outside/secret.txt")).rejects.toEqual(named("ForbiddenError"));
    await expect(files.content("large.txt")).rejects.toEqual(named("PayloadTooLargeError"));
  });

  test.skipIf(process.platform === "win32")("that is a pipe is refused without waiting for a writer", async () => {
    await using directory = await temporaryDirectory();
    execFileSync("mkfifo", [directory.join("pipe")]);
    await expect(createFiles({ root: directory.path }).content("pipe")).rejects.toThrow("not a regular file");
  });
});
