import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLanguageServers, type LanguageServers, type Limits } from "../../src/lsp/lsp.ts";
import { createPrograms } from "../../src/program/program.ts";
import type { Config } from "../../src/schema/config.ts";
import { endFamily } from "../../src/tool/registry.ts";
import { type Files, type TestDirectory, temporaryDirectory } from "../helpers/directory.ts";
import { isRunning } from "../helpers/process.ts";

const script = join(import.meta.dirname, "..", "fixtures", "language-server.ts");

interface Setup extends AsyncDisposable {
  servers: LanguageServers;
  directory: TestDirectory;
  /** Process ids, in the order of starting. */
  started(): Promise<number[]>;
  failures: string[];
  updates(): number;
  check(...names: string[]): Promise<{ files: Record<string, string[]>; others: Record<string, string[]> }>;
}

/** The fixture's server, misbehaving as `mode` says, for files that end in `.demo`. */
async function setup(mode: string, options: { files?: Files; limits?: Partial<Limits>; config?: Config["lsp"] } = {}): Promise<Setup> {
  const directory = await temporaryDirectory({ files: { "demo.json": "{}", journal: "", ...options.files } });
  const failures: string[] = [];
  let updates = 0;
  const environment = { PATH: process.env.PATH };
  const command = [process.execPath, script, directory.join("journal"), mode];
  const servers = createLanguageServers({
    directory: directory.path,
    config: options.config ?? { demo: { command, extensions: [".demo"], initialization: { lint: { level: 3 } } } },
    programs: createPrograms({ boundary: directory.path, environment, isTrusted: () => true }),
    environment,
    endProcess: endFamily,
    onUpdated: () => updates++,
    onError: (error) => failures.push(error instanceof Error ? error.message : String(error)),
    limits: { debounce: 100, start: 20_000, judgement: 20_000, firstJudgement: 20_000, ...options.limits },
  });
  const shown = (record: Record<string, { message: string }[]>) =>
    Object.fromEntries(
      Object.entries(record).map(([file, list]) => [file.slice(directory.path.length + 1), list.map(({ message }) => message)]),
    );
  return {
    servers,
    directory,
    failures,
    updates: () => updates,
    started: async () => (await directory.read("journal")).split("\n").filter(Boolean).map(Number),
    async check(...names) {
      const { files, others } = await servers.check(
        names.map((name) => directory.join(name)),
        new AbortController().signal,
      );
      return { files: shown(files), others: shown(others) };
    },
    async [Symbol.asyncDispose]() {
      await servers[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describe("a language server", () => {
  it("starts with the first file of its language, once, and says what is wrong with each new text", async () => {
    await using test = await setup("", { files: { "a.demo": "BAD one\n", "b.txt": "BAD\n" } });
    expect(await test.check("b.txt")).toEqual({ files: {}, others: {} });
    expect(await test.started()).toEqual([]);
    expect(test.servers.status()).toEqual([]);
    expect(await test.check("a.demo")).toEqual({ files: { "a.demo": ["no: BAD one"] }, others: {} });
    expect(test.servers.status()).toEqual([{ id: "demo", name: "demo", root: "", status: "connected" }]);
    await test.directory.write({ "a.demo": "fine\nBAD two\n" });
    expect(await test.check("a.demo")).toEqual({ files: { "a.demo": ["no: BAD two"] }, others: {} });
    await test.directory.write({ "a.demo": "fine\n" });
    expect(await test.check("a.demo")).toEqual({ files: {}, others: {} });
    expect(await test.started()).toHaveLength(1);
    expect(test.updates()).toBe(1);
  });

  it("that tells in several parts is heard to the end", async () => {
    await using test = await setup("in-two-parts", { files: { "a.demo": "BAD\n" } });
    expect(await test.check("a.demo")).toMatchObject({ files: { "a.demo": ["no: BAD"] } });
  });

  it("that wants to be asked for diagnostics is asked, of open documents too", async () => {
    await using test = await setup("pull", { files: { "a.demo": "BAD\n", "b.demo": "fine\n" } });
    expect(await test.check("b.demo")).toEqual({ files: {}, others: {} });
    await test.directory.write({ "b.demo": "BAD b\n" });
    expect(await test.check("a.demo")).toEqual({ files: { "a.demo": ["no: BAD"] }, others: { "b.demo": ["no: BAD b"] } });
  });

  it("finds errors that a change makes in other files, and does not repeat those known before", async () => {
    await using test = await setup("", { files: { "a.demo": "breaks other.demo\n" } });
    expect(await test.check("a.demo")).toEqual({ files: {}, others: { "other.demo": ["broken from afar"] } });
    await test.directory.write({ "a.demo": "breaks other.demo still\n" });
    expect(await test.check("a.demo")).toEqual({ files: {}, others: {} });
  });

  it("gets answers to what servers ask of editors", async () => {
    await using test = await setup("interview", { files: { "a.demo": "\n" } });
    const { files } = await test.check("a.demo");
    expect(JSON.parse(files["a.demo"]?.[0] ?? "")).toEqual([
      [3, null],
      null,
      null,
      [expect.objectContaining({ uri: expect.stringMatching(/^file:/) })],
    ]);
  });

  it("forgets a file that is gone", async () => {
    await using test = await setup("", { files: { "a.demo": "BAD\n" } });
    await test.check("a.demo");
    await rm(test.directory.join("a.demo"));
    expect(await test.check("a.demo")).toEqual({ files: {}, others: {} });
  });

  it("lists symbols of a project in which nothing was opened yet", async () => {
    const config = (command: string[]) => ({ clangd: { command, extensions: [".demo"] } });
    await using place = await temporaryDirectory();
    const command = [process.execPath, script, place.join("journal"), ""];
    await using test = await setup("", {
      files: { "compile_flags.txt": "", "src/a.demo": "\nsymbol apple\nsymbol pear\n" },
      config: config(command),
    });
    expect(await test.servers.symbols("app")).toEqual([
      {
        name: "apple",
        kind: 12,
        location: {
          uri: expect.stringMatching(/src\/a\.demo$/),
          range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } },
        },
      },
    ]);
    expect(test.servers.status()).toMatchObject([{ id: "clangd", status: "connected" }]);
  });

  it("is ended with everything it started, though it refuses", async () => {
    const test = await setup("refuses-to-end", { files: { "a.demo": "" } });
    await test.check("a.demo");
    const pids = await test.started();
    expect(pids.map(isRunning)).toEqual([true, true]);
    await test[Symbol.asyncDispose]();
    expect(pids.map(isRunning)).toEqual([false, false]);
    expect(test.failures).toEqual([]);
  });

  it("is no server where the configuration switches it off", async () => {
    await using test = await setup("", { files: { "a.demo": "BAD\n" }, config: false });
    expect(await test.check("a.demo")).toEqual({ files: {}, others: {} });
  });
});

describe("a language server that fails", () => {
  it.each([
    ["crash", /failed in .*: it ended with exit code 1\. It is started again when it is needed/],
    ["garbage", /failed in .*: it does not speak the protocol/],
  ])("by %s costs its diagnostics only, is started again, and given up after so many failures", async (mode, reason) => {
    await using test = await setup(mode, { files: { "a.demo": "BAD\n" }, limits: { backoff: [0, 0] } });
    for (let count = 0; count < 5; count++) expect(await test.check("a.demo")).toEqual({ files: {}, others: {} });
    expect(await test.started()).toHaveLength(3);
    expect(test.failures).toHaveLength(3);
    expect(test.failures[0]).toMatch(reason);
    expect(test.failures[2]).toContain("It is given up");
    expect(test.servers.status()).toEqual([{ id: "demo", name: "demo", root: "", status: "error" }]);
    expect((await test.started()).filter(isRunning)).toEqual([]);
  });

  it("is left alone until its time has come", async () => {
    await using test = await setup("crash", { files: { "a.demo": "" }, limits: { backoff: [60_000] } });
    await test.check("a.demo");
    await test.check("a.demo");
    expect(await test.started()).toHaveLength(1);
  });

  it("by never answering is waited for a bounded time, and its process is gone", async () => {
    await using test = await setup("never-initializes", { files: { "a.demo": "" }, limits: { initialize: 600, backoff: [] } });
    expect(await test.check("a.demo")).toEqual({ files: {}, others: {} });
    expect(test.failures).toEqual([expect.stringContaining('it did not answer "initialize" within 0.6 s')]);
    expect((await test.started()).filter(isRunning)).toEqual([]);
  });

  it("by being slow to start does not hold up a call, nor the end", async () => {
    const test = await setup("never-initializes", { files: { "a.demo": "" }, limits: { start: 1 } });
    expect(await test.check("a.demo")).toEqual({ files: {}, others: {} });
    expect(test.servers.status()).toEqual([]);
    await test[Symbol.asyncDispose]();
    expect(test.failures).toEqual([]);
  });

  it("by saying nothing about a document does not hold up a call", async () => {
    await using test = await setup("silent-about-documents", { files: { "a.demo": "BAD\n" }, limits: { firstJudgement: 50 } });
    expect(await test.check("a.demo")).toEqual({ files: {}, others: {} });
    expect(test.servers.status()).toMatchObject([{ status: "connected" }]);
  });

  it("under a document does not hold up the call, and starts anew with the next", async () => {
    await using test = await setup("crash-on-open", { files: { "a.demo": "BAD\n" }, limits: { backoff: [0] } });
    await test.check("a.demo");
    await test.check("a.demo");
    await test.check("a.demo");
    expect(await test.started()).toHaveLength(2);
    expect(test.failures[0]).toContain("it ended with exit code 3");
  });

  it("when it is killed starts anew with the next file", async () => {
    await using test = await setup("", { files: { "a.demo": "BAD\n" } });
    await test.check("a.demo");
    const [pid = 0] = await test.started();
    const broke = expect.poll(() => test.servers.status()).toMatchObject([{ status: "error" }]);
    process.kill(pid, "SIGKILL");
    await broke;
    expect(await test.check("a.demo")).toMatchObject({ files: { "a.demo": ["no: BAD"] } });
    expect(await test.started()).toHaveLength(2);
    expect(test.servers.status()).toMatchObject([{ status: "connected" }]);
  });
});
