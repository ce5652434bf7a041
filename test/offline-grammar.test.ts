import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, print, type Step } from "../src/provider/offline/grammar.ts";

const rows: [string, Step[]][] = [
  ["list", [{ kind: "list" }]],
  ["ls src", [{ kind: "list", path: "src" }]],
  ["list the files and read README.md", [{ kind: "list" }, { kind: "read", path: "README.md" }]],
  [
    "Please list all files in src, then outline src/app.ts.",
    [
      { kind: "list", path: "src" },
      { kind: "outline", path: "src/app.ts" },
    ],
  ],
  [
    "find *.ts then search TODO",
    [
      { kind: "find", pattern: "**/*.ts" },
      { kind: "search", pattern: "TODO" },
    ],
  ],
  ["find config in src", [{ kind: "find", pattern: "src/**/*config*" }]],
  ['search "foo bar" in src', [{ kind: "search", pattern: "foo bar", path: "src" }]],
  ["search for call(x) in *.ts", [{ kind: "search", pattern: "call\\(x\\)", include: "*.ts" }]],
  ["grep /a|b/", [{ kind: "search", pattern: "a|b" }]],
  [
    "read a.md, b.md and 'my file.txt'",
    [
      { kind: "read", path: "a.md" },
      { kind: "read", path: "b.md" },
      { kind: "read", path: "my file.txt" },
    ],
  ],
  [
    "read list.txt and run.sh",
    [
      { kind: "read", path: "list.txt" },
      { kind: "read", path: "run.sh" },
    ],
  ],
  ["Can you read README.md?", [{ kind: "read", path: "README.md" }]],
  ["write hello to notes.txt", [{ kind: "write", path: "notes.txt", content: "hello" }]],
  ['write "one\\ntwo, then read three" to "a b.txt"', [{ kind: "write", path: "a b.txt", content: "one\ntwo, then read three" }]],
  ["write ```js\nlet a = 1;\nlist;\n``` to a.js", [{ kind: "write", path: "a.js", content: "let a = 1;\nlist;\n" }]],
  ["replace foo with bar in src/a.ts", [{ kind: "replace", path: "src/a.ts", from: "foo", to: "bar", all: false }]],
  ['replace all "in a" with "" in x.ts', [{ kind: "replace", path: "x.ts", from: "in a", to: "", all: true }]],
  ["run npm test", [{ kind: "run", command: "npm test" }]],
  ["run npm run list", [{ kind: "run", command: "npm run list" }]],
  ["run `echo a, then list` and list", [{ kind: "run", command: "echo a, then list" }, { kind: "list" }]],
  [
    "run git log -1\nread a.ts",
    [
      { kind: "run", command: "git log -1" },
      { kind: "read", path: "a.ts" },
    ],
  ],
  ["todo buy milk, write tests", [{ kind: "todo", items: ["buy milk", "write tests"] }]],
  ["todo: buy milk\n- eggs and bread\nthen list", [{ kind: "todo", items: ["buy milk", "eggs and bread"] }, { kind: "list" }]],
];

describe("the grammar", () => {
  test.each(rows)("reads %j", (text, steps) => {
    expect(parse(text)).toEqual({ steps });
  });

  test.each([
    ["", "empty"],
    ["hello there", "hello there"],
    ["read", "name a file"],
    ["read package.json and tell me a joke", "tell me a joke"],
    ["what does list do", "what does list do"],
    ["write hello", "where"],
    ["replace a in b.txt", "with what"],
    ["run", "command"],
    ["todo", "done"],
    ["x".repeat(10_001), "10000"],
  ])("names the part of %.30j that is outside it", (text, word) => {
    const parsed = parse(text);
    expect(parsed).toHaveProperty("problem");
    expect("problem" in parsed && parsed.problem).toContain(word);
  });

  test("never throws, whatever is typed", () => {
    const words = fc.constantFrom(
      ...[
        "list",
        "find",
        "search",
        "read",
        "write",
        "replace",
        "run",
        "todo",
        "and",
        "then",
        "to",
        "in",
        "with",
        '"',
        "'",
        "`",
        "```",
        ",",
        "\n",
        "/",
        "\\",
        ".",
        "*",
        "a.ts",
        "all",
      ],
    );
    const anything = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(words).map((list) => list.join(" ")),
      fc.array(words).map((list) => list.join("")),
    );
    fc.assert(fc.property(anything, (text) => Object.keys(parse(text)).length === 1));
  });

  test("reads back every chain of steps that it prints, whatever the texts in them", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => value.trim() === value && value !== "");
    const path = text.filter((value) => value !== "." && !/[*?{[]/.test(value));
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ kind: fc.constant("list" as const), path }),
      fc.record({ kind: fc.constant("read" as const), path }),
      fc.record({ kind: fc.constant("outline" as const), path }),
      fc.record({ kind: fc.constant("search" as const), pattern: fc.constantFrom("TODO", "foo bar", "a, then list", "it's"), path }),
      fc.record({ kind: fc.constant("write" as const), path, content: fc.string() }),
      fc.record({ kind: fc.constant("replace" as const), path, from: text, to: fc.string(), all: fc.boolean() }),
      fc.record({ kind: fc.constant("run" as const), command: text }),
      fc.record({ kind: fc.constant("todo" as const), items: fc.array(text, { minLength: 1, maxLength: 3 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        expect(parse(steps.map(print).join(" then "))).toEqual({ steps });
      }),
    );
  });
});
