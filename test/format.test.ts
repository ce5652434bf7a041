import { chmod, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFormatters, type Formatters } from "../src/format/format.ts";
import { createPrograms } from "../src/program/program.ts";
import type { Config } from "../src/schema/config.ts";
import { runCommand } from "../src/tool/registry.ts";
import { type Files, type TestDirectory, temporaryDirectory } from "./helpers/directory.ts";
import { isRunning } from "./helpers/process.ts";

const biome = join(import.meta.dirname, "..", "node_modules", ".bin", "biome");
const ugly = "const  a={b:1}\n";

interface Setup extends AsyncDisposable {
  formatters: Formatters;
  directory: TestDirectory;
  format(name: string, signal?: AbortSignal): ReturnType<Formatters["format"]>;
  enabled(): Promise<string[]>;
}

interface SetupOptions {
  files?: Files;
  config?: Config["formatter"];
  /** Programs that the project has installed, by the file that each of them leads to. */
  installed?: Record<string, string>;
  isTrusted?: boolean;
  timeout?: number;
}

/** A project in `work/`; on PATH are the system's own programs and the scripts in `bin/`. */
async function setup({ files = {}, config, installed = {}, isTrusted = true, timeout }: SetupOptions): Promise<Setup> {
  const home = await temporaryDirectory({ files });
  const directory = home.join("work");
  await mkdir(join(directory, "node_modules", ".bin"), { recursive: true });
  for (const [name, target] of Object.entries(installed)) await symlink(target, join(directory, "node_modules", ".bin", name));
  for (const name of Object.keys(files).filter((file) => file.startsWith("bin/"))) await chmod(home.join(name), 0o755);
  const environment = { PATH: [home.join("bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(":") };
  const programs = createPrograms({ boundary: directory, environment, isTrusted: () => isTrusted });
  const formatters = createFormatters({ directory, config, programs, environment, runCommand, timeout });
  return {
    formatters,
    directory: home,
    format: (name, signal = new AbortController().signal) => formatters.format(home.join(name), signal),
    enabled: async () => (await formatters.status()).filter(({ enabled }) => enabled).map(({ name }) => name),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

const prettier = '#!/bin/sh\nfor file; do :; done\necho prettier >"$file"\n';

describe("formatters of the project", () => {
  const files = { "work/biome.json": "{}", "work/src/a.js": ugly, "work/a.md": "#  a\n", "beside.js": ugly };

  it("are found by their configuration file and the project's own programs", async () => {
    await using test = await setup({ files, installed: { biome } });
    expect(await test.enabled()).toEqual(["biome"]);
    expect(await test.format("work/src/a.js")).toEqual({ name: "biome" });
    expect(await test.directory.read("work/src/a.js")).toBe("const a = { b: 1 };\n");
    expect(await test.format("work/a.md")).toBeUndefined();
  });

  it("leave alone what lies outside of the project", async () => {
    await using test = await setup({ files, installed: { biome } });
    expect(await test.format("beside.js")).toBeUndefined();
    expect(await test.directory.read("beside.js")).toBe(ugly);
  });

  it("do not run where the project does not ask for them", async () => {
    await using test = await setup({ files: { "work/a.js": ugly }, installed: { biome } });
    expect(await test.enabled()).toEqual([]);
    expect(await test.format("work/a.js")).toBeUndefined();
  });

  it("do not run from a project that nobody trusts", async () => {
    await using test = await setup({ files, installed: { biome }, isTrusted: false });
    expect(await test.enabled()).toEqual([]);
    expect(await test.format("work/src/a.js")).toBeUndefined();
  });

  it("do not load a project's plugins unless it is trusted, though the program is the user's", async () => {
    const asked = { "bin/prettier": prettier, "work/package.json": '{"devDependencies":{"prettier":"3"}}', "work/a.md": "a" };
    await using trusted = await setup({ files: asked });
    expect(await trusted.enabled()).toEqual(["prettier"]);
    await using untrusted = await setup({ files: asked, isTrusted: false });
    expect(await untrusted.enabled()).toEqual([]);
    expect(await untrusted.format("work/a.md")).toBeUndefined();
  });

  it("are chosen by what is nearest to the file", async () => {
    const both = { ...files, "bin/prettier": prettier, "work/packages/one/.prettierrc": "{}", "work/packages/one/a.js": ugly };
    await using test = await setup({ files: both, installed: { biome } });
    expect(await test.format("work/src/a.js")).toEqual({ name: "biome" });
    expect(await test.format("work/packages/one/a.js")).toEqual({ name: "prettier" });
  });

  it.each(["tool.ruff", "tool.ruff.lint"])("are found by the table %s of pyproject.toml", async (table) => {
    await using test = await setup({
      files: { "bin/ruff": "#!/bin/sh\n", "work/pyproject.toml": `[project]\n[${table}]\n`, "work/a.py": "" },
    });
    expect(await test.format("work/a.py")).toEqual({ name: "ruff" });
  });

  it("format a Rust file alone and in the language of its manifest", async () => {
    const script = '#!/bin/sh\necho "$@"; sed s/ugly/fine/\n';
    const manifest = '[package]\nname = "x"\nedition = "2024"\n';
    await using test = await setup({
      files: { "bin/rustfmt": script, "work/Cargo.toml": manifest, "work/src/main.rs": "mod other; // ugly\n" },
    });
    expect(await test.format("work/src/main.rs")).toEqual({ name: "rustfmt" });
    expect(await test.directory.read("work/src/main.rs")).toBe("--edition 2024\nmod other; // fine\n");
  });
});

describe("configured formatters", () => {
  const files = { "work/a.txt": "a", "work/b.js": ugly, "work/biome.json": "{}" };
  const append = (word: string) => ["/bin/sh", "-c", `printf ' ${word} %s' "$MARK" >>"$0"`, "$FILE"];

  it("run with the file in their command, and their environment", async () => {
    const config = { mine: { command: append("formatted"), extensions: [".txt"], environment: { MARK: "here" } } };
    await using test = await setup({ files, config });
    expect(await test.formatters.status()).toContainEqual({ name: "mine", extensions: [".txt"], enabled: true });
    expect(await test.format("work/a.txt")).toEqual({ name: "mine" });
    expect(await test.directory.read("work/a.txt")).toBe("a formatted here");
  });

  it("go before those that are found, replace them by name and switch them off", async () => {
    await using before = await setup({ files, installed: { biome }, config: { mine: { command: append("mine"), extensions: [".js"] } } });
    expect(await before.format("work/b.js")).toEqual({ name: "mine" });
    await using instead = await setup({ files, installed: { biome }, config: { biome: { command: append("other") } } });
    expect(await instead.format("work/b.js")).toEqual({ name: "biome" });
    expect(await instead.directory.read("work/b.js")).toContain("other");
    await using off = await setup({ files, installed: { biome }, config: { biome: { disabled: true } } });
    expect(await off.format("work/b.js")).toBeUndefined();
    await using none = await setup({ files, installed: { biome }, config: false });
    expect(await none.format("work/b.js")).toBeUndefined();
    expect(await none.formatters.status()).toEqual([]);
  });

  it("that are not installed are shown as such", async () => {
    await using test = await setup({ files, config: { mine: { command: ["no-such-program", "$FILE"], extensions: [".txt"] } } });
    expect(await test.formatters.status()).toContainEqual({ name: "mine", extensions: [".txt"], enabled: false });
    expect(await test.format("work/a.txt")).toBeUndefined();
  });
});

describe("a formatter that", () => {
  const files = { "work/a.txt": "a" };
  const as = (script: string) => ({ mine: { command: ["/bin/sh", "-c", script, "$FILE"], extensions: [".txt"] } });

  it("fails says why", async () => {
    await using test = await setup({ files, config: as("echo 'line 1: no such thing' >&2; exit 2") });
    expect(await test.format("work/a.txt")).toEqual({ name: "mine", failure: "it ended with exit code 2: line 1: no such thing" });
  });

  it("hangs is stopped with what it started, and left alone for a while", async () => {
    await using test = await setup({ files, timeout: 500, config: as('sleep 60 & echo $! >"$0.pid"; wait') });
    expect(await test.format("work/a.txt")).toEqual({ name: "mine", failure: "it was stopped after 0.5 s" });
    expect(isRunning(Number(await test.directory.read("work/a.txt.pid")))).toBe(false);
    expect(await test.format("work/a.txt")).toBeUndefined();
  });

  it("is cut short by the end of the turn is stopped", async () => {
    await using test = await setup({ files, config: as("sleep 60") });
    expect(await test.format("work/a.txt", AbortSignal.abort())).toEqual({ name: "mine", failure: "it was stopped" });
  });
});
