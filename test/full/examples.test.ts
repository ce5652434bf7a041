import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import { textOf } from "../helpers/app.ts";
import { type ExamplePlace, examplePlace } from "../helpers/examples.ts";

let place: ExamplePlace;
beforeAll(async () => {
  place = await examplePlace({ files: { "README.md": "# Marmalade\n" }, config: { permission: { edit: "ask" } } });
});
afterAll(() => place[Symbol.asyncDispose]());

test("typed-client prints the answer while it is written, and its tools on stderr", async () => {
  place.model
    .calls({ name: "read", input: { filePath: "README.md" } }, { text: "I look.", chunkSize: 3, when: "typed" })
    .text("It says *Marmalade*, æøå.", { chunkSize: 3, when: "typed" });
  const { code, stdout, stderr } = await place.run(["typed-client/typed-client.ts", "typed"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "I look.\nIt says *Marmalade*, æøå.\n" });
  expect(stderr).toContain("read {");
});

test("typed-client ends with 1 when the model fails", async () => {
  place.model.error(400, { message: "No such deployment", when: "failing" });
  const { code, stderr } = await place.run(["typed-client/typed-client.ts", "failing"]);
  expect(code).toBe(1);
  expect(stderr).toContain("No such deployment");
});

test("typed-client ends with 1 and a line when it is refused something, and when no server answers", async () => {
  place.model.calls({ name: "write", input: { filePath: "made.md", content: "no" } }, { when: "refused" });
  const refused = await place.run(["typed-client/typed-client.ts", "refused"]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("A permission was refused.") });
  const alone = await place.run(["typed-client/typed-client.ts"], { env: { CODEPORT_URL: "http://127.0.0.1:1" } });
  expect(alone).toMatchObject({ code: 1, stderr: "No server can be reached at http://127.0.0.1:1.\n" });
});

