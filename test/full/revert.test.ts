import { chmod, lstat, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import type { AnyEvent } from "../../src/schema/event.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session, SnapshotFileDiff } from "../../src/schema/session.ts";
import { say, type TestApp, testApp, watch } from "../helpers/app.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { type MockCall, mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";
import { getJSON, postJSON, testServer } from "../helpers/server.ts";

const edit = (file: string, oldString: string, newString: string): MockCall => ({
  name: "edit",
  input: { filePath: file, oldString, newString },
});
const read = (file: string): MockCall => ({ name: "read", input: { filePath: file } });
const write = (file: string, content: string): MockCall => ({ name: "write", input: { filePath: file, content } });
const bash = (command: string): MockCall => ({ name: "bash", input: { command, description: "do it" } });

let prompts = 0;

/** A turn in which the model makes these calls, one step each. Answers the id of its prompt. */
async function turn(test: Pick<TestApp, "app" | "model">, session: Session, calls: (MockCall | MockCall[])[]): Promise<string> {
  prompts += 1;
  const mark = `prompt ${prompts}.`;
  for (const call of calls) test.model.calls(call, { when: mark });
  test.model.text("Done.", { when: mark });
  const messageID = `msg_${String(prompts).padStart(10, "0")}${session.id.slice(-16)}`;
  const answer = await test.app.sessions.prompt(session.id, { ...say(mark), messageID });
  expect(answer.info).not.toHaveProperty("error");
  return messageID;
}

const partsOf = async ({ app }: TestApp, id: string) => (await app.sessions.messages(id)).items.flatMap(({ parts }) => parts);
const create = ({ app, repository }: TestApp) => app.sessions.create(repository.path, { title: "Undo" });
const reportOf = ({ metadata }: Session) => metadata?.revert;

async function bytesOf(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory, { recursive: true })).sort();
  const entries = names.map(async (name) => {
    const stats = await lstat(join(directory, name));
    return [name, `${stats.mode} ${stats.mtimeMs} ${stats.isFile() ? await readFile(join(directory, name), "hex") : ""}`];
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe("a step", () => {
  it("tells its snapshots, and the files it changed in a patch right after its finish; the turn ends with its diffs", async () => {
    await using test = await testApp({ files: { "src/hello.ts": "export function hello() {}\n" } });
    const session = await create(test);
    using events = watch(test.app);
    const messageID = await turn(test, session, [read("src/hello.ts"), edit("src/hello.ts", "hello", "goodbye")]);
    await events.until("session.idle");

    const { items } = await test.app.sessions.messages(session.id);
    const steps = items.slice(1).map(({ parts }) => parts.map(({ type }) => type));
    expect(steps).toEqual([
      ["step-start", "tool", "step-finish"],
      ["step-start", "tool", "step-finish", "patch"],
      ["step-start", "text", "step-finish"],
    ]);
    const parts = items.flatMap((message) => message.parts);
    const snapshots = parts.flatMap((part) => (part.type === "step-start" || part.type === "step-finish" ? [part.snapshot] : []));
    const [before, , , after] = snapshots;
    expect(snapshots).toEqual([before, before, before, after, after, after]);
    expect(before).toMatch(/^[0-9a-f]{40}$/);
    expect(after).not.toBe(before);
    expect(parts.find(({ type }) => type === "patch")).toMatchObject({ hash: before, files: [test.repository.join("src/hello.ts")] });

    const diff = {
      file: "src/hello.ts",
      additions: 1,
      deletions: 1,
      status: "modified",
      patch: expect.stringContaining("+export function goodbye"),
    };
    expect(items[0]?.info).toMatchObject({ id: messageID, summary: { diffs: [diff] } });
    expect((await test.app.sessions.get(session.id)).summary).toEqual({ additions: 1, deletions: 1, files: 1 });
    expect(events.seen.filter(({ type }) => type === "session.diff").map(({ properties }) => properties)).toEqual([
      { sessionID: session.id, diff: [diff] },
    ]);
    const told = (event: AnyEvent) => {
      if (event.type === "message.part.updated") return event.properties.part.type;
      return event.type === "message.updated" && event.properties.info.role === "assistant" ? "message" : [];
    };
    const order = events.seen.flatMap(told);
    expect(order.slice(order.indexOf("patch") - 2, order.indexOf("patch") + 2)).toEqual(["step-finish", "message", "patch", "message"]);
  });

  it("runs without snapshots where they are turned off", async () => {
    await using test = await testApp({ config: { snapshot: false } });
    const session = await create(test);
    const messageID = await turn(test, session, [write("a.txt", "one\n")]);
    expect((await partsOf(test, session.id)).filter((part) => "snapshot" in part && part.snapshot)).toEqual([]);
    const reverted = await test.app.sessions.revert(session.id, { messageID });
    expect(reportOf(reverted)).toMatchObject({ off: expect.stringContaining("turned off") });
    expect(await test.repository.read("a.txt")).toBe("one\n");
  });
});

describe("undo and redo", () => {
  it("restore what was edited, created and deleted, byte for byte, with names and modes as they were", async () => {
    const odd = "folder with spaces/ünïcode ☃.txt";
    const binary = Buffer.from([0, 255, 1, 254, 13, 10, 0]);
    await using test = await testApp({ files: { "a.txt": "one\n", [odd]: "\uFEFFold\r\n", "run.sh": "#!/bin/sh\n", "image.bin": binary } });
    const { repository, app } = test;
    await chmod(repository.join("run.sh"), 0o755);
    const users = await bytesOf(repository.join(".git"));
    const session = await create(test);
    const messageID = await turn(test, session, [
      [read("a.txt"), read(odd), read("run.sh")],
      [edit("a.txt", "one", "two"), edit(odd, "old", "new"), edit("run.sh", "sh", "bash"), write("new/file.txt", "fresh\n")],
      bash("rm image.bin && printf '\\000made' > made.bin && chmod +x a.txt"),
    ]);
    const left = { a: await repository.read("a.txt"), odd: await repository.read(odd), made: await readFile(repository.join("made.bin")) };
    expect(left).toMatchObject({ a: "two\n", odd: "\uFEFFnew\r\n" });

    const reverted = await app.sessions.revert(session.id, { messageID });
    expect(await repository.read("a.txt")).toBe("one\n");
    expect((await stat(repository.join("a.txt"))).mode & 0o111).toBe(0);
    expect(await repository.read(odd)).toBe("\uFEFFold\r\n");
    expect(await repository.read("run.sh")).toBe("#!/bin/sh\n");
    expect((await stat(repository.join("run.sh"))).mode & 0o777).toBe(0o755);
    expect(await readFile(repository.join("image.bin"))).toEqual(binary);
    await expect(stat(repository.join("made.bin"))).rejects.toThrow("ENOENT");
    await expect(stat(repository.join("new/file.txt"))).rejects.toThrow("ENOENT");
    expect(reverted.revert).toMatchObject({
      messageID,
      snapshot: expect.stringMatching(/^[0-9a-f]{40}$/),
      diff: expect.stringContaining("+one"),
    });
    expect(reportOf(reverted)).toEqual({ conflicts: [], inferred: ["a.txt", "image.bin", "made.bin"] });
    expect(reverted.summary).toEqual({ additions: 0, deletions: 0, files: 0 });

    const redone = await app.sessions.unrevert(session.id);
    expect(redone.revert).toBeUndefined();
    expect(reportOf(redone)).toBeUndefined();
    expect({
      a: await repository.read("a.txt"),
      odd: await repository.read(odd),
      made: await readFile(repository.join("made.bin")),
    }).toEqual(left);
    await expect(stat(repository.join("image.bin"))).rejects.toThrow("ENOENT");
    expect(await bytesOf(repository.join(".git"))).toEqual(users);
  });

  it("leave a file alone that a person changed since, and name it", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n", "b.txt": "one\n" } });
    const { repository, app } = test;
    const session = await create(test);
    const messageID = await turn(test, session, [
      [read("a.txt"), read("b.txt")],
      [edit("a.txt", "one", "two"), edit("b.txt", "one", "two"), write("c.txt", "mine\n")],
    ]);
    await repository.write({ "a.txt": "a person's\n", "c.txt": "theirs\n" });
    const reverted = await app.sessions.revert(session.id, { messageID });
    expect(reportOf(reverted)).toEqual({ conflicts: ["a.txt", "c.txt"], inferred: [] });
    expect(await Promise.all(["a.txt", "b.txt", "c.txt"].map(repository.read))).toEqual(["a person's\n", "one\n", "theirs\n"]);
    await repository.write({ "b.txt": "a person's too\n" });
    const redone = await app.sessions.unrevert(session.id);
    expect(redone.revert).toBeUndefined();
    expect(reportOf(redone)).toMatchObject({ conflicts: ["b.txt"] });
    expect(await Promise.all(["a.txt", "b.txt", "c.txt"].map(repository.read))).toEqual(["a person's\n", "a person's too\n", "theirs\n"]);
    await turn(test, session, []);
    expect(reportOf(await app.sessions.get(session.id))).toBeUndefined();
  });

  it("of one of two sessions that edit by turns with a person leave the others' bytes alone", async () => {
    await using test = await testApp({ files: { "shared.txt": "0\n", "mine.txt": "0\n", "yours.txt": "0\n", "person.txt": "0\n" } });
    const { repository, app } = test;
    const [mine, yours] = [await create(test), await create(test)];
    const first = await turn(test, mine, [
      [read("shared.txt"), read("mine.txt")],
      [edit("shared.txt", "0", "1"), edit("mine.txt", "0", "1")],
    ]);
    await repository.write({ "person.txt": "1\n" });
    await turn(test, yours, [
      [read("shared.txt"), read("yours.txt")],
      [edit("shared.txt", "1", "2"), edit("yours.txt", "0", "1")],
    ]);
    await repository.write({ "person.txt": "2\n" });
    await turn(test, mine, [read("shared.txt"), [edit("shared.txt", "2", "3"), edit("mine.txt", "1", "2")]]);
    await repository.write({ "person.txt": "3\n" });

    const others = await app.sessions.diff(yours.id);
    expect(others.map(({ file }) => file)).toEqual(["shared.txt", "yours.txt"]);
    const reverted = await app.sessions.revert(mine.id, { messageID: first });
    expect(reportOf(reverted)).toEqual({ conflicts: ["shared.txt"], inferred: [] });
    const contents = async () => Promise.all(["shared.txt", "mine.txt", "yours.txt", "person.txt"].map(repository.read));
    expect(await contents()).toEqual(["3\n", "0\n", "1\n", "3\n"]);
    await app.sessions.unrevert(mine.id);
    expect(await contents()).toEqual(["3\n", "2\n", "1\n", "3\n"]);
  });

  it("do not charge a session with what others did while its command ran or its question waited", async () => {
    await using test = await testApp({ files: { "theirs.txt": "0\n", "person.txt": "0\n" }, config: { permission: { bash: "ask" } } });
    const { repository, app } = test;
    const [mine, other] = [await create(test), await create(test)];
    using events = watch(app);
    const running = turn(test, mine, [
      bash("echo started > mine.txt; while [ ! -e go ]; do sleep 0.01; done; rm go; echo done > also.txt"),
    ]);
    const { properties: request } = await events.until("permission.asked");
    await repository.write({ "person.txt": "1\n" });
    await app.permissions.reply(request.id, { reply: "once" });
    await events.until(
      "message.part.updated",
      ({ properties: { part } }) => part.type === "tool" && part.tool === "bash" && part.state.status === "running",
    );
    while (!(await stat(repository.join("mine.txt")).catch(() => undefined))) await new Promise((resolve) => setImmediate(resolve));
    await turn(test, other, [read("theirs.txt"), edit("theirs.txt", "0", "1"), write("new.txt", "theirs\n")]);
    await repository.write({ go: "" });
    const messageID = await running;

    expect((await app.sessions.diff(mine.id)).map(({ file }) => file)).toEqual(["also.txt", "mine.txt"]);
    const reverted = await app.sessions.revert(mine.id, { messageID });
    expect(reportOf(reverted)).toEqual({ conflicts: [], inferred: ["also.txt", "mine.txt"] });
    expect((await readdir(repository.path)).sort()).toEqual([".git", "new.txt", "person.txt", "theirs.txt"]);
    expect(await Promise.all(["theirs.txt", "person.txt", "new.txt"].map(repository.read))).toEqual(["1\n", "1\n", "theirs\n"]);
  });

  it("go further back and forward from the first state, to a message or to a part of one", async () => {
    await using test = await testApp({ files: { "a.txt": "0\n" } });
    const { repository, app } = test;
    const session = await create(test);
    const first = await turn(test, session, [read("a.txt"), edit("a.txt", "0", "1")]);
    const second = await turn(test, session, [[edit("a.txt", "1", "2"), write("b.txt", "b\n")]]);
    const content = async () => [await repository.read("a.txt"), await repository.read("b.txt").catch(() => undefined)];
    const parts = (await app.sessions.messages(session.id)).items.flatMap((message) => message.parts);
    const made = parts.find((part) => part.type === "tool" && part.tool === "write");

    const one = await app.sessions.revert(session.id, { messageID: second });
    expect(await content()).toEqual(["1\n", undefined]);
    const two = await app.sessions.revert(session.id, { messageID: first });
    expect(await content()).toEqual(["0\n", undefined]);
    expect(two.revert?.snapshot).toBe(one.revert?.snapshot);
    const three = await app.sessions.revert(session.id, { messageID: made?.messageID ?? "", partID: made?.id });
    expect(three.revert).toMatchObject({ messageID: made?.messageID, partID: made?.id });
    expect(await content()).toEqual(["2\n", undefined]);
    await app.sessions.unrevert(session.id);
    expect(await content()).toEqual(["2\n", "b\n"]);
    await expect(app.sessions.revert(session.id, { messageID: "msg_unknown" })).rejects.toMatchObject({ name: "NotFoundError" });
    await expect(app.sessions.revert(session.id, { messageID: first, partID: "prt_unknown" })).rejects.toMatchObject({
      name: "NotFoundError",
    });
  });

  it("cut the conversation at the next prompt: the messages go, in the log too, and the model is not told of them", async () => {
    await using test = await testApp({ files: { "a.txt": "0\n" } });
    const { repository, app, model } = test;
    const session = await create(test);
    await turn(test, session, [read("a.txt"), edit("a.txt", "0", "1")]);
    const kept = (await app.sessions.messages(session.id)).items;
    const second = await turn(test, session, [edit("a.txt", "1", "2"), write("b.txt", "b\n")]);
    const gone = (await app.sessions.messages(session.id)).items.slice(kept.length).map(({ info }) => info.id);
    await app.sessions.revert(session.id, { messageID: second });
    expect((await app.sessions.messages(session.id)).items).toHaveLength(kept.length + gone.length);

    using events = watch(app);
    const third = await turn(test, session, [read("a.txt"), edit("a.txt", "1", "3")]);
    const after = await app.sessions.get(session.id);
    expect(after.revert).toBeUndefined();
    expect(reportOf(after)).toBeUndefined();
    const removed = events.seen.flatMap((event) => (event.type === "message.removed" ? [event.properties.messageID] : []));
    expect(removed).toEqual(gone);
    expect((await app.sessions.messages(session.id)).items.map(({ info }) => info.id)).toEqual([
      ...kept.map(({ info }) => info.id),
      third,
      ...(await answersTo(test, session.id, third)),
    ]);
    expect(JSON.stringify(model.requests().at(-1)?.body.messages)).not.toContain("b.txt");
    await app.sessions.revert(session.id, { messageID: third });
    expect(await repository.read("a.txt")).toBe("1\n");
    expect((await app.sessions.diff(session.id)).map(({ patch }) => patch)).toEqual([expect.stringContaining("+1")]);
  });

  it("cut a message in the middle when only a part of it was undone", async () => {
    await using test = await testApp();
    const { app, repository } = test;
    const session = await create(test);
    await turn(test, session, [[write("a.txt", "a\n"), write("b.txt", "b\n")]]);
    const second = (await partsOf(test, session.id)).filter((part) => part.type === "tool")[1];
    await app.sessions.revert(session.id, { messageID: second?.messageID ?? "", partID: second?.id });
    expect((await readdir(repository.path)).sort()).toEqual([".git", "a.txt"]);
    await turn(test, session, []);
    const parts = await partsOf(test, session.id);
    expect(parts.map(({ type }) => type)).toEqual(["text", "step-start", "tool", "text", "step-start", "text", "step-finish"]);
  });

  it("are refused while the session is busy", async () => {
    await using test = await testApp();
    const session = await create(test);
    const messageID = await turn(test, session, [write("a.txt", "a\n")]);
    test.model.hang("thinking");
    const running = test.app.sessions.prompt(session.id, say("go on"));
    await test.model.received(3);
    await expect(test.app.sessions.revert(session.id, { messageID })).rejects.toMatchObject({ name: "SessionBusyError" });
    await expect(test.app.sessions.unrevert(session.id)).resolves.toMatchObject({ id: session.id });
    expect(await test.repository.read("a.txt")).toBe("a\n");
    await test.app.sessions.abort(session.id);
    await running;
    await test.app.sessions.revert(session.id, { messageID });
    await expect(stat(test.repository.join("a.txt"))).rejects.toThrow("ENOENT");
  });

  it("reach what was changed before a turn was aborted", async () => {
    await using test = await testApp();
    const session = await create(test);
    using events = watch(test.app);
    test.model.calls(bash("echo made > made.txt; echo started; sleep 100"));
    const running = test.app.sessions.prompt(session.id, { ...say("go"), messageID: "msg_aborted" });
    await events.until(
      "message.part.updated",
      ({ properties: { part } }) =>
        part.type === "tool" && part.state.status === "running" && String(part.state.metadata?.output).includes("started"),
    );
    await test.app.sessions.abort(session.id);
    const { parts } = await running;
    expect(parts.find(({ type }) => type === "patch")).toMatchObject({ files: [test.repository.join("made.txt")] });
    const reverted = await test.app.sessions.revert(session.id, { messageID: "msg_aborted" });
    expect(reportOf(reverted)).toEqual({ conflicts: [], inferred: ["made.txt"] });
    await expect(stat(test.repository.join("made.txt"))).rejects.toThrow("ENOENT");
  });

  it("work in a directory without git, and on files that .gitignore names when a tool wrote them", async () => {
    await using plain = await temporaryDirectory({ files: { "a.txt": "one\n" } });
    await using test = await testApp({ roots: [plain.path], files: { ".gitignore": "*.env\n", "x.env": "A=1\n" } });
    const session = await test.app.sessions.create(plain.path, { title: "Plain" });
    const messageID = await turn(test, session, [read("a.txt"), edit("a.txt", "one", "two"), bash("echo new > b.txt")]);
    expect((await test.app.sessions.diff(session.id)).map(({ file }) => file)).toEqual(["a.txt", "b.txt"]);
    await test.app.sessions.revert(session.id, { messageID });
    expect(await readdir(plain.path)).toEqual(["a.txt"]);
    expect(await plain.read("a.txt")).toBe("one\n");

    const ignored = await create(test);
    const wrote = await turn(test, ignored, [write("y.env", "B=1\n")]);
    await test.app.sessions.revert(ignored.id, { messageID: wrote });
    await expect(stat(test.repository.join("y.env"))).rejects.toThrow("ENOENT");
  });

  it("outlive the server, on another one that shares its store", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n" } });
    const session = await create(test);
    const messageID = await turn(test, session, [read("a.txt"), edit("a.txt", "one", "two"), bash("echo b > b.txt")]);
    await using second = await createApp({
      directory: test.app.directory,
      database: test.app.database,
      env: test.env,
      version: "0.0.0-test",
      fetchLocal: async () => ({}),
    });
    await second.sessions.revert(session.id, { messageID });
    expect(await test.repository.read("a.txt")).toBe("one\n");
    await test.app.sessions.unrevert(session.id);
    expect(await test.repository.read("a.txt")).toBe("two\n");
  });

  it("include what child sessions changed for the turn", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n" } });
    const { app, repository } = test;
    const parent = await create(test);
    const before = await turn(test, parent, [write("before.txt", "x\n")]);
    const messageID = await turn(test, parent, [write("parent.txt", "x\n")]);
    const child = await app.sessions.create(repository.path, { parentID: parent.id });
    await turn(test, child, [read("a.txt"), edit("a.txt", "one", "two")]);
    await app.sessions.revert(parent.id, { messageID });
    expect((await readdir(repository.path)).sort()).toEqual([".git", "a.txt", "before.txt"]);
    expect(await repository.read("a.txt")).toBe("one\n");
    expect((await app.sessions.diff(parent.id, { messageID: before })).map(({ file }) => file)).toEqual(["before.txt"]);
  });
});

