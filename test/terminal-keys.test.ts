import { describe, expect, test } from "vitest";
import { type Asking, answerKey, type Draft, emptyDraft } from "../src/terminal/asking.ts";
import { type Editor, emptyEditor, insert, sent } from "../src/terminal/editor.ts";
import { type InkKey, type Key, pressed, toKeys, typed } from "../src/terminal/key.ts";
import { matches, narrow, openPicker, step } from "../src/terminal/picker.ts";
import { readSlash, suggestions } from "../src/terminal/slash.ts";
import { edit } from "../src/terminal/typing.ts";
import { permission, question } from "./helpers/conversation.ts";

const noKey: InkKey = {
  ...{ upArrow: false, downArrow: false, leftArrow: false, rightArrow: false, pageDown: false, pageUp: false, home: false, end: false },
  ...{ return: false, escape: false, ctrl: false, shift: false, tab: false, backspace: false, delete: false, meta: false },
};
const ctrl = (text: string): Key => pressed("text", { text, ctrl: true });
const type = (editor: Editor, ...keys: Key[]): Editor => keys.reduce((before, key) => edit(before, key) ?? before, editor);

describe("keys", () => {
  const namesOf = (input: string, key: Partial<InkKey> = {}) => toKeys(input, { ...noKey, ...key }).map((one) => one.text || one.name);

  test("that come at once over a slow line are each a key", () => {
    expect(namesOf("hello\r")).toEqual(["hello", "enter"]);
    expect(namesOf("ab\u007fc\u0003")).toEqual(["ab", "backspace", "c", "c"]);
  });

  test("of several lines at once were pasted: nothing is sent", () => {
    expect(namesOf("one\rtwo\r")).toEqual(["one", "newline", "two", "newline"]);
  });

  test("begin a new line with Alt, Shift or Ctrl-J, send without", () => {
    expect([namesOf("", { return: true }), namesOf("", { return: true, meta: true }), namesOf("\n")]).toEqual([
      ["enter"],
      ["newline"],
      ["newline"],
    ]);
  });
});

describe("the prompt", () => {
  test("moves and erases by what a person sees as characters", () => {
    const editor = insert(emptyEditor(), "a👨‍👩‍👧é");
    expect(type(editor, pressed("left"), pressed("backspace")).text).toBe("aé");
    expect(type(editor, pressed("home"), pressed("delete")).text).toBe("👨‍👩‍👧é");
  });

  test("knows the keys of a shell", () => {
    const editor = insert(emptyEditor(), "npm run test");
    expect(type(editor, ctrl("w")).text).toBe("npm run ");
    expect(type(editor, ctrl("a"), ctrl("k")).text).toBe("");
    expect(type(editor, pressed("left", { meta: true }), typed("x")).text).toBe("npm run xtest");
    expect(type(editor, ctrl("u")).text).toBe("");
  });

  test("goes up and down in its lines, then in what was sent before, and back to what was being written", () => {
    const before = sent(insert(sent(insert(emptyEditor(), "first")), "second"));
    const editor = insert(before, "draft\nof two");
    const up = type(editor, pressed("up"));
    expect({ text: up.text, cursor: up.cursor }).toEqual({ text: "draft\nof two", cursor: 5 });
    const first = type(up, pressed("up"), pressed("up"));
    expect(first.text).toBe("first");
    expect(type(first, pressed("up")).text).toBe("first");
    expect(type(first, pressed("down"), pressed("down")).text).toBe("draft\nof two");
    expect(type(editor, pressed("down")).text).toBe("draft\nof two");
  });

  test("suggests slash commands while a name is written, those that begin so first", () => {
    const catalogue = { commands: [{ name: "renew", description: "Ours", template: "", hints: [] }], agents: [], providers: [] };
    const found = (text: string) => suggestions({ editor: insert(emptyEditor(), text), catalogue }).map(({ name }) => name);
    expect(found("/new")).toEqual(["new", "renew"]);
    expect(found("/new now")).toEqual([]);
    expect(found("say /new")).toEqual([]);
    expect(readSlash("/renew the jar\nnow", catalogue)).toMatchObject({ command: { name: "renew" }, words: "the jar\nnow" });
    expect(readSlash("/etc/hosts", catalogue)).toBeUndefined();
  });
});