describe("parallel", () => {
  test("gives each task a session of its own and puts the reports together", async () => {
    place.model
      .text("Auth is sound.", { when: '"review auth"' })
      .text("API documented.", { when: '"document api"' })
      .text("Both are fine.", { when: "of your colleagues" });
    const { code, stdout } = await place.run(["parallel/parallel.ts", "review auth", "document api"]);
    expect(code).toBe(0);
    expect(stdout).toContain("## review auth\n\nAuth is sound.");
    expect(stdout).toContain("## document api\n\nAPI documented.");
    expect(stdout).toMatch(/## Together\n\nBoth are fine\.\n$/);
    const question = place.model.requests().at(-1)?.body.messages.at(-1)?.content as string;
    expect(question).toContain("Auth is sound.");
    expect(question).toContain("API documented.");
    const sessions = await place.call<{ id: string; parentID?: string; title: string }[]>("GET", "/session");
    const parent = sessions.find(({ title }) => title === "Parallel: 2 tasks");
    const children = sessions.filter(({ parentID }) => parentID === parent?.id);
    expect(children.map(({ title }) => title).sort()).toEqual(["document api", "review auth"]);
  });

  test("ends with 1 when a task fails, and still reports the others", async () => {
    place.model.text("Done.", { when: '"good task"' }).error(400, { when: '"bad task"' }).text("Half.", { when: "of your colleagues" });
    const { code, stdout } = await place.run(["parallel/parallel.ts", "good task", "bad task"]);
    expect(code).toBe(1);
    expect(stdout).toContain("## good task\n\nDone.");
    expect(stdout).toContain("## bad task\n\nFailed: APIError");
  });
});

describe.skipIf(process.platform === "win32")("voice-dispatch", () => {
  const said = 'Say "yes", it\'s 5 o\'clock \\n $(touch hacked) `touch hacked` $HOME %s\n\tæøå 柑橘 🍊 \\"x\\\n';

  test.each([
    ["as a word", (text: string) => ({ words: [text] })],
    ["on standard input", (text: string) => ({ words: [], input: text.replace(/\n$/, "") })],
  ])("hands over %s exactly what was said", async (how, given) => {
    const { words, input }: { words: string[]; input?: string } = given(`${how} ${said}`);
    place.model.text("Heard.", { when: `${how} Say` });
    const { code, stdout, stderr } = await place.run(["voice-dispatch/voice-dispatch.sh", ...words], { input });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
    const expected = input ?? words[0];
    await expect.poll(async () => (await heard()).at(-2)).toBe(expected);
    await expect(place.workspace.repository.read("hacked")).rejects.toThrow("ENOENT");
  });

  test("ends with a failure that says why", async () => {
    const env = { OPENCODE_SESSION_ID: "ses_unknown" };
    const { code, stdout } = await place.run(["voice-dispatch/voice-dispatch.sh", "hello"], { env });
    expect(code).toBe(22);
    expect(stdout).toContain("ses_unknown");
    expect((await place.run(["voice-dispatch/voice-dispatch.sh"], { input: "" })).code).toBe(2);
  });

  const heard = async () => (await place.call<MessageWithParts[]>("GET", "/session/default/message")).map(textOf);
});

describe("memory", () => {
  const memory = (...words: string[]) => place.run(["memory/memory.ts", ...words]);

  test("remembers, recalls by type, lists and forgets", async () => {
    expect((await memory("remember", "WORKING_SOLUTION: use --runInBand")).code).toBe(0);
    expect((await memory("remember", "FAILURE: the cache was stale")).code).toBe(0);
    const recalled = (await memory("recall", "--type", "WORKING_SOLUTION", "--recent", "10")).stdout;
    expect(recalled).toContain("use --runInBand");
    expect(recalled).not.toContain("stale");
    const [id = ""] = /^mem_\S+(?= FAILURE: the cache was stale$)/m.exec((await memory("list")).stdout) ?? [];
    expect(await memory("forget", id)).toMatchObject({ code: 0, stdout: `${id} is forgotten.\n` });
    expect((await memory("list")).stdout).not.toContain("stale");
  });

  test("asks for a word it knows", async () => {
    expect(await memory("remeber", "x")).toMatchObject({ code: 2, stdout: "" });
  });
});

test("pre-edit-check lets the check's own view of an edit decide, and the agent goes on after a veto", async () => {
  await place.workspace.repository.git("switch", "--quiet", "--create", "work");
  await using guard = await place.start(["pre-edit-check/guard.ts"]);
  await guard.seen("stdout", /^Guarding edits in /);
  const write = (filePath: string, content: string) => ({ name: "write", input: { filePath, content } });
  place.model
    .calls(write("package-lock.json", "{}"), { when: "guarded" })
    .calls(write("src/key.ts", "const key = 'AKIAABCDEFGHIJKLMNOP';"), { when: "Lockfiles are made by npm" })
    .calls(write("src/a.ts", "export {};"), { when: "looks like a key" })
    .text("Only a.ts, then.", { when: "guarded" });
  const { id } = await place.call<{ id: string }>("POST", "/session", { title: "Guarded" });
  const answer = await place.call<MessageWithParts>("POST", `/session/${id}/message`, { parts: [{ type: "text", text: "guarded" }] });
  expect(textOf(answer)).toBe("Only a.ts, then.");
  await expect(place.workspace.repository.read("package-lock.json")).rejects.toThrow("ENOENT");
  await expect(place.workspace.repository.read("src/key.ts")).rejects.toThrow("ENOENT");
  expect(await place.workspace.repository.read("src/a.ts")).toBe("export {};");
  expect(guard.stdout()).toMatch(/^veto package-lock\.json: Lockfiles.*\nveto src\/key\.ts: .*\nok {3}src\/a\.ts$/m);
});

test("pre-edit-check answers what was asked before it came, and refuses when its check cannot run", async () => {
  place.model
    .calls({ name: "write", input: { filePath: "b.txt", content: "b" } }, { when: "unguarded" })
    .text("Refused.", { when: "unguarded" });
  const { id } = await place.call<{ id: string }>("POST", "/session", { title: "Unguarded" });
  const answer = place.call<MessageWithParts>("POST", `/session/${id}/message`, { parts: [{ type: "text", text: "unguarded" }] });
  await expect.poll(() => place.call<unknown[]>("GET", "/permission")).toHaveLength(1);
  await using guard = await place.start(["pre-edit-check/guard.ts", "/no/such/check"]);
  expect(textOf(await answer)).toBe("Refused.");
  expect(guard.stdout()).toContain("veto b.txt: The check could not run");
});