it("a command that a person ran in a session is undone too, and cuts the conversation like a prompt", async () => {
  await using test = await testApp({ files: { "a.txt": "one\n" } });
  const { app, repository } = test;
  const session = await create(test);
  const first = await turn(test, session, [write("b.txt", "b\n")]);
  await app.sessions.revert(session.id, { messageID: first });
  const answer = await app.sessions.shell(session.id, { agent: "build", command: "echo two > a.txt" });
  expect(answer.info).toMatchObject({ role: "assistant", time: { completed: expect.any(Number) } });
  const { items } = await app.sessions.messages(session.id);
  expect(items).toHaveLength(2);
  expect((await app.sessions.diff(session.id)).map(({ file }) => file)).toEqual(["a.txt"]);
  const reverted = await app.sessions.revert(session.id, { messageID: items[0]?.info.id ?? "" });
  expect(reportOf(reverted)).toEqual({ conflicts: [], inferred: ["a.txt"] });
  expect(await repository.read("a.txt")).toBe("one\n");
});

it("deleting a session erases what was kept of its files", async () => {
  await using test = await testApp({ files: { "a.txt": "one\n" } });
  const session = await create(test);
  await turn(test, session, [write("secret.txt", "the secret\n"), bash("rm secret.txt")]);
  const objects = async () =>
    (await readdir(test.home.join("data/codeport/snapshot"), { recursive: true })).filter((name) => name.includes("objects")).join(" ");
  const secret = "205149faa026277dc0a2b3fe6c8056272dae58f2";
  const place = `${secret.slice(0, 2)}/${secret.slice(2)}`;
  expect(await objects()).toContain(place);
  await test.app.sessions.remove(session.id);
  expect(await objects()).not.toContain(place);
});