test("a list is narrowed by each word that is typed, and its ends meet", () => {
  const picker = openPicker("models", "Models", [
    { value: "a/one", label: "One", hint: "Provider A" },
    { value: "b/one", label: "One", hint: "Provider B" },
  ]);
  const narrowed = narrow(picker, insert(emptyEditor(), "one b"));
  expect(matches(narrowed).map(({ value }) => value)).toEqual(["b/one"]);
  expect(step(picker, -1).index).toBe(1);
  expect(step(narrow(picker, insert(emptyEditor(), "none")), 1).index).toBe(0);
});

describe("a permission", () => {
  const answer = (...keys: Key[]) => press(emptyDraft("per_1"), permission(), keys);

  test("is not given by what was typed for the prompt", () => {
    expect(answer(...[..."yes 1 2 a"].map(typed), pressed("enter")).answer).toBeUndefined();
  });

  test.each([
    [["right"], "once"],
    [["down", "down"], "session"],
    [["down", "down", "down"], "always"],
    [["tab", "tab", "tab", "tab", "tab"], "once"],
  ] as const)("is given by a choice and Enter: %j", (keys, reply) => {
    expect(answer(...keys.map((key) => pressed(key)), pressed("enter")).answer).toEqual({ type: "permission", requestID: "per_1", reply });
  });

  test("is refused with words, or without", () => {
    const refuse = (...words: Key[]) => answer(pressed("up"), pressed("enter"), ...words, pressed("enter")).answer;
    expect(refuse(typed("use pnpm"))).toEqual({ type: "permission", requestID: "per_1", reply: "reject", message: "use pnpm" });
    expect(refuse()).toEqual({ type: "permission", requestID: "per_1", reply: "reject" });
    expect(refuse(pressed("escape"))).toBeUndefined();
  });
});

describe("questions", () => {
  const option = (label: string) => ({ label, description: "" });
  const fruit = { header: "Fruit", question: "Which?", options: [option("Orange"), option("Lemon")] };
  const extras = { header: "Extras", question: "What else?", options: [option("Ginger"), option("Sugar")], multiple: true };
  const answer = (...keys: Key[]) => press(emptyDraft("que_1"), question([fruit, extras]), keys);
  const [down, enter, space] = [pressed("down"), pressed("enter"), typed(" ")];

  test("are answered one after the other, several options where that is asked", () => {
    const first = answer(down, down, enter);
    expect([first.draft.question, first.answer]).toEqual([1, undefined]);
    expect(answer(down, down, enter, down, space, down, space, enter).answer).toEqual({
      type: "question",
      requestID: "que_1",
      answers: [["Lemon"], ["Ginger", "Sugar"]],
    });
  });

  test("take own words, beside what was marked", () => {
    const keys = [down, down, down, enter, typed("Quince"), enter, down, space, pressed("up"), enter, typed("Love"), enter];
    expect(answer(...keys).answer).toMatchObject({ answers: [["Quince"], ["Ginger", "Love"]] });
  });

  test("take no own words where only the options count", () => {
    const only = question([{ ...fruit, custom: false }]);
    expect(press(emptyDraft("que_1"), only, [pressed("up"), enter]).answer).toMatchObject({ answers: [["Lemon"]] });
  });

  test("can be gone back to, and dismissed", () => {
    expect(answer(down, enter, pressed("left"), down, down, enter, down, enter).answer).toMatchObject({ answers: [["Lemon"], ["Ginger"]] });
    expect(answer(pressed("escape")).answer).toEqual({ type: "dismiss", requestID: "que_1" });
  });
});

function press(draft: Draft, request: Parameters<typeof answerKey>[1], keys: Key[]): Asking {
  return keys.reduce<Asking>((before, key) => (before.answer ? before : answerKey(before.draft, request, key)), {
    draft,
    answer: undefined,
  });
}
