import { utimes } from "node:fs/promises";
import { expect, test } from "vitest";
import { workbench } from "./helpers/tool.ts";

const project = {
  ".gitignore": "dist/\n*.log\n",
  "README.md": "# hello world\n",
  "src/index.ts": 'import { hello } from "./hello";\nconsole.log(hello("x"));\n',
  "src/hello.ts": `export function hello(name: string) {\n  return \`hello \${name}\`;\n}\n`,
  "src/deep/er/a.test.ts": "// nothing\n",
  ".github/ci.yml": "hello: true\n",
  "dist/index.js": "hello();\n",
  "debug.log": "hello\n",
};

test("glob finds by name, the newest first, without what .gitignore leaves out", async () => {
  await using bench = await workbench(project);
  await utimes(bench.directory.join("src/hello.ts"), 2e9, 2e9);
  const result = await bench.run("glob", { pattern: "src/*.ts" });
  expect(result).toEqual({
    title: "",
    output: ["src/hello.ts", "src/index.ts"].map((name) => bench.directory.join(name)).join("\n"),
    metadata: { count: 2, truncated: false },
  });
  expect(bench.asks).toEqual([
    { permission: "glob", patterns: ["src/*.ts"], always: ["*"], metadata: { pattern: "src/*.ts", path: undefined } },
  ]);
  const names = async (pattern: string, path?: string) =>
    (await bench.run("glob", { pattern, path })).output
      .split("\n")
      .map((file) => file.replace(`${bench.directory.path}/`, ""))
      .sort();
  expect(await names("*.ts")).toEqual(["src/deep/er/a.test.ts", "src/hello.ts", "src/index.ts"]);
  expect(await names("**/*.{md,yml}")).toEqual([".github/ci.yml", "README.md"]);
  expect(await names("**/*.{log,js}")).toEqual(["No files found"]);
  expect(await names("er/*", "src/deep")).toEqual(["src/deep/er/a.test.ts"]);
  expect(await names(bench.directory.join("src/**/*.test.ts"))).toEqual(["src/deep/er/a.test.ts"]);
});

test("glob stops at a hundred and says so", async () => {
  await using bench = await workbench(Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`f${index}.txt`, ""])));
  const { output, metadata } = await bench.run("glob", { pattern: "*.txt" });
  expect(metadata).toEqual({ count: 100, truncated: true });
  expect(output).toContain("More than 100 files match");
});

test.each([
  ["*.ts", ["a.ts", "x/y/a.ts", ".a.ts"], ["a.tsx", "ts"]],
  ["src/*.ts", ["src/a.ts"], ["src/x/a.ts", "x/src/a.ts"]],
  ["./src/**/a.?s", ["src/a.ts", "src/x/y/a.js"], ["src/a.s", "a.ts"]],
  ["src/**", ["src/a", "src/b/c"], ["srcs/a"]],
  ["**", ["a", "b/c/d"], []],
  ["{a,b{c,d}}.[jt]s", ["a.js", "x/bc.ts", "bd.js"], ["b.js", "a.cs"]],
  ["[!a]*.md", ["b.md"], ["a.md"]],
  ["a\\*b", ["a*b"], ["axb"]],
  ["a+(b).$", ["a+(b).$"], ["aab.$"]],
  ["{open", ["{open"], ["open"]],
])("the glob %s is read as people write it", async (pattern, fits, others) => {
  await using bench = await workbench(Object.fromEntries([...fits, ...others].map((name) => [`root/${name}`, ""])));
  const { output } = await bench.run("glob", { pattern, path: "root" });
  expect(output.split("\n").sort()).toEqual(fits.map((name) => bench.directory.join("root", name)).sort());
});

test("grep groups matching lines by file", async () => {
  await using bench = await workbench(project);
  await utimes(bench.directory.join("src/hello.ts"), 2e9, 2e9);
  const result = await bench.run("grep", { pattern: "hello[ (]", include: "*.ts" });
  expect(result).toEqual({
    title: "hello[ (]",
    output: [
      "Found 4 matches",
      `${bench.directory.join("src/hello.ts")}:\n  Line 1: export function hello(name: string) {\n  Line 2:   return \`hello \${name}\`;`,
      `${bench.directory.join("src/index.ts")}:\n  Line 1: import { hello } from "./hello";\n  Line 2: console.log(hello("x"));`,
    ].join("\n\n"),
    metadata: { matches: 4, truncated: false },
  });
  expect((await bench.run("grep", { pattern: "hello" })).output).not.toMatch(/dist|debug\.log/);
  expect((await bench.run("grep", { pattern: "hello", path: "README.md" })).output).toContain("Line 1: # hello world");
  expect((await bench.run("grep", { pattern: "absent" })).output).toBe("No matches found");
  expect((await bench.run("grep", { pattern: "-hello" })).metadata.matches).toBe(0);
});

test("grep stops at a hundred matches and cuts long lines", async () => {
  await using bench = await workbench({ "a.txt": "hit\n".repeat(150), "b.min.js": `${"x".repeat(100_000)}needle` });
  const many = await bench.run("grep", { pattern: "hit" });
  expect(many.metadata).toEqual({ matches: 100, truncated: true });
  expect(many.output).toContain("Found more than 100 matches");
  expect((await bench.run("grep", { pattern: "x+needle" })).output.length).toBeLessThan(1_500);
});

test("a bad pattern is refused with the reason", async () => {
  await using bench = await workbench(project);
  const error = await bench.fault("grep", { pattern: "hello(" });
  expect(error.name).toBe("BadRequest");
  expect(error.message).toContain("unclosed group");
});

test("searches obey an abort", async () => {
  await using bench = await workbench(project);
  const controller = new AbortController();
  const ask = async () => controller.abort(new Error("stopped"));
  for (const [tool, input] of Object.entries({ glob: { pattern: "*" }, grep: { pattern: "a" }, list: {} })) {
    await expect(bench.run(tool, input, { ask, signal: controller.signal }), tool).rejects.toThrow("stopped");
  }
});

test("list draws the tree, directories first", async () => {
  await using bench = await workbench(project);
  const { output, title, metadata } = await bench.run("list", { ignore: [".keep", ".github"] });
  expect(output).toBe(
    [
      `${bench.directory.path}/`,
      "  src/",
      "    deep/",
      "      er/",
      "        a.test.ts",
      "    hello.ts",
      "    index.ts",
      "  .gitignore",
      "  README.md",
    ].join("\n"),
  );
  expect({ title, metadata }).toEqual({ title: ".", metadata: { count: 8, truncated: false } });
  expect((await bench.run("list", { path: "src/deep" })).title).toBe("src/deep");
});

test("list shows what is nearest to the top, and how much of a directory is missing", async () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`a/b/f${index}`, ""]));
  await using bench = await workbench({ ...many, "z.txt": "" });
  const { output, metadata } = await bench.run("list", { ignore: [".keep"] });
  expect(metadata).toEqual({ count: 100, truncated: true });
  expect(output).toContain("    b/ (53 not shown)");
  expect(output).toContain("\n  z.txt\n");
});

test("searching what is not there, or a file as a directory, says what would work", async () => {
  await using bench = await workbench(project);
  expect((await bench.fault("grep", { pattern: "a", path: "scr" })).message).toContain(bench.directory.join("src"));
  expect((await bench.fault("list", { path: "README.md" })).message).toContain("use the read tool");
});
