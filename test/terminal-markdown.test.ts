import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { renderMarkdown } from "../src/terminal/markdown.ts";
import { createTheme } from "../src/terminal/theme.ts";

const canvas = { width: 30, theme: createTheme(true) };
const draw = (text: string, width = 30) =>
  renderMarkdown(text, { ...canvas, width }).map((line) => stripVTControlCharacters(line).trimEnd());

test.each([
  ["emphasis", "**a** *b* ~~c~~ `d`", ["a b c d"]],
  ["entities and escapes as they are meant", "a \\* b < c & d", ["a * b < c & d"]],
  ["headings", "## Title\ntext", ["Title", "", "text"]],
  ["lists in lists", "1. one\n   - inner\n2. two", ["1. one", "   • inner", "2. two"]],
  ["tasks", "- [x] done\n- [ ] open", ["• ☑ done", "• ☐ open"]],
  ["code", "```ts\nconst a = 1;\n\n  b();\n```", ["╭ ts", "│ const a = 1;", "│", "│   b();"]],
  ["code that is still being written", "```\nopen", ["│ open"]],
  ["quotes", "> said\n> twice", ["▌ said", "▌ twice"]],
  ["tables", "| a | b |\n|---|---|\n| 1 | 22 |", ["a │ b", "──┼───", "1 │ 22"]],
  ["addresses behind their names", "[here](http://h/x)", ["here (http://h/x)"]],
  ["plain addresses once", "http://h/x", ["http://h/x"]],
  ["HTML as text", "<b>x</b>", ["<b>x</b>"]],
])("draws %s", (_what, text, lines) => {
  expect(draw(text)).toEqual(lines);
});

test("breaks lines between words, code anywhere", () => {
  expect(draw("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(draw("```\nabcdefghij\n```", 7)).toEqual(["│ abcde", "│ fghij"]);
});

test("a table that does not fit is told cell by cell", () => {
  expect(draw("| name | what |\n|---|---|\n| orange | a fruit with a peel |", 16)).toEqual([
    "name: orange",
    "what: a fruit",
    "with a peel",
  ]);
});

test("a style goes on after one inside it ends, and on the next line", () => {
  const [first, second] = renderMarkdown("**one *two* three four**", { ...canvas, width: 14 });
  expect(first).toMatch(/^.\[1mone .\[3mtwo.\[23m three.\[22m$/u);
  expect(second).toMatch(/^.\[1mfour.\[22m$/u);
});
