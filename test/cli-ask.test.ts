import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { type AskPolicy, createAsker } from "../src/cli/ask.ts";
import type { Host } from "../src/cli/env.ts";
import type { AnyEvent } from "../src/schema/event.ts";

const sessionID = "ses_1";

function asked(id: string, change: { sessionID?: string; always?: string[] } = {}): AnyEvent {
  const properties = { id, sessionID, permission: "bash", patterns: ["npm test"], metadata: {}, always: [], ...change };
  return { id: "evt_1", type: "permission.asked", properties };
}

function asker(policy: AskPolicy, { terminal = false } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY: terminal });
  const stderr = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY: terminal });
  const replies: string[] = [];
  const { promise: replied, resolve, reject } = Promise.withResolvers<string[]>();
  const subject = createAsker({
    policy,
    host: { stdin, stderr } as unknown as Pick<Host, "stdin" | "stderr">,
    owns: (id) => id === sessionID,
    failed: reject,
    reply: async (id, reply) => {
      replies.push(`${id} ${reply}`);
      resolve(replies);
    },
    answer: async (id, answers) => {
      replies.push(`${id} ${JSON.stringify(answers)}`);
      resolve(replies);
    },
  });
  return { ...subject, stdin, stderr, replied, replies };
}

const questionOf = (stderr: PassThrough) => new Promise<string>((resolve) => stderr.once("data", (text) => resolve(String(text))));

test.each([
  ["deny", "reject"],
  ["allow", "once"],
] as const)("%s answers %s at once, and only the turn's own questions", async (policy, reply) => {
  const { accept, replied } = asker(policy);
  accept(asked("per_0", { sessionID: "ses_other" }));
  accept(asked("per_1"));
  accept(asked("per_1"));
  expect(await replied).toEqual([`per_1 ${reply}`]);
});

test.each([
  ["y", "once"],
  ["s", "session"],
  ["Session", "session"],
  ["Always", "always"],
  ["", "reject"],
  ["what?", "reject"],
])("in a terminal the answer %j means %s", async (typed, reply) => {
  const { accept, replied, stdin, stderr } = asker("wait", { terminal: true });
  const question = questionOf(stderr);
  accept(asked("per_1"));
  expect(await question).toContain("bash npm test");
  stdin.write(`${typed}\n`);
  expect(await replied).toEqual([`per_1 ${reply}`]);
});

test("what a lasting answer would reach is told before it is given", async () => {
  const { accept, stderr } = asker("wait", { terminal: true });
  const question = questionOf(stderr);
  accept(asked("per_1", { always: ["npm test *", "npm run\u001b *"] }));
  expect(await question).toBe(
    "permission: bash npm test\n  s and a also allow: npm test *, npm run *\n  [y: once, s: for this session, a: always, n: no] ",
  );
});

test("an input that ends says no, to the questions that follow too", async () => {
  const { accept, replied, replies, stdin, stderr } = asker("wait", { terminal: true });
  const question = questionOf(stderr);
  accept(asked("per_1"));
  await question;
  stdin.end();
  await replied;
  accept(asked("per_2"));
  await expect.poll(() => replies).toEqual(["per_1 reject", "per_2 reject"]);
});

test("a question that somebody else answers is withdrawn, and the next one is asked", async () => {
  const { accept, replied, stdin, stderr } = asker("wait", { terminal: true });
  const first = questionOf(stderr);
  accept(asked("per_1"));
  await first;
  const second = questionOf(stderr);
  accept(asked("per_2"));
  accept({ id: "evt_2", type: "permission.replied", properties: { sessionID, requestID: "per_1", reply: "once" } });
  await second;
  stdin.write("y\n");
  expect(await replied).toEqual(["per_2 once"]);
});

test("without a terminal a waiting question is told and left to others", async () => {
  const { accept, stderr, replies } = asker("wait");
  const told = questionOf(stderr);
  accept(asked("per_1"));
  expect(await told).toContain("waits for an answer");
  expect(replies).toEqual([]);
});

const colours = [
  { label: "Red", description: "warm" },
  { label: "Blue", description: "" },
];

function question(id: string, change: { multiple?: boolean } = {}): AnyEvent {
  const questions = [{ question: "Which colour?", header: "Colour", options: colours, ...change }];
  return { id: "evt_1", type: "question.asked", properties: { id, sessionID, questions } };
}

test.each([
  ["2", {}, ["Blue"]],
  ["red", {}, ["Red"]],
  ["something else, 1", {}, ["something else, 1"]],
  ["1, 2", { multiple: true }, ["Red", "Blue"]],
  ["2 1", { multiple: true }, ["Blue", "Red"]],
  ["", {}, []],
])("the agent's question is shown in a terminal, and %j with %j answers %j", async (typed, change, answer) => {
  const { accept, replied, stdin, stderr } = asker("allow", { terminal: true });
  const shown = questionOf(stderr);
  accept(question("que_1", change));
  expect(await shown).toContain("question: Colour: Which colour?\n  1. Red – warm\n  2. Blue\nanswer (");
  stdin.write(`${typed}\n`);
  expect(await replied).toEqual([`que_1 ${JSON.stringify([answer])}`]);
});

test("without a terminal the agent is told to decide, so that the run neither hangs nor ends", async () => {
  const { accept, replied, stderr } = asker("deny");
  const told = questionOf(stderr);
  accept(question("que_1"));
  expect(await told).toContain("nobody is here to answer");
  expect((await replied)[0]).toContain("Decide yourself");
  const waiting = asker("wait");
  const notice = questionOf(waiting.stderr);
  waiting.accept(question("que_2"));
  expect(await notice).toContain("waits for an answer by another client");
  expect(waiting.replies).toEqual([]);
});
