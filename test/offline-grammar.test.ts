import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, print, type Step } from "../src/provider/offline/grammar.ts";

const rows: [string, Step[]][] = [
  ["list", [{ kind: "list" }]],
  ["list and read a.md", [{ kind: "list" }, { kind: "read", path: "a.md" }]],
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
  [
    "apply *** Begin Patch\n*** Update File: a.ts\n-one, then list\n+two\n*** End Patch\nthen read a.ts",
    [
      { kind: "apply", patch: "*** Begin Patch\n*** Update File: a.ts\n-one, then list\n+two\n*** End Patch" },
      { kind: "read", path: "a.ts" },
    ],
  ],
  ["apply the patch ```\n*** Begin Patch\n*** End Patch\n```", [{ kind: "apply", patch: "*** Begin Patch\n*** End Patch\n" }]],
  ["run npm start in the background", [{ kind: "run", command: "npm start", background: true }]],
  ['run "npm start in the background" and processes', [{ kind: "run", command: "npm start in the background" }, { kind: "processes" }]],
  [
    "output of bg_1, then stop bg_1 and bg_2",
    [
      { kind: "output", id: "bg_1" },
      { kind: "stop", id: "bg_1" },
      { kind: "stop", id: "bg_2" },
    ],
  ],
  ["Fetch https://example.com/read.html?a=1,2.", [{ kind: "fetch", url: "https://example.com/read.html?a=1,2" }]],
  [
    "fetch https://a.test and https://b.test then list",
    [{ kind: "fetch", url: "https://a.test" }, { kind: "fetch", url: "https://b.test" }, { kind: "list" }],
  ],
  ["ask me Which colour? with red, green or blue", [{ kind: "ask", question: "Which colour?", choices: ["red", "green", "blue"] }]],
  ["ask What is your name?", [{ kind: "ask", question: "What is your name?", choices: [] }]],
  ["skill tidy and list", [{ kind: "skill", name: "tidy" }, { kind: "list" }]],
  ['delegate "list the files and read a.md" to explore', [{ kind: "delegate", task: "list the files and read a.md", agent: "explore" }]],
  ["todos", [{ kind: "todos" }]],
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
    ["apply it", "Begin Patch"],
    ["stop the server", "bg_1"],
    ["fetch example.com", "https://example.com"],
    ["ask", "ask"],
    ["skill", "name a skill"],
    ["delegate everything", "to whom"],
    ["processes of mine", "nothing after"],
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
        "apply",
        "*** Begin Patch\n",
        "\n*** End Patch",
        "processes",
        "output",
        "stop",
        "bg_1",
        "fetch",
        "https://a.b",
        "ask",
        "skill",
        "delegate",
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
      fc.record({ kind: fc.constant("run" as const), command: text, background: fc.constant(true as const) }),
      fc.record({ kind: fc.constant("apply" as const), patch: text.map((value) => `*** Begin Patch\n${value}\n*** End Patch`) }),
      fc.constantFrom<Step>({ kind: "processes" }, { kind: "output", id: "bg_1" }, { kind: "stop", id: "bg_12" }, { kind: "todos" }),
      fc.record({ kind: fc.constant("fetch" as const), url: fc.webUrl() }),
      fc.record({ kind: fc.constant("ask" as const), question: text, choices: fc.array(text, { maxLength: 3 }) }),
      fc.record({ kind: fc.constant("skill" as const), name: text }),
      fc.record({ kind: fc.constant("delegate" as const), task: text, agent: text }),
      fc.record({ kind: fc.constant("todo" as const), items: fc.array(text, { minLength: 1, maxLength: 3 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        expect(parse(steps.map(print).join(" then "))).toEqual({ steps });
      }),
    );
  });
});
