import { existsSync } from "node:fs";
import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { say, testApp, textOf, watch } from "./helpers/app.ts";
import { workbench } from "./helpers/tool.ts";

const patchOf = (...lines: string[]) => ["*** Begin Patch", ...lines, "*** End Patch"].join("\n");

/** What a patch makes of one file. */
async function patched(text: string, ...lines: string[]) {
  await using bench = await workbench({ "a.ts": text });
  await bench.run("apply_patch", { patchText: patchOf("*** Update File: a.ts", ...lines) });
  return bench.directory.read("a.ts");
}

async function fault(text: string, ...lines: string[]) {
  await using bench = await workbench({ "a.ts": text });
  const { message } = await bench.fault("apply_patch", { patchText: patchOf("*** Update File: a.ts", ...lines) });
  expect(await bench.directory.read("a.ts")).toBe(text);
  expect(bench.asks).toEqual([]);
  return message;
}

test("a patch adds, changes, moves and deletes files, asks once for all and tells watchers of each", async () => {
  await using bench = await workbench({ "src/a.ts": "one\ntwo\nthree\n", "src/old.ts": "keep\nchange\n", "gone.ts": "bye\n" });
  const result = await bench.run("apply_patch", {
    patchText: patchOf(
      "*** Update File: src/a.ts",
      "@@",
      " one",
      "-two",
      "+2",
      "*** Add File: new/deep/b.ts",
      "+first",
      "+",
      "+second",
      "*** Update File: src/old.ts",
      "*** Move to: src/new.ts",
      " keep",
      "-change",
      "+changed",
      "*** Delete File: gone.ts",
    ),
  });
  expect(await bench.directory.read("src/a.ts")).toBe("one\n2\nthree\n");
  expect(await bench.directory.read("new/deep/b.ts")).toBe("first\n\nsecond\n");
  expect(await bench.directory.read("src/new.ts")).toBe("keep\nchanged\n");
  expect(existsSync(bench.directory.join("src/old.ts"))).toBe(false);
  expect(existsSync(bench.directory.join("gone.ts"))).toBe(false);
  expect(await readdir(bench.directory.join("src"))).toEqual(["a.ts", "new.ts"]);
  expect(result).toMatchObject({
    title: "4 files",
    output: "Success. Updated the following files:\nM src/a.ts\nA new/deep/b.ts\nR src/old.ts -> src/new.ts\nD gone.ts",
    metadata: {
      files: [
        { relativePath: "src/a.ts", type: "update", additions: 1, deletions: 1 },
        { relativePath: "new/deep/b.ts", type: "add", additions: 3 },
        { type: "move", movePath: bench.directory.join("src/new.ts") },
        { type: "delete", deletions: 1 },
      ],
    },
  });
  expect(bench.asks).toHaveLength(1);
  expect(bench.asks[0]).toMatchObject({
    permission: "edit",
    patterns: ["src/a.ts", "new/deep/b.ts", "src/old.ts", "src/new.ts", "gone.ts"],
    metadata: { diff: expect.stringContaining("+changed") },
  });
  expect(bench.edited.map((file) => file.slice(bench.directory.path.length + 1))).toEqual(bench.asks[0]?.patterns);
});

test("hunks are found by their lines, in order, below their @@ lines", async () => {
  const text = "class A {\n  run() {\n    stop();\n  }\n}\nclass B {\n  run() {\n    stop();\n  }\n}\n";
  expect(await patched(text, "@@ class B", "@@   run() {", "-    stop();", "+    go();")).toBe(text.replace(/stop(?![\s\S]*stop)/, "go"));
  expect(await patched(text, "@@ class A {", "-    stop();", "+    go();")).toBe(text.replace("stop", "go"));
  expect(await patched("a\nx\nb\nx\n", " a", "-x", "+1", " b", "@@", "-x", "+2")).toBe("a\n1\nb\n2\n");
  expect(await patched("a\nx\nb\n", "@@ -1,3 +1,3 @@ a", "-x", "+1")).toBe("a\n1\nb\n");
});

test("a hunk only of new lines goes below its @@ line, or to the end", async () => {
  expect(await patched("a\nb\n", "@@ a", "+between")).toBe("a\nbetween\nb\n");
  expect(await patched("a\nb", "@@", "+last")).toBe("a\nb\nlast");
  expect(await patched("x\ny\nx\n", " x", "+end", "*** End of File")).toBe("x\ny\nx\nend\n");
});

test("spacing may differ: lines that stay are the file's own, new ones get its indentation and line ends", async () => {
  const text = "function a() {\r\n\tif (x) {\r\n\t\tone();\r\n\t}\r\n}\r\n";
  const result = await patched(text, "@@ function a() {", "   if (x) {", "-    one();", "+    two();", "+      three();", "   }");
  expect(result).toBe("function a() {\r\n\tif (x) {\r\n\t\ttwo();\r\n\t\t\tthree();\r\n\t}\r\n}\r\n");
});

test("what stands around the patch is left out", async () => {
  await using bench = await workbench({ "a.ts": "one\n" });
  const patchText = `apply_patch <<'EOF'\n${patchOf("*** Update File: a.ts", "-one", "+two", "")}\nEOF\n`;
  await bench.run("apply_patch", { patchText });
  expect(await bench.directory.read("a.ts")).toBe("two\n");
});

