import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCommand } from "../src/tool/registry.ts";
import { processesWith, workbench } from "./helpers/tool.ts";

/** A number of seconds that no other process sleeps: it marks the processes of one test. */
let next = 7_000_000 + (process.pid % 100_000) * 100;
const mark = () => String(next++);

test("a command's output, exit code and title are those of the reference", async () => {
  await using bench = await workbench();
  const result = await bench.run("bash", { command: "echo out; echo err 1>&2; exit 3", description: "Echo and fail" });
  expect(result).toEqual({
    title: "echo out; echo err 1>&2; exit 3",
    output: "out\nerr\n",
    metadata: { output: "out\nerr\n", exit: 3, truncated: false },
  });
  expect(bench.live[0]).toEqual({ metadata: { output: "" } });
});

test("standard output and error keep their order", async () => {
  await using bench = await workbench();
  const { output } = await bench.run("bash", { command: "for i in 1 2 3 4 5 6 7 8; do echo o$i; echo e$i >&2; done" });
  expect(output).toBe([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `o${n}\ne${n}\n`).join(""));
});

test("the environment is exactly the given one, and there is no input to wait for", async () => {
  await using bench = await workbench();
  const environment = { ...bench.context.environment, GREETING: "hello" };
  const result = await bench.run("bash", { command: "cat; env" }, { environment });
  const names = result.output.split("\n").flatMap((line) => (line.includes("=") ? [line.split("=")[0]] : []));
  expect(names.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_", "PATH", "HOME"].includes(name ?? ""))).toEqual(["GREETING"]);
});

test("a command asks for each simple command in it", async () => {
  await using bench = await workbench();
  await bench.run("bash", { command: "echo hi" });
  await bench.run("bash", { command: "git status --short; echo a | cat" });
  expect(bench.asks).toEqual([
    { permission: "bash", patterns: ["echo hi"], always: ["echo *"], metadata: { command: "echo hi" } },
    {
      permission: "bash",
      patterns: ["git status --short", "echo a", "cat"],
      always: ["git status *", "echo *", "cat *"],
      metadata: { command: "git status --short; echo a | cat" },
    },
  ]);
});

test("a refused command does not run", async () => {
  await using bench = await workbench();
  const refuse = { ask: () => Promise.reject(new Error("refused")) };
  await expect(bench.run("bash", { command: "touch ran" }, refuse)).rejects.toThrow("refused");
  expect(existsSync(bench.directory.join("ran"))).toBe(false);
});

test("a command runs in workdir, and one outside the worktree asks first", async () => {
  await using bench = await workbench({ "sub/a.txt": "a" });
  expect((await bench.run("bash", { command: "pwd", workdir: "sub" })).output).toBe(`${bench.directory.join("sub")}\n`);
  expect(bench.asks.map((ask) => ask.permission)).toEqual(["bash"]);
  await bench.run("bash", { command: "pwd", workdir: ".." });
  const parent = bench.outside("");
  expect(bench.asks[1]).toMatchObject({ permission: "external_directory", patterns: [`${parent.replace(/\/$/, "")}/*`] });
  expect((await bench.fault("bash", { command: "pwd", workdir: "none" })).message).toContain("not an existing directory");
});

test("a time limit ends the command and everything it started, and says so", async () => {
  await using bench = await workbench();
  const id = mark();
  const command = `echo before; sleep ${id} & timeout ${id} sleep ${id} & setsid sleep ${id} & sleep ${id}`;
  const result = await bench.run("bash", { command, timeout: 400 });
  expect(result.metadata).toMatchObject({ exit: null, truncated: false, output: "before\n" });
  expect(result.output).toContain("time limit of 400 ms");
  expect(processesWith(id)).toEqual([]);
});

test("an abort ends the command and everything it started, and throws the abort's reason", async () => {
  await using bench = await workbench();
  const id = mark();
  const controller = new AbortController();
  const reason = new Error("stopped by the user");
  let running = 0;
  const metadata = (update: { metadata?: Record<string, unknown> }) => {
    if (!String(update.metadata?.output).includes("ready")) return;
    running = processesWith(id).length;
    controller.abort(reason);
  };
  const command = `sleep ${id} & timeout ${id} sleep ${id} & setsid sleep ${id} & echo ready; sleep ${id}`;
  await expect(bench.run("bash", { command }, { signal: controller.signal, metadata })).rejects.toBe(reason);
  if (process.platform === "linux") expect(running).toBeGreaterThanOrEqual(4);
  expect(processesWith(id)).toEqual([]);
});

test("a call that was aborted before starts nothing", async () => {
  await using bench = await workbench();
  await expect(bench.run("bash", { command: "touch ran" }, { signal: AbortSignal.abort(new Error("early")) })).rejects.toThrow("early");
  expect(existsSync(bench.directory.join("ran"))).toBe(false);
});

test("a process that ignores SIGTERM is killed", async () => {
  await using bench = await workbench();
  const id = mark();
  const result = await bench.run("bash", { command: `trap '' TERM; echo ${id}; while :; do sleep 0.01; done # ${id}`, timeout: 300 });
  expect(result.metadata.exit).toBe(null);
  expect(processesWith(id)).toEqual([]);
});

test("a background child neither hangs the call nor survives it", async () => {
  await using bench = await workbench();
  const id = mark();
  const result = await bench.run("bash", {
    command: `sleep ${id} & nohup sleep ${id} >/dev/null 2>&1 & disown; timeout ${id} sleep ${id} & echo done`,
  });
  expect(result.metadata).toMatchObject({ exit: 0, output: "done\n" });
  expect(processesWith(id)).toEqual([]);
});

test("a daemon that keeps the output open does not hang the call", async () => {
  await using bench = await workbench();
  const id = mark();
  const result = await bench.run("bash", { command: `setsid -f sleep ${id}; echo done` });
  const daemons = processesWith(id);
  for (const pid of daemons) process.kill(pid, "SIGKILL");
  expect(result.metadata).toMatchObject({ exit: 0, output: "done\n" });
});

test("output that a slower stage of a pipeline writes after its shell ended is not lost", async () => {
  await using bench = await workbench();
  const { output } = await bench.run(
    "bash",
    { command: "echo one > >(sleep 0.05; cat; echo two)" },
    { environment: { ...bench.context.environment, SHELL: "/bin/bash" } },
  );
  expect(output).toBe("one\ntwo\n");
});

test("output over the limit is kept on disk in full, and its end is shown", async () => {
  await using bench = await workbench();
  const result = await bench.run("bash", { command: "seq 1 100000" });
  const path = String(result.metadata.outputPath);
  expect(result.metadata).toMatchObject({ truncated: true, exit: 0 });
  expect(await readFile(path, "utf8")).toBe(Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join(""));
  expect(result.output).toContain(path);
  expect(result.output).toContain("\n100000\n");
  expect(result.output.split("\n").length).toBeLessThan(2_010);
  expect(Buffer.byteLength(String(result.metadata.output))).toBeLessThanOrEqual(30 * 1024);
  expect((await stat(path)).mode & 0o077).toBe(0);
  const page = await bench.run("read", { filePath: path, offset: 500, limit: 1 });
  expect(page.output).toContain("500: 500");
  expect(bench.asks.map((ask) => ask.permission)).not.toContain("external_directory");
});

test("characters of several bytes survive the cut", async () => {
  await using bench = await workbench({}, {});
  const output = { ...bench.context.output, maxBytes: 1_000 };
  const result = await bench.run("bash", { command: "for i in $(seq 1 400); do printf 'äöü€'; done" }, { output });
  expect(result.output).not.toContain("\uFFFD");
  expect(result.metadata.truncated).toBe(true);
});

test("live output shows the newest end of what was written", async () => {
  await using bench = await workbench();
  const seen: string[] = [];
  const controller = new AbortController();
  const metadata = (update: { metadata?: Record<string, unknown> }) => {
    seen.push(String(update.metadata?.output));
    if (seen.at(-1)?.includes("second")) controller.abort();
  };
  const run = bench.run("bash", { command: "echo first; seq 1 20000; echo second; sleep 60" }, { metadata, signal: controller.signal });
  await expect(run).rejects.toThrow();
  expect(Buffer.byteLength(seen.at(-1) ?? "")).toBeLessThanOrEqual(30 * 1024);
  expect(seen.at(-1)?.endsWith("20000\nsecond\n")).toBe(true);
});

test("a command without output says so, with its exit code if it failed", async () => {
  await using bench = await workbench();
  expect((await bench.run("bash", { command: "true" })).output).toBe("(No output.)");
  expect((await bench.run("bash", { command: "exit 7" })).output).toBe("(No output. Exit code 7.)");
  expect((await bench.run("bash", { command: "kill -SEGV $$" })).output).toContain("SIGSEGV");
});

test("a timeout above the maximum is refused, naming the field", async () => {
  await using bench = await workbench();
  const error = await bench.fault("bash", { command: "true", timeout: 700_000 });
  expect(error.name).toBe("BadRequest");
  expect(error.message).toMatch(/timeout: .*600000/);
});

test("a command that cannot be started is an error; so is a reader that fails, and it ends the command", async () => {
  await using bench = await workbench();
  const id = mark();
  const { path: directory } = bench.directory;
  const options = { file: "/bin/sh", args: ["-c", `echo x; sleep ${id}`], directory, environment: bench.context.environment };
  await expect(runCommand({ ...options, directory: `${directory}/none`, onOutput() {} })).rejects.toThrow("there is no such directory");
  const onOutput = () => Promise.reject(new Error("disk full"));
  await expect(runCommand({ ...options, onOutput })).rejects.toThrow("disk full");
  expect(processesWith(id)).toEqual([]);
});