it("undo, redo and diffs have their addresses", async () => {
  await using server = await testServer({ files: { "a.txt": "one\n" } });
  const { url, model, repository } = server;
  model
    .calls(read("a.txt"))
    .calls(edit("a.txt", "one", "two"))
    .text("Done.")
    .calls(write("b.txt", "b\n"))
    .text("Done.");
  const session = await postJSON<Session>(`${url}/session`, { title: "HTTP" });
  const path = `${url}/session/${session.id}`;
  for (const text of ["first", "second"]) await postJSON(`${path}/message`, { parts: [{ type: "text", text }] });
  const questions = (await getJSON<MessageWithParts[]>(`${path}/message`)).filter(({ info }) => info.role === "user");
  const [first, second] = questions.map(({ info }) => info.id);

  expect((await getJSON<SnapshotFileDiff[]>(`${path}/diff`)).map(({ file }) => file)).toEqual(["a.txt", "b.txt"]);
  expect(await getJSON(`${path}/diff?messageID=${second}`)).toEqual([
    { file: "b.txt", status: "added", additions: 1, deletions: 0, patch: expect.stringContaining("+b") },
  ]);
  expect((await fetch(`${path}/diff?messageID=msg_unknown`)).status).toBe(404);
  const reverted = await postJSON<Session>(`${path}/revert`, { messageID: first });
  expect(reverted).toMatchObject({ id: session.id, revert: { messageID: first }, metadata: { revert: { conflicts: [], inferred: [] } } });
  expect(await getJSON(`${path}/diff`)).toEqual([]);
  expect(await repository.read("a.txt")).toBe("one\n");
  await postJSON(`${path}/unrevert`, {});
  expect(await repository.read("a.txt")).toBe("two\n");
  const unknown = await fetch(`${url}/session/ses_unknown/revert`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messageID: first }),
  });
  expect(unknown.status).toBe(404);
  await rm(repository.join("b.txt"));
});