test("a hunk that cannot be applied is named with its file, and no file is changed", async () => {
  await using bench = await workbench({ "a.ts": "one\n", "b.ts": "alpha\nbeta\ngamma\n" });
  const patchText = patchOf("*** Update File: a.ts", "-one", "+two", "*** Update File: b.ts", "-alpha", "+1", "@@", " beta", "-gamm", "+3");
  const { message } = await bench.fault("apply_patch", { patchText });
  expect(message).toContain(`Hunk 2 of ${bench.directory.join("b.ts")} cannot be applied: its lines are not in the file`);
  expect(message).toContain("  2: beta\n- gamm\n+ 3: gamma");
  expect(await bench.directory.read("a.ts")).toBe("one\n");
  expect(bench.asks).toEqual([]);
});

test("a hunk that fits twice, overlaps another or hangs below an unknown line is refused", async () => {
  expect(await fault("x\ny\nx\n", "-x", "+z")).toContain("it fits in 2 places (lines 1, 3)");
  expect(await fault("a\nb\nc\n", " a", "-b", "+1", "@@", "-b", "+2")).toContain("Hunk 2");
  expect(await fault("a\n", "@@ function none()", "-a", "+b")).toContain('its line "@@ function none()" is not in the file');
});

test.each([
  ["no patch at all", "*** Begin Patch"],
  ["*** Begin Patch\n*** Update File: a.ts\n-one", "*** End Patch"],
  [patchOf("*** Change File: a.ts"), "line 2 must be"],
  [patchOf("*** Update File: a.ts", "one"), "line 3"],
  [patchOf("*** Add File: b.ts", "text"), 'begin with "+"'],
  [patchOf("*** Update File: a.ts"), "holds no hunk"],
  [patchOf("*** Delete File: a.ts", "*** Delete File: a.ts"), "twice"],
  [patchOf("*** Add File: a.ts", "+x"), "exists already"],
  [patchOf("*** Update File: b.ts", "-x"), "does not exist"],
  [patchOf(), "names no file"],
  ["--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@", "unified diff"],
])("a patch that is none says what is wrong: %j", async (patchText, reason) => {
  await using bench = await workbench({ "a.ts": "one\n" });
  expect((await bench.fault("apply_patch", { patchText })).message).toContain(reason);
});

test("a change while a person was deciding is not overwritten, and no other file is written", async () => {
  await using bench = await workbench({ "a.ts": "one\n", "b.ts": "one\n" });
  const ask = () => writeFile(bench.directory.join("b.ts"), "theirs\n");
  const patchText = patchOf("*** Update File: a.ts", "-one", "+two", "*** Update File: b.ts", "-one", "+two");
  expect((await bench.fault("apply_patch", { patchText }, { ask })).message).toContain("has changed meanwhile");
  expect(await bench.directory.read("a.ts")).toBe("one\n");
});

test("a write that fails takes back those before it", async () => {
  await using bench = await workbench({ "a.ts": "one\n", "c.ts": "one\n", "blocked/x": "" });
  // The directory that the last file needs is a file: it fails when the patch is written.
  const ask = async () => writeFile(bench.directory.join("taken"), "");
  const patchText = patchOf("*** Update File: a.ts", "-one", "+two", "*** Delete File: c.ts", "*** Add File: taken/b.ts", "+x");
  await bench.fault("apply_patch", { patchText }, { ask });
  expect(await bench.directory.read("a.ts")).toBe("one\n");
  expect(await bench.directory.read("c.ts")).toBe("one\n");
  expect((await readdir(bench.directory.path)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("a path outside asks first; the mode is kept", async () => {
  await using bench = await workbench({ "a.sh": "one\n" });
  await chmod(bench.directory.join("a.sh"), 0o755);
  await bench.run("apply_patch", { patchText: patchOf("*** Update File: a.sh", "-one", "+two", "*** Add File: ../out.ts", "+x") });
  expect(bench.asks.map(({ permission }) => permission)).toEqual(["external_directory", "edit"]);
  expect((await stat(bench.directory.join("a.sh"))).mode & 0o777).toBe(0o755);
  await bench.run("apply_patch", { patchText: patchOf("*** Update File: a.sh", "*** Move to: b.sh", "-two", "+three") });
  expect((await stat(bench.directory.join("b.sh"))).mode & 0o777).toBe(0o755);
});

test("in a session: the model patches two files after one permission, and a refused one changes nothing", async () => {
  await using server = await testApp({ files: { "a.ts": "one\n", "b.ts": "two\n" }, config: { permission: { edit: "ask" } } });
  const patchText = patchOf("*** Update File: a.ts", "-one", "+1", "*** Update File: b.ts", "-two", "+2");
  server.model.calls({ name: "apply_patch", input: { patchText } }).text("Patched.");
  using events = watch(server.app);
  const session = await server.app.sessions.create(server.repository.path, { title: "P" });
  const answer = server.app.sessions.prompt(session.id, say("patch"));
  const { properties: request } = await events.until("permission.asked");
  expect(request.patterns).toEqual(["a.ts", "b.ts"]);
  expect(await server.repository.read("a.ts")).toBe("one\n");
  await server.app.permissions.reply(request.id, { reply: "once" });
  expect(textOf(await answer)).toBe("Patched.");
  expect([await server.repository.read("a.ts"), await server.repository.read("b.ts")]).toEqual(["1\n", "2\n"]);
  const edited = events.seen.flatMap((event) => (event.type === "file.edited" ? [event.properties.file] : []));
  expect(edited).toEqual([server.repository.join("a.ts"), server.repository.join("b.ts")]);
});
