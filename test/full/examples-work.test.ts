import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import { textOf } from "../helpers/app.ts";
import { type ExamplePlace, examplePlace } from "../helpers/examples.ts";

let place: ExamplePlace;
beforeAll(async () => {
  place = await examplePlace({ config: { permission: { edit: "ask" } } });
});
afterAll(() => place[Symbol.asyncDispose]());

describe("review", () => {
  const diff = "diff --git a/a.ts b/a.ts\n+eval(input)\n";
  const high = { file: "a.ts", line: 1, severity: "high", comment: "Runs what a stranger wrote." };
  const low = { file: "a.ts", severity: "low", comment: "No test." };
  const review = (input: string) => place.run(["review/review.ts"], { input });
  const answers = (findings: object[]) =>
    place.model.calls({ name: "StructuredOutput", input: { summary: "It evaluates.", findings } }, { when: "eval(input)" });

  test("is Markdown, the worst first, and fails the step for what is serious", async () => {
    answers([low, high]);
    expect(await review(diff)).toMatchObject({
      code: 1,
      stdout: "## Review\n\nIt evaluates.\n\n- **high** `a.ts:1`: Runs what a stranger wrote.\n- **low** `a.ts`: No test.\n",
    });
  });

  test("passes without serious findings, and has nothing to say about nothing", async () => {
    answers([]);
    expect(await review(diff)).toMatchObject({ code: 0, stdout: expect.stringContaining("No findings.") });
    expect(await review("\n")).toMatchObject({ code: 0, stdout: "Nothing to review.\n" });
  });

  test("only looks, whatever the diff says", async () => {
    const tempted = { name: "bash", input: { command: "touch hacked", description: "obeys" } };
    place.model.calls(tempted, { when: "eval(input)" });
    answers([]);
    expect((await review(diff)).code).toBe(0);
    const offered = place.model
      .requests()
      .at(-1)
      ?.body.tools?.map((tool) => tool.function.name);
    expect(offered?.sort()).toEqual(["StructuredOutput", "glob", "grep", "list", "read"]);
    await expect(place.workspace.repository.read("hacked")).rejects.toThrow("ENOENT");
  });

  test("says when there could be none, and starts a server of its own without an address", async () => {
    place.model.error(400, { message: "No such model", when: "eval(input)" });
    const { code, stdout, stderr } = await place.run(["review/review.ts"], { input: diff, env: { CODEPORT_URL: undefined } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("No such model");
  });
});

describe("self-improve", () => {
  const improve = (...flags: string[]) => place.run(["self-improve/self-improve.ts", "--test", `node check.mjs`, ...flags]);
  const check = `import { readFileSync } from "node:fs";
const found = readFileSync("sum.txt", "utf8").trim();
if (found !== "4") { console.error("expected 4, got " + found); process.exit(1); }`;
  const write = (content: string) => ({ name: "write", input: { filePath: "sum.txt", content } });

  test("feeds failures back until the tests pass, and remembers what worked", async () => {
    await place.workspace.repository.write({ "check.mjs": check, "sum.txt": "2" });
    place.model
      .calls({ name: "read", input: { filePath: "sum.txt" } }, { when: "expected 4, got 2" })
      .calls(write("3"), { when: "expected 4, got 2" })
      .text("Added one.", { when: "expected 4, got 2" })
      .calls(write("4"), { when: "expected 4, got 3" })
      .text("The sum was off by two.", { when: "expected 4, got 3" });
    expect(await improve()).toMatchObject({ code: 0, stdout: "The tests pass after 2 rounds.\n" });
    const [memory] = await place.call<{ type: string; text: string }[]>("GET", "/memory?type=WORKING_SOLUTION");
    expect(memory?.text).toBe("expected 4, got 2 => The sum was off by two.");
    expect(await improve()).toMatchObject({ code: 0, stdout: "The tests pass as they are.\n" });
  });

  test("recalls what worked before, and ends after its rounds", async () => {
    await place.workspace.repository.write({ "sum.txt": "5" });
    place.model.text("I do not know.", { when: "expected 4, got 5" });
    expect(await improve("--rounds", "1")).toMatchObject({ code: 1, stdout: "The tests still fail after 1 round.\n" });
    expect(JSON.stringify(place.model.requests().at(-1)?.body.messages)).toContain("The sum was off by two.");
  });

  test("ends when the money is used up, before the model is called", async () => {
    const asked = place.model.requests().length;
    const { code, stdout } = await improve("--cost", "0.0001");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Stopped: .*budget/i);
    expect(place.model.requests()).toHaveLength(asked);
  });

  test("runs nothing the agent wants to run", async () => {
    place.model
      .calls({ name: "webfetch", input: { url: "http://127.0.0.1:9/", format: "text" } }, { when: "got 5" })
      .text("Well.", { when: "got 5" });
    expect((await improve("--rounds", "1")).code).toBe(1);
  });
});

describe("mailbox", () => {
  const mailbox = (...words: string[]) => place.run(["mailbox/mailbox.ts", ...words], { input: "" });
  const letter = (to: string, subject: string) =>
    `Well.\n\n\`\`\`mail\nTo: ${to}\nSubject: ${subject}\n\nThe text of ${subject}.\n\`\`\`\n`;

  test("carries letters from one agent to the other, once, however often the postman begins anew", async () => {
    place.model
      .text(letter("author", "Mend the login"), { when: "Subject: Review PR 123" })
      .text("Mended.", { when: "Subject: Mend the login" });
    expect((await mailbox("send", "--to", "author", "--type", "note", "--subject", "Style", "--body", "Tabs.")).code).toBe(0);
    expect((await mailbox("send", "--to", "reviewer", "--subject", "Review PR 123", "--body", "Look at auth.")).code).toBe(0);
    for (let round = 0; round < 2; round++) {
      await using postman = await place.start(["mailbox/mailbox.ts", "deliver"]);
      await postman.seen("stdout", /on his way/);
      await expect.poll(async () => (await said("author")).at(-1), { timeout: 20_000 }).toBe("Mended.");
    }
    const inbox = (await mailbox("inbox", "--of", "author")).stdout.trim().split("\n");
    expect(inbox.map((line) => line.slice(line.indexOf(" ") + 1))).toEqual(["you: Style", "reviewer: Mend the login"]);
    const asked = place.model.requests().find(({ body }) => JSON.stringify(body).includes("Subject: Mend the login"));
    expect(JSON.stringify(asked?.body.messages)).toContain("Tabs.");
    expect(JSON.stringify(asked?.body.messages)).toContain("You are author");
  });

  test("stops two agents who keep answering each other", async () => {
    place.model
      .text(letter("pong", "One"), { when: "Subject: Serve" })
      .text(letter("ping", "Two"), { when: "Subject: One" })
      .text(letter("pong", "Three"), { when: "Subject: Two" });
    await using postman = await place.start(["mailbox/mailbox.ts", "deliver", "--hops", "2"]);
    await postman.seen("stdout", /on his way/);
    await mailbox("send", "--to", "ping", "--subject", "Serve", "--body", "Begin.");
    await postman.seen("stdout", /ping to pong: Three \(not delivered: 3 hops\)/);
  });

  async function said(name: string): Promise<string[]> {
    const sessions = await place.call<{ id: string; title: string }[]>("GET", `/session?search=${encodeURIComponent(`mailbox: ${name}`)}`);
    const messages = sessions[0] ? await place.call<MessageWithParts[]>("GET", `/session/${sessions[0].id}/message`) : [];
    return messages.map(textOf);
  }
});

describe("agent-test", () => {
  const agentTest = (env = {}) => place.workspace.launch(["node", "--test", `${place.examples}/agent-test/agent.test.mjs`], { env });

  test("passes offline, and shows what a change of the agent alters", async () => {
    await using first = await agentTest();
    expect(await first.exited, `${first.stdout()}\nRecord anew: RECORD=1 node --test examples/agent-test/agent.test.mjs`).toMatchObject({
      code: 0,
    });
    const { readFile, writeFile } = await import("node:fs/promises");
    const agent = `${place.examples}/agent-test/project/.opencode/agent/scribe.md`;
    await writeFile(agent, (await readFile(agent, "utf8")).replace("One line each", "One rhyme each"));
    await using second = await agentTest();
    expect((await second.exited).code).toBe(1);
    expect(second.stdout()).toMatch(/\+.*One rhyme each/);
  });
});
