import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { say, type TestApp, testApp, textOf } from "../helpers/app.ts";
import { processesWith, workbench } from "../helpers/tool.ts";

/** A number of seconds that no other process sleeps: it marks the processes of one test. */
let next = 8_000_000 + (process.pid % 100_000) * 100;
const mark = () => String(next++);

const look = (wait?: number) => ({ action: "output", id: "bg_1", ...(wait ? { wait } : {}) });

test("a background command starts at once with an id; its output comes piece by piece, and all of it is in a file", async () => {
  await using bench = await workbench();
  const started = await bench.run("bash", {
    command: "echo one; until [ -f go ]; do sleep 0.01; done; echo two; exit 3",
    background: true,
  });
  expect(started.metadata).toMatchObject({ background: "bg_1" });
  expect(started.output).toContain("Started in the background as bg_1. It runs");
  expect(started.output).toContain("\none\n");
  expect((await bench.run("process", look())).output).toContain("No new output");
  await bench.directory.write({ go: "" });
  let text = "";
  while (!text.includes("It ended")) text += (await bench.run("process", look(60))).output;
  expect(text).toContain("\ntwo\n");
  expect(text).not.toContain("one\n");
  expect(text).toContain("It ended with exit code 3.");
  const [file = ""] = /\/\S+\.txt/.exec(text) ?? [];
  expect(await readFile(file, "utf8")).toBe("one\ntwo\n");
  expect(bench.asks.map(({ permission }) => permission)).toEqual(["bash"]);
});

test("commands are listed, and stopped with all that they started", async () => {
  await using bench = await workbench();
  const id = mark();
  await bench.run("bash", { command: `sleep ${id} & setsid sleep ${id} & echo up; wait`, background: true });
  await bench.run("bash", { command: "exit 0", background: true });
  await bench.run("process", { action: "output", id: "bg_2", wait: 60 });
  const { output } = await bench.run("process", { action: "list" });
  expect(output).toMatch(/bg_1: sleep .*\n {2}It runs, for \d+ s\.\nbg_2: exit 0\n {2}It ended with exit code 0\./);
  const stopped = await bench.run("process", { action: "stop", id: "bg_1" });
  expect(stopped.output).toContain("It was ended by SIGTERM.");
  expect(processesWith(id)).toEqual([]);
  expect((await bench.run("process", { action: "stop", id: "bg_1" })).output).toContain("ended by SIGTERM");
});

test("a command that cannot work says so; a time limit holds", async () => {
  await using bench = await workbench();
  await bench.run("bash", { command: "no-such-program-here", background: true });
  expect((await bench.run("process", { action: "output", id: "bg_1", wait: 60 })).output).toContain("It ended with exit code 127.");
  await bench.run("bash", { command: "sleep 100", background: true, timeout: 50 });
  expect((await bench.run("process", { action: "output", id: "bg_2", wait: 60 })).output).toContain("stopped at its time limit");
});

test("an unknown id and an eleventh command are refused with what there is", async () => {
  await using bench = await workbench();
  expect((await bench.fault("process", { action: "stop", id: "bg_9" })).message).toContain("None was started");
  expect((await bench.fault("process", { action: "output" })).message).toContain("name the command");
  await Promise.all(Array.from({ length: 10 }, () => bench.run("bash", { command: "sleep 1000", background: true })));
  const { message } = await bench.fault("bash", { command: "sleep 1000", background: true });
  expect(message).toContain("10 commands run in the background already (bg_1, bg_2");
});

test("output over what is held is cut at its beginning, and the file has all of it", async () => {
  await using bench = await workbench();
  await bench.run("bash", { command: "until [ -f go ]; do sleep 0.01; done; seq 1 100000", background: true });
  await bench.directory.write({ go: "" });
  await bench.context.background?.get("bg_1").ended;
  const { output } = await bench.run("process", look());
  expect(output).toMatch(/\(\d+ bytes before this are left out\.\)/);
  expect(output).toContain("\n100000\n");
  expect(Buffer.byteLength(output)).toBeLessThan(52 * 1024);
  const all = await readFile(bench.context.background?.get("bg_1").file() ?? "", "utf8");
  expect(all.split("\n")).toHaveLength(100_001);
});

/** A session in which a command runs in the background after its turn has ended. */
async function running(server: TestApp, id: string) {
  server.model.calls({ name: "bash", input: { command: `echo up; sleep ${id}`, background: true } }).text("Started.");
  const session = await server.app.sessions.create(server.repository.path, { title: "B" });
  expect(textOf(await server.app.sessions.prompt(session.id, say("start it")))).toBe("Started.");
  if (process.platform === "linux") expect(processesWith(id)).not.toEqual([]);
  return session;
}

test("in a session: it outlives its turn, and a later turn reads its output and stops it", async () => {
  await using server = await testApp();
  const id = mark();
  const session = await running(server, id);
  server.model
    .calls({ name: "process", input: look() })
    .calls({ name: "process", input: { action: "stop", id: "bg_1" } })
    .text("Stopped.");
  expect(textOf(await server.app.sessions.prompt(session.id, say("and now?")))).toBe("Stopped.");
  const asked = server.model.requests().at(-1)?.body.messages ?? [];
  expect(JSON.stringify(asked)).toContain("It was ended by SIGTERM");
  expect(processesWith(id)).toEqual([]);
});

test("in a session: an abort, its deletion and the server's end leave nothing behind; another session has none of it", async () => {
  const last = mark();
  {
    await using server = await testApp();
    const [first, second] = [mark(), mark()];
    const aborted = await running(server, first);
    const other = await server.app.sessions.create(server.repository.path, { title: "Other" });
    server.model.calls({ name: "process", input: { action: "list" } }).text("None.");
    await server.app.sessions.prompt(other.id, say("list"));
    expect(JSON.stringify(server.model.requests().at(-1)?.body.messages)).toContain("No command was started");
    await server.app.sessions.abort(aborted.id);
    expect(processesWith(first)).toEqual([]);
    const deleted = await running(server, second);
    await server.app.sessions.remove(deleted.id);
    expect(processesWith(second)).toEqual([]);
    expect(existsSync(server.home.join("data/codeport/tool-output", deleted.id))).toBe(false);
    await running(server, last);
  }
  expect(processesWith(last)).toEqual([]);
});
