import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import titlePrompt from "../src/agent/prompts/title.md";
import { createGuide } from "../src/provider/offline/guide.ts";
import { say, type TestApp, testApp, textOf } from "./helpers/app.ts";
import { exchange, gather, user } from "./helpers/offline.ts";

const model = { providerID: "offline", modelID: "guide" };
const request = user("Write the handover of this conversation now.");

async function ask(prompt: LanguageModelV4Prompt) {
  const { stream } = await createGuide().doStream({ prompt });
  return (await gather(stream)).text;
}

async function lastHandover({ app }: TestApp, sessionID: string): Promise<string[]> {
  const { items } = await app.sessions.messages(sessionID, {});
  const last = items.findLast(({ info }) => info.role === "assistant" && info.summary);
  return last === undefined ? [] : textOf(last).split("\n").slice(2);
}

test("compacting a conversation with the guide tells what was asked and done, and the next time keeps it", async () => {
  await using it = await testApp({ files: { "README.md": "# Demo\n" } });
  const { sessions } = it.app;
  const { id } = await sessions.create(it.repository.path, { title: "Offline" });
  const told = async (text: string) => sessions.prompt(id, { ...say(text), model: "offline/guide" });
  await told("read README.md, then write hello to notes.txt");
  await told("run exit 3");
  await told("what do you think?");
  await sessions.summarize(id, model);
  const first = [
    "- read README.md, then write hello to notes.txt",
    "  - read `README.md`",
    "  - write `notes.txt`",
    "- run exit 3",
    expect.stringMatching(/^ {2}- bash `exit 3`/),
    "- what do you think?",
  ];
  expect(await lastHandover(it, id)).toEqual(first);
  await told("list");
  await sessions.summarize(id, model);
  expect(await lastHandover(it, id)).toEqual([...first, "- list", "  - list"]);
});

test("a handover says what failed and what another model answered, and leaves out the oldest when there is too much", async () => {
  const said = (text: string) => ({ role: "assistant" as const, content: [{ type: "text" as const, text }] });
  const short = await ask([user("fix it"), ...exchange("edit", "no such file", "error-text"), said("I could not."), request]);
  expect(short.split("\n").slice(2)).toEqual(["- fix it", "  - edit failed: no such file", "  - answered: I could not."]);
  const many = Array.from({ length: 60 }, (_, index) => [user(`task ${index} ${"x".repeat(280)}`), said("Done.")]).flat();
  const long = (await ask([...many, request])).split("\n").slice(2);
  expect([long[0], long.length < 60, long.at(-2)?.slice(0, 9)]).toEqual(["- … earlier requests are left out", true, "- task 59"]);
  expect(long[1]).toMatch(/^- task/);
});

test("a title is no handover, whatever the prompt asks for", async () => {
  expect(await ask([{ role: "system", content: titlePrompt }, user("write a summary of README.md")])).toBe("write a summary of README.md");
});
