import { chmod, link, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { workbench } from "./helpers/tool.ts";

const hello = `export function hello(name: string) {\n  return \`hello \${name}\`\n}\n`;

test("read gives numbered lines, title and metadata as the reference does", async () => {
  await using bench = await workbench({ "src/hello.ts": hello });
  const path = bench.directory.join("src/hello.ts");
  const text = hello.trimEnd();
  expect(await bench.run("read", { filePath: path })).toEqual({
    title: "src/hello.ts",
    output: `<path>${path}</path>\n<type>file</type>\n<content>\n1: export function hello(name: string) {\n2:   return \`hello \${name}\`\n3: }\n\n(End of file - total 3 lines)\n</content>`,
    metadata: {
      preview: text,
      truncated: false,
      loaded: [],
      display: { type: "file", path, text, lineStart: 1, lineEnd: 3, totalLines: 3, truncated: false },
    },
  });
  expect(bench.asks).toEqual([{ permission: "read", patterns: ["src/hello.ts"], always: ["*"], metadata: {} }]);
});

test("read pages through a long file and says where to go on", async () => {
  await using bench = await workbench({ "long.txt": Array.from({ length: 5_000 }, (_, index) => `line ${index + 1}`).join("\n") });
  const first = await bench.run("read", { filePath: "long.txt" });
  expect(first.output).toContain("\n2000: line 2000\n\n(Lines 1-2000 of 5000. Use offset=2001 to read on.)");
  expect(first.metadata).toMatchObject({ truncated: true, display: { lineStart: 1, lineEnd: 2000, totalLines: 5000 } });
  const last = await bench.run("read", { filePath: "long.txt", offset: 4_999, limit: null });
  expect(last.output).toContain("<content>\n4999: line 4999\n5000: line 5000\n\n(End of file - total 5000 lines)");
  expect((await bench.fault("read", { filePath: "long.txt", offset: 6_000 })).message).toContain("has 5000 lines");
});

test("read stops at the byte limit, between two lines", async () => {
  await using bench = await workbench({ "wide.txt": `${"x".repeat(999)}\n`.repeat(100) });
  const { output, metadata } = await bench.run("read", { filePath: "wide.txt" });
  expect(output).toContain("Stopped at 51200 bytes. Lines 1-51 of 100. Use offset=52");
  expect(metadata.truncated).toBe(true);
});

test("read cuts long lines with a note, and leaves CR and byte order mark out", async () => {
  await using bench = await workbench({ "a.txt": `\uFEFFone\r\n${"y".repeat(3_000)}\r\n${"z".repeat(2_000)}\r\n` });
  const { output } = await bench.run("read", { filePath: "a.txt" });
  expect(output).toContain("1: one\n");
  expect(output).toContain(`2: ${"y".repeat(2_000)}... (line cut at 2000 characters)\n`);
  expect(output).toContain(`3: ${"z".repeat(2_000)}\n`);
  expect(output).not.toContain("\r");
});

test("an empty file has no lines", async () => {
  await using bench = await workbench({ "empty.txt": "" });
  expect((await bench.run("read", { filePath: "empty.txt" })).output).toContain("<content>\n\n(End of file - total 0 lines)\n</content>");
});

test("read lists a directory", async () => {
  await using bench = await workbench({ "src/b.ts": "", "src/a/c.ts": "" });
  const { output, metadata } = await bench.run("read", { filePath: "src" });
  expect(output).toContain("<type>directory</type>\n<entries>\na/\nb.ts\n\n(2 entries)\n</entries>");
  expect(metadata).toMatchObject({ truncated: false, display: { type: "directory", totalEntries: 2 } });
});

test.each([
  ["picture.png", "\x89PNG\r\n\x1a\n\0\0", "image/png"],
  ["named.txt", "\xff\xd8\xff\xe0\0", "image/jpeg"],
  ["a.gif", "GIF89a\0\0", "image/gif"],
  ["a.webp", "RIFF\0\0\0\0WEBPVP8 ", "image/webp"],
  ["a.pdf", "%PDF-1.7\n", "application/pdf"],
])("read gives %s as an attachment", async (name, bytes, mime) => {
  await using bench = await workbench({ [name]: Buffer.from(bytes, "latin1") });
  const { attachments, metadata } = await bench.run("read", { filePath: name });
  expect(attachments).toEqual([{ mime, url: `data:${mime};base64,${Buffer.from(bytes, "latin1").toString("base64")}`, filename: name }]);
  expect(metadata.truncated).toBe(false);
});

test("read shows a notebook cell by cell, with outputs as text and pictures as attachments", async () => {
  const picture = Buffer.from("png").toString("base64");
  const mark = String.fromCharCode(27);
  const cells = [
    { cell_type: "markdown", source: ["# Title\n", "text"] },
    {
      cell_type: "code",
      execution_count: 3,
      source: "print(1)\nplot()",
      outputs: [
        { output_type: "stream", name: "stdout", text: ["1\n", "2\n"] },
        { output_type: "display_data", data: { "image/png": `${picture}\n`, "text/plain": ["<Figure size 1x1>"] } },
        { output_type: "execute_result", data: { "text/html": "<b>x</b>", "text/plain": "x" } },
        { output_type: "display_data", data: { "application/vnd.plotly+json": {} } },
        { output_type: "error", ename: "E", evalue: "bad", traceback: [`${mark}[31mE${mark}[0m: bad`] },
      ],
    },
    { cell_type: "code", source: "", outputs: [{ output_type: "stream", text: "y".repeat(20_000) }] },
  ];
  await using bench = await workbench({
    "a.ipynb": JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    "broken.ipynb": "{ not json",
  });
  const result = await bench.run("read", { filePath: "a.ipynb" });
  expect(result.output).toContain(
    '1: <cell 1 type="markdown">\n2: # Title\n3: text\n4: </cell>\n5: \n6: <cell 2 type="code" run="3">\n7: print(1)',
  );
  expect(result.output).toContain(
    "9: <output>\n10: 1\n11: 2\n12: (a picture: cell-2-1.png)\n13: x\n14: (an output of type application/vnd.plotly+json)\n15: E: bad\n16: </output>",
  );
  expect(result.output).toContain("12000 characters left out");
  expect(result.attachments).toEqual([{ mime: "image/png", url: `data:image/png;base64,${picture}`, filename: "cell-2-1.png" }]);
  const page = await bench.run("read", { filePath: "a.ipynb", offset: 7, limit: 1 });
  expect(page.output).toContain("<content>\n7: print(1)\n\n(Lines 7-7 of");
  expect((await bench.run("read", { filePath: "broken.ipynb" })).output).toContain("1: { not json");
});

test("read refuses binary files, devices and NUL in a path, saying why", async () => {
  await using bench = await workbench({ "data.bin": Buffer.from([1, 2, 0, 3]) });
  expect((await bench.fault("read", { filePath: "data.bin" })).message).toContain("binary file (4 bytes)");
  expect((await bench.fault("read", { filePath: "/dev/zero" })).message).toContain("device");
  expect((await bench.fault("read", { filePath: "a\0b" })).message).toContain("NUL");
});

test("a missing file suggests near names", async () => {
  await using bench = await workbench({ "src/session.ts": "", "src/unrelated.md": "" });
  const error = await bench.fault("read", { filePath: "src/sesion.ts" });
  expect(error.name).toBe("NotFoundError");
  expect(error.message).toContain(bench.directory.join("src/session.ts"));
  expect(error.message).not.toContain("unrelated");
  expect((await bench.fault("read", { filePath: "none/a.ts" })).message).toContain("neither does the directory");
});

test("edit changes the text, asks with the diff, and tells watchers, as the reference does", async () => {
  await using bench = await workbench({ "src/hello.ts": hello });
  const path = bench.directory.join("src/hello.ts");
  await bench.run("read", { filePath: path });
  const result = await bench.run("edit", { filePath: path, oldString: "function hello", newString: "function goodbye" });
  const patch = `Index: ${path}\n===================================================================\n--- ${path}\n+++ ${path}\n@@ -1,3 +1,3 @@\n-export function hello(name: string) {\n+export function goodbye(name: string) {\n   return \`hello \${name}\`\n }\n`;
  expect(result).toEqual({
    title: "src/hello.ts",
    output: "Edit applied successfully.",
    metadata: { diff: patch, filediff: { file: path, patch, additions: 1, deletions: 1 }, diagnostics: {}, truncated: false },
  });
  expect(bench.asks[1]).toEqual({
    permission: "edit",
    patterns: ["src/hello.ts"],
    always: ["*"],
    metadata: { filepath: path, diff: patch },
  });
  expect(bench.edited).toEqual([path]);
  expect(await bench.directory.read("src/hello.ts")).toBe(hello.replace("function hello", "function goodbye"));
  expect(await readdir(bench.directory.join("src"))).toEqual(["hello.ts"]);
});

test("a second edit needs no second read", async () => {
  await using bench = await workbench({ "a.txt": "one two\n" });
  await bench.run("read", { filePath: "a.txt" });
  await bench.run("edit", { filePath: "a.txt", oldString: "one", newString: "1" });
  await bench.run("edit", { filePath: "a.txt", oldString: "two", newString: "$& $1" });
  expect(await bench.directory.read("a.txt")).toBe("1 $& $1\n");
});

test("parallel edits of one file all apply", async () => {
  await using bench = await workbench({ "a.txt": "a b c d\n" });
  await bench.run("read", { filePath: "a.txt" });
  await Promise.all(
    ["a", "b", "c", "d"].map((name) => bench.run("edit", { filePath: "a.txt", oldString: name, newString: name.toUpperCase() })),
  );
  expect(await bench.directory.read("a.txt")).toBe("A B C D\n");
});

test("an edit that cannot apply says why", async () => {
  await using bench = await workbench({ "a.ts": "function one() {\n    return 1;\n}\nconst x = 1;\nconst x = 1;\n" });
  await bench.run("read", { filePath: "a.ts" });
  const fault = async (oldString: string) => (await bench.fault("edit", { filePath: "a.ts", oldString, newString: "new" })).message;
  expect(await fault("const x = 1;")).toContain("found 2 times in");
  expect(await fault("const x = 1;")).toContain("(lines 4, 5)");
  expect(await fault("const  x = 1;")).toContain("not found as it is, and 2 times with other spacing,");
  expect(await fault("function on() {\n    return 2;")).toContain(
    "Nearest are lines 1-2; expected (-) and found (+):\n- function on() {\n-     return 2;\n+ 1: function one() {\n+ 2:     return 1;\n",
  );
  expect(await fault("1: function one() {\n2:     return 1;")).toContain("line numbers");
  expect(await fault("entirely different words")).toContain("Nothing in the file resembles it");
  expect(await fault("new")).toContain("the same");
  expect(bench.asks.filter((ask) => ask.permission === "edit")).toEqual([]);
  const missing = await bench.fault("edit", { filePath: "b.ts", oldString: "a", newString: "b" });
  expect(missing.name).toBe("NotFoundError");
});

test("replaceAll changes every occurrence", async () => {
  await using bench = await workbench({ "a.txt": "x y x\nx\n" });
  await bench.run("read", { filePath: "a.txt" });
  const { metadata } = await bench.run("edit", { filePath: "a.txt", oldString: "x", newString: "z", replaceAll: true });
  expect(await bench.directory.read("a.txt")).toBe("z y z\nz\n");
  expect(metadata.filediff).toMatchObject({ additions: 2, deletions: 2 });
});

test("an unread file is not changed, and neither is one that changed since", async () => {
  await using bench = await workbench({ "a.txt": "one\n" });
  const change = { filePath: "a.txt", oldString: "one", newString: "two" };
  expect((await bench.fault("edit", change)).message).toContain("was not read in this session");
  expect((await bench.fault("write", { filePath: "a.txt", content: "" })).message).toContain("was not read in this session");
  await bench.run("read", { filePath: "a.txt" });
  const { atime, mtime } = await stat(bench.directory.join("a.txt"));
  await writeFile(bench.directory.join("a.txt"), "One\n");
  await utimes(bench.directory.join("a.txt"), atime, mtime);
  expect((await bench.fault("edit", change)).message).toContain("has changed since");
  expect(await bench.directory.read("a.txt")).toBe("One\n");
});

test("a change while a person was deciding is not overwritten", async () => {
  await using bench = await workbench({ "a.txt": "one\n" });
  await bench.run("read", { filePath: "a.txt" });
  const ask = () => writeFile(bench.directory.join("a.txt"), "one, and more\n");
  const error = await bench.fault("edit", { filePath: "a.txt", oldString: "one", newString: "two" }, { ask });
  expect(error.message).toContain("has changed since");
  const created = await bench.fault(
    "write",
    { filePath: "b.txt", content: "mine" },
    { ask: () => writeFile(bench.directory.join("b.txt"), "theirs") },
  );
  expect(created.message).toContain("was not read");
  expect(await bench.directory.read("b.txt")).toBe("theirs");
});

test("an abort while a person was deciding changes nothing", async () => {
  await using bench = await workbench({ "a.txt": "one\n" });
  await bench.run("read", { filePath: "a.txt" });
  const controller = new AbortController();
  const ask = async () => controller.abort(new Error("stopped"));
  const edit = bench.run("edit", { filePath: "a.txt", oldString: "one", newString: "two" }, { ask, signal: controller.signal });
  await expect(edit).rejects.toThrow("stopped");
  expect(await bench.directory.read("a.txt")).toBe("one\n");
});

test("CRLF, byte order mark and mode are kept", async () => {
  await using bench = await workbench({ "a.txt": "\uFEFFone\r\ntwo\r\nthree\r\n" });
  await chmod(bench.directory.join("a.txt"), 0o754);
  await bench.run("read", { filePath: "a.txt" });
  await bench.run("edit", { filePath: "a.txt", oldString: "one\ntwo", newString: "1\n2\n2b" });
  expect(await bench.directory.read("a.txt")).toBe("\uFEFF1\r\n2\r\n2b\r\nthree\r\n");
  await bench.run("write", { filePath: "a.txt", content: "new\ntext\n" });
  expect(await bench.directory.read("a.txt")).toBe("\uFEFFnew\r\ntext\r\n");
  expect((await stat(bench.directory.join("a.txt"))).mode & 0o777).toBe(0o754);
});

test("a file of mixed line ends keeps every one that is not replaced", async () => {
  await using bench = await workbench({ "a.txt": "one\r\ntwo\nthree\r\nfour\r\n" });
  await bench.run("read", { filePath: "a.txt" });
  await bench.run("edit", { filePath: "a.txt", oldString: "three\nfour", newString: "3\n4" });
  expect(await bench.directory.read("a.txt")).toBe("one\r\ntwo\n3\r\n4\r\n");
});

test("a file that is not UTF-8 is not damaged", async () => {
  await using bench = await workbench({ "latin.txt": Buffer.from("caf\xe9 one\n", "latin1") });
  await bench.run("read", { filePath: "latin.txt" });
  expect((await bench.fault("edit", { filePath: "latin.txt", oldString: "one", newString: "two" })).message).toContain("not UTF-8");
  expect(await readFile(bench.directory.join("latin.txt"), "latin1")).toBe("caf\xe9 one\n");
});

test("write makes a new file with its directories, and says whether there was one", async () => {
  await using bench = await workbench();
  const path = bench.directory.join("a/b/c.txt");
  const result = await bench.run("write", { filePath: "a/b/c.txt", content: "text" });
  expect(result).toMatchObject({ title: "a/b/c.txt", metadata: { filepath: path, exists: false, diagnostics: {}, truncated: false } });
  expect(await bench.directory.read("a/b/c.txt")).toBe("text");
  expect((await bench.run("write", { filePath: path, content: "again" })).metadata.exists).toBe(true);
  expect(bench.edited).toEqual([path, path]);
  expect((await bench.fault("write", { filePath: "a", content: "" })).message).toContain("is a directory");
});

test("a path outside the worktree asks for external_directory first", async () => {
  await using bench = await workbench();
  const parent = bench.outside("elsewhere");
  await mkdir(parent);
  const file = `${parent}/new/file.txt`;
  await bench.run("write", { filePath: "../elsewhere/new/file.txt", content: "x" });
  const external = {
    permission: "external_directory",
    patterns: [`${parent}/new/*`],
    always: [`${parent}/new/*`],
    metadata: { filepath: file, parentDir: `${parent}/new` },
  };
  expect(bench.asks[0]).toEqual(external);
  expect(bench.asks[1]?.permission).toBe("edit");
  const refuse = { ask: () => Promise.reject(new Error("refused")) };
  for (const [tool, input] of Object.entries({
    read: { filePath: file },
    glob: { pattern: `${parent}/*` },
    grep: { pattern: "x", path: parent },
    list: { path: parent },
  })) {
    await expect(bench.run(tool, input, refuse), tool).rejects.toThrow("refused");
  }
});

test("a link that leads outside asks, also when its end does not exist yet", async () => {
  await using bench = await workbench({ "inside.txt": "in" });
  await mkdir(bench.outside("secrets"));
  await writeFile(bench.outside("secrets/key"), "secret");
  await symlink(bench.outside("secrets"), bench.directory.join("folder"));
  await symlink(bench.outside("secrets/key"), bench.directory.join("key"));
  await symlink(bench.outside("secrets/new"), bench.directory.join("dangling"));
  await symlink("inside.txt", bench.directory.join("harmless"));
  const refuse = { ask: (request: { permission: string }) => Promise.reject(new Error(request.permission)) };
  for (const filePath of ["folder/key", "key", "dangling", "folder/new/deep.txt"]) {
    await expect(bench.run("read", { filePath }, refuse), filePath).rejects.toThrow("external_directory");
    await expect(bench.run("write", { filePath, content: "x" }, refuse), filePath).rejects.toThrow("external_directory");
  }
  await expect(bench.run("bash", { command: "true", workdir: "folder" }, refuse)).rejects.toThrow("external_directory");
  await bench.run("read", { filePath: "harmless" });
  expect(bench.asks.map((ask) => [ask.permission, ask.patterns])).toEqual([["read", ["harmless", "inside.txt"]]]);
});

test("a write through a link changes the link's end and keeps the link", async () => {
  await using bench = await workbench({ "real.txt": "one" });
  await symlink("real.txt", bench.directory.join("link.txt"));
  await bench.run("read", { filePath: "link.txt" });
  await bench.run("edit", { filePath: "link.txt", oldString: "one", newString: "two" });
  expect(await bench.directory.read("real.txt")).toBe("two");
  await link(bench.directory.join("real.txt"), bench.directory.join("hard.txt"));
  expect((await stat(bench.directory.join("link.txt"))).ino).toBe((await stat(bench.directory.join("real.txt"))).ino);
});

test("outside a repository the directory is the boundary, not the file system's root", async () => {
  await using bench = await workbench({ "a.txt": "a" });
  const result = await bench.run("read", { filePath: "a.txt" }, { worktree: "/" });
  expect(result.title).toBe("a.txt");
  expect(bench.asks.map((ask) => ask.permission)).toEqual(["read"]);
  const refuse = { worktree: "/", ask: (request: { permission: string }) => Promise.reject(new Error(request.permission)) };
  await expect(bench.run("read", { filePath: "/etc/hosts" }, refuse)).rejects.toThrow("external_directory");
});

test("a session below the worktree's root may touch all of the worktree", async () => {
  await using bench = await workbench({ "sub/a.txt": "a", "b.txt": "b" });
  const result = await bench.run("read", { filePath: "../b.txt" }, { directory: bench.directory.join("sub") });
  expect(result.title).toBe("b.txt");
  expect(bench.asks.map((ask) => ask.permission)).toEqual(["read"]);
});

test("two texts with nothing in common still give a right diff in bounded time", async () => {
  const lines = (seed: number) => Array.from({ length: 30_000 }, (_, index) => `${(index * seed) % 9_973}`).join("\n");
  await using bench = await workbench({ "big.txt": lines(7_919) });
  await bench.run("read", { filePath: "big.txt", limit: 1 });
  await bench.run("write", { filePath: "big.txt", content: `${lines(6_007)}\n` });
  const patch = String(bench.asks[1]?.metadata.diff);
  expect(patch).toContain("\\ No newline at end of file");
  expect(await bench.directory.read("big.txt")).toBe(`${lines(6_007)}\n`);
});
