import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ExamplePlace, examplePlace } from "../helpers/examples.ts";
import { type FakeChat, fakeGithub, fakeSlack, fakeTelegram } from "../helpers/fake-chats.ts";
import type { Program } from "../helpers/program.ts";

let place: ExamplePlace;
beforeAll(async () => {
  place = await examplePlace();
});
afterAll(() => place[Symbol.asyncDispose]());

test("a bot without its list of users ends with one line", async () => {
  const { code, stderr } = await place.run(["telegram/telegram.ts"]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: "Set BOT_USERS; README.md says to what.\n" });
});

describe.each([
  ["telegram", fakeTelegram],
  ["slack", fakeSlack],
  ["github", fakeGithub],
])("the %s bot", (name, open) => {
  let chat: FakeChat;
  let bot: Program;
  beforeAll(async () => {
    chat = await open();
    bot = await chat.start(place);
  });
  afterAll(async () => {
    bot.kill("SIGTERM");
    expect(await bot.exited).toMatchObject({ code: 0 });
    await chat[Symbol.asyncDispose]();
  });

  const texts = (conversation: string) => chat.service.in(conversation).map(({ text }) => text);
  const shows = (conversation: string, text: string) => chat.service.until(() => texts(conversation).includes(text));
  const say = (conversation: string, text: string, { user = "7", id = Number(conversation) * 10 } = {}) =>
    chat.say({ conversation, user, text: `${text} (${name})`, id });

  test("answers in one session for each conversation, and a message that is delivered again once", async () => {
    place.model.text("Hello you.", { when: `first (${name})` }).text("Again.", { when: `second (${name})` });
    await say("2", "first");
    await shows("2", "Hello you.");
    await say("2", "first");
    await say("2", "second", { id: 21 });
    await shows("2", "Again.");
    expect(texts("2")).toEqual(["Hello you.", "Again."]);
    const [asked] = place.model.requests().slice(-1);
    expect(JSON.stringify(asked?.body.messages)).toContain("Hello you.");
  });

  test("hears nobody who is not on its list", async () => {
    place.model.text("Known.", { when: `known (${name})` });
    await say("3", "stranger", { user: "666" });
    await say("3", "known", { id: 31 });
    await shows("3", "Known.");
    expect(texts("3")).toEqual(["Known."]);
  });

  test("asks for permission in the conversation, and lets only approvers decide", async () => {
    const file = `${name}.txt`;
    place.model
      .calls({ name: "write", input: { filePath: file, content: "made" } }, { when: `write (${name})` })
      .text("Made.", { when: `write (${name})` });
    await say("4", "write", { user: "8" });
    await chat.service.until(() => chat.service.in("4").some(({ buttons }) => buttons.length > 0));
    expect(texts("4")[0]).toMatch(new RegExp(`^May I edit: ${file}\\?[^]*\\+made`));
    await chat.press({ conversation: "4", user: "8", reply: "once" });
    await expect(place.workspace.repository.read(file)).rejects.toThrow("ENOENT");
    await chat.press({ conversation: "4", user: "7", reply: "once" });
    await shows("4", "Made.");
    expect(await place.workspace.repository.read(file)).toBe("made");
    await chat.service.until(() => texts("4")[0]?.endsWith("Allowed by 7.") ?? false);
  });

  test("an answer for the session holds for what is like it there, and in no other conversation", async () => {
    const run = (word: string) => ({ name: "bash", input: { command: `echo ${word} >> ${name}.log`, description: "Say it" } });
    const [when, other] = [{ when: `both (${name})` }, { when: `other (${name})` }];
    place.model.calls(run("one"), when).calls(run("two"), when).text("Both.", when).calls(run("three"), other);
    const asks = (conversation: string) =>
      chat.service.until(() => chat.service.in(conversation).some(({ buttons }) => buttons.length > 0));
    await say("8", "both");
    await asks("8");
    await chat.press({ conversation: "8", user: "7", reply: "session" });
    await shows("8", "Both.");
    expect(await place.workspace.repository.read(`${name}.log`)).toBe("one\ntwo\n");
    await say("9", "other");
    await asks("9");
    await chat.press({ conversation: "9", user: "7", reply: "reject" });
    await chat.service.until(() => texts("9").length === 2);
  });

  test("a refusal ends the turn, and a failure of the model is told", async () => {
    place.model.calls({ name: "write", input: { filePath: "no.txt", content: "no" } }, { when: `refuse (${name})` });
    await say("5", "refuse");
    await chat.service.until(() => chat.service.in("5").some(({ buttons }) => buttons.length > 0));
    await chat.press({ conversation: "5", user: "7", reply: "reject" });
    await chat.service.until(() => texts("5").length === 2);
    await expect(place.workspace.repository.read("no.txt")).rejects.toThrow("ENOENT");
    place.model.error(400, { message: "No such deployment", when: `fail (${name})` });
    await say("5", "fail", { id: 51 });
    await chat.service.until(() => texts("5").some((text) => /APIError.*No such deployment/.test(text)));
  });

  test("answers after a crash what it had taken, in one turn", async () => {
    place.model.hang("Half", { when: `crash (${name})` });
    const asked = place.model.requests().length;
    await say("6", "crash");
    await place.model.received(asked + 1);
    bot.kill("SIGKILL");
    await bot.exited;
    place.model.finish();
    bot = await chat.start(place);
    await chat.service.until(() => texts("6").includes("Half"));
    await say("6", "crash");
    place.model.text("After.", { when: `after (${name})` });
    await say("6", "after", { id: 61 });
    await shows("6", "After.");
    expect(texts("6").filter((text) => text === "Half")).toHaveLength(1);
    expect(place.model.requests()).toHaveLength(asked + 2);
  });

  test("cuts what does not fit one message", async () => {
    const limit = { telegram: 4_096, slack: 3_000, github: 60_000 }[name] ?? 0;
    const long = "marmalade\n".repeat(limit / 8);
    place.model.text(`${long}end`, { when: `long (${name})`, chunkSize: 500 });
    await say("7", "long");
    await chat.service.until(() => texts("7").some((text) => text.endsWith("\nend")));
    expect(texts("7").every((text) => text.length <= limit)).toBe(true);
    expect(texts("7").join("\n")).toBe(`${long}end`);
  });
});
