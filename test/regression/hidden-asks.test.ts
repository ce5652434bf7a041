import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createAsker } from "../../src/cli/ask.ts";
import { reduce } from "../../src/terminal/state.ts";
import { createTheme } from "../../src/terminal/theme.ts";
import { screen } from "../../src/terminal/view/screen.ts";
import { event, hearAll, permission, plain, question, stateAfter } from "../helpers/conversation.ts";

const command = [...Array.from({ length: 60 }, (_, line) => `echo ${line}`), "rm -rf ~"].join("\n");

test("all of a command that is longer than the screen can be seen before it is allowed", () => {
  const state = stateAfter([event("permission.asked", permission({ metadata: { command } }))]);
  expect(plain(state)).toMatch(/rm -rf ~\n[\s\S]*echo 0\n[\s\S]*more lines, all above[\s\S]*Allow once/);
  const { total, height } = screen(state, createTheme(true));
  const seen = Array.from({ length: Math.ceil(total / height) }, (_, page) => plain(reduce(state, { type: "scroll", top: page * height })));
  for (const line of command.split("\n")) expect(seen.some((page) => page.split("\n").includes(`  ${line}`))).toBe(true);
});

test("the chosen of many options is on the screen, below its question", () => {
  const options = Array.from({ length: 40 }, (_, index) => ({ label: `Jar ${index}`, description: "" }));
  const state = stateAfter([event("question.asked", question([{ header: "Jar", question: "Which jar?", options }]))]);
  expect(plain(state)).toMatch(/Which jar\?\n {2}Jar 0\n/);
  const last = hearAll(reduce(state, { type: "draft", draft: { requestID: "que_1", question: 0, option: 39, answers: [] } }), []);
  expect(plain(last)).toMatch(/Which jar\?\n[\s\S]*› Jar 39\n/);
});

test("run asks for all of a command too, and nothing in it drives the terminal", async () => {
  const [stdin, stderr] = [new PassThrough(), new PassThrough({ encoding: "utf8" })].map((one) => Object.assign(one, { isTTY: true }));
  if (stdin === undefined || stderr === undefined) throw new Error("No streams.");
  const shown = new Promise<string>((resolve) => stderr.once("data", (text) => resolve(String(text))));
  const { promise: replied, resolve: reply } = Promise.withResolvers<string>();
  const asker = createAsker({
    policy: "wait",
    host: { stdin, stderr } as unknown as Parameters<typeof createAsker>[0]["host"],
    owns: () => true,
    reply: async (_id, answer) => reply(answer),
    answer: async () => {},
    failed: () => {},
  });
  asker.accept(
    event("permission.asked", permission({ metadata: { command: `${command}\n\r\u001b[2K\u202eecho` } })) as Parameters<
      typeof asker.accept
    >[0],
  );
  expect(await shown).toMatch(
    /^permission: bash \n {2}echo 0\n[\s\S]*\n {2}rm -rf ~\n {2}\[2Kecho\n {2}s and a also allow: npm \*\n {2}\[y: once/,
  );
  stdin.end("\n");
  expect(await replied).toBe("reject");
});