async function answersTo({ app }: TestApp, sessionID: string, messageID: string): Promise<string[]> {
  const { items } = await app.sessions.messages(sessionID);
  return items.flatMap(({ info }) => (info.role === "assistant" && info.parentID === messageID ? [info.id] : []));
}

it("a server killed between two steps has everything on record: the next one undoes it", async () => {
  await using model = await mockModel();
  await using workspace = await programWorkspace({ files: { "a.txt": "one\n" } });
  const { repository } = workspace;
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) };
  model
    .calls(read("a.txt"))
    .calls(edit("a.txt", "one", "two"))
    .calls(bash("echo made > b.txt"))
    .hang("And now");

  const first = await workspace.start(["serve", "--port", "0"], { env });
  const url = await first.listening();
  const session = await postJSON<Session>(`${url}/session`, { title: "Crash" });
  await postJSON(`${url}/session/${session.id}/prompt_async`, { messageID: "msg_crash", parts: [{ type: "text", text: "go" }] });
  await model.received(4);
  first.kill("SIGKILL");
  await first.exited;
  expect(await repository.read("a.txt")).toBe("two\n");

  const second = await workspace.start(["serve", "--port", "0"], { env });
  const again = await second.listening();
  const path = `${again}/session/${session.id}`;
  expect((await getJSON<SnapshotFileDiff[]>(`${path}/diff`)).map(({ file }) => file)).toEqual(["a.txt", "b.txt"]);
  await expect.poll(() => getJSON(`${again}/session/status`)).toEqual({});
  const reverted = await postJSON<Session>(`${path}/revert`, { messageID: "msg_crash" });
  expect(reverted.metadata).toEqual({ revert: { conflicts: [], inferred: ["b.txt"] } });
  expect((await readdir(repository.path)).sort()).toEqual([".git", "a.txt"]);
  expect(await repository.read("a.txt")).toBe("one\n");
});
