import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { hear } from "../src/terminal/conversation.ts";
import { reduce } from "../src/terminal/state.ts";
import { createTheme } from "../src/terminal/theme.ts";
import { screen } from "../src/terminal/view/screen.ts";
import {
  assistant,
  event,
  hearAll,
  permission,
  plain,
  question,
  rows,
  says,
  session,
  sessionID,
  stateAfter,
  text,
  tool,
  user,
} from "./helpers/conversation.ts";

/** What follows each escape. */
const codes = (text: string): string[] =>
  text
    .split("\u001b[")
    .slice(1)
    .map((rest) => rest.slice(0, 3));

const done = { time: { created: 1_000, completed: 3_500 }, finish: "stop" };

describe("events become the session that is shown", () => {
  test("deltas lengthen a text, a newer snapshot of it wins", () => {
    const delta = (words: string) =>
      event("message.part.delta", { sessionID, messageID: "msg_2", partID: "prt_msg_2", field: "text", delta: words });
    const state = stateAfter([...says(assistant("msg_2"), text("msg_2", "One")), delta(" two"), delta(" three")]);
    expect(plain(state)).toContain("One two three");
    expect(plain(hearAll(state, says(assistant("msg_2"), text("msg_2", "Other"))))).toMatch(/^Other$/m);
  });

  test("an event that comes twice changes nothing", () => {
    const events = [...says(user("msg_1"), text("msg_1", "Hi")), event("permission.asked", permission())];
    expect(stateAfter([...events, ...events]).conversation).toEqual(stateAfter(events).conversation);
  });

  test("those of other sessions are not shown, what a sub-agent asks is", () => {
    const other = { ...permission(), id: "per_2", sessionID: "ses_9" };
    const child = { ...permission(), id: "per_3", sessionID: "ses_child", patterns: ["child"], metadata: {} };
    const state = stateAfter([event("permission.asked", other), ...says({ ...user("msg_9"), sessionID: "ses_9" }, text("msg_9", "Else"))]);
    expect(plain(state)).not.toMatch(/Else|Permission/);
    expect(plain(state)).toContain("1 asked elsewhere");
    const info = session({ id: "ses_child", parentID: sessionID });
    const asked = hearAll(state, [event("session.created", { sessionID: info.id, info }), event("permission.asked", child)]);
    expect(plain(asked)).toMatch(/△ Permission: bash\n {2}child/);
  });

  test("messages and parts that are removed go", () => {
    const events = [
      ...says(user("msg_1"), text("msg_1", "Gone")),
      ...says(user("msg_2"), text("msg_2", "Stays"), text("msg_2", "Part", "prt_x")),
    ];
    const state = stateAfter([
      ...events,
      event("message.removed", { sessionID, messageID: "msg_1" }),
      event("message.part.removed", { sessionID, messageID: "msg_2", partID: "prt_x" }),
    ]);
    expect(plain(state)).toContain("Stays");
    expect(plain(state)).not.toMatch(/Gone|Part/);
  });

  test("what was undone is folded, and says how to bring it back", () => {
    const events = [...says(user("msg_1"), text("msg_1", "First")), ...says(user("msg_2"), text("msg_2", "Second"))];
    const info = session({ revert: { messageID: "msg_2" } });
    const shown = plain(stateAfter([...events, event("session.updated", { sessionID, info })]));
    expect(shown).toContain("First");
    expect(shown).toMatch(/1 message undone; \/redo/);
    expect(shown).not.toContain("Second");
  });

  test("a deleted session leaves an empty screen", () => {
    const state = stateAfter([...says(user("msg_1"), text("msg_1", "First")), event("session.deleted", { sessionID, info: session() })]);
    expect(plain(state)).toMatch(/^New session\nConnected to/);
  });

  test("events that say nothing to a terminal leave the state as it is", () => {
    const { conversation } = stateAfter([]);
    expect(hear(conversation, event("server.heartbeat", {}))).toBe(conversation);
  });
});

describe("the screen", () => {
  test("shows tools with what they are about, their state and the end of their output", () => {
    const output = Array.from({ length: 20 }, (_, line) => `line ${line}`).join("\n");
    const running = tool("msg_2", { status: "running", input: { command: "npm test" }, metadata: { output }, time: { start: 1 } });
    const state = stateAfter(says(assistant("msg_2"), running));
    expect(plain(state)).toMatch(/◐ bash npm test running\n {2}│ … 14 more \(Ctrl-O\)\n {2}│ line 14/);
    expect(plain(reduce(state, { type: "details" }))).toContain("line 1\n");
    const failed = tool("msg_2", { status: "error", input: { command: "npm test" }, error: "It broke", time: { start: 1, end: 2 } });
    expect(plain(hearAll(state, says(assistant("msg_2"), failed)))).toMatch(/✗ bash npm test error\n {2}│ It broke/);
    const time = { start: 1, end: 2 };
    const denied = tool("msg_2", { status: "error", input: { command: "npm test" }, error: "No", metadata: { denied: "person" }, time });
    expect(plain(hearAll(state, says(assistant("msg_2"), denied)))).toMatch(/⊘ bash npm test denied\n {2}│ No/);
  });

  test("shows a change as its lines", () => {
    const diff = "Index: a.ts\n===================\n--- a.ts\n+++ a.ts\n@@ -1 +1 @@\n-old\n+new\n";
    const edited = {
      status: "completed" as const,
      input: { filePath: "a.ts" },
      output: "ok",
      title: "a.ts",
      metadata: { diff },
      time: { start: 1, end: 2 },
    };
    expect(plain(stateAfter(says(assistant("msg_2"), tool("msg_2", edited, "edit"))))).toMatch(
      /● edit a\.ts\n.*@@ -1 \+1 @@\n.*-old\n.*\+new/,
    );
  });

  test("names model, tokens, cost, agent, state and connection", () => {
    const tokens = { input: 1_000, output: 200, reasoning: 34, cache: { read: 0, write: 0 } };
    const state = stateAfter(says(assistant("msg_2", { ...done, tokens, cost: 0.25 }), text("msg_2", "Done")), { columns: 100, rows: 24 });
    expect(rows(state).length).toBe(24);
    expect(plain(state)).toMatch(/ready · mock\/mock-1 · 1\.2k tokens · \$0\.25 · build · connected$/);
    const busy = hearAll(state, [event("session.status", { sessionID, status: { type: "busy" } })]);
    expect(plain(busy)).toContain("working (Esc interrupts)");
    const lost = reduce(busy, { type: "connection", connection: { state: "lost", reason: "The server cannot be reached." } });
    expect(plain(lost)).toContain("lost: The server cannot be reached.");
  });

  test("lists what is to be done until all is", () => {
    const todo = (status: string) => ({ content: `Peel ${status}`, status, priority: "high" });
    const told = (...statuses: string[]) => stateAfter([event("todo.updated", { sessionID, todos: statuses.map(todo) })]);
    expect(plain(told("completed", "in_progress", "pending"))).toMatch(/Todo 1\/3\n☑ Peel completed\n▶ Peel in_progress\n☐ Peel pending/);
    expect(plain(told("completed", "cancelled"))).not.toContain("Todo");
  });

  test("says why an answer ended early", () => {
    const error = { name: "APIError" as const, data: { message: "Overloaded", isRetryable: true } };
    expect(plain(stateAfter(says(assistant("msg_2", { ...done, error }))))).toContain("✗ Overloaded");
    const aborted = { name: "MessageAbortedError" as const, data: { message: "Aborted" } };
    expect(plain(stateAfter(says(assistant("msg_2", { ...done, error: aborted }))))).toContain("■ Interrupted");
  });

  test.each([20, 40, 80])("fits %i columns and any number of rows, whatever is on it", (columns) => {
    const wide = "漢字かな🍊🍊 and a very long line of words that goes on ".repeat(5);
    const markdown = `# ${wide}\n\n| a | b |\n|---|---|\n| ${wide} | y |\n\n- ${wide}\n\n\`\`\`\n${wide}\n\`\`\`\n\n> ${wide}`;
    const asked = [{ header: "Fruit", question: wide, options: [{ label: wide, description: wide }], multiple: true }];
    const states = [3, 12, 40].flatMap((height) => {
      const told = stateAfter(says(assistant("msg_2", done), text("msg_2", markdown)), { columns, rows: height });
      const editing = reduce(told, { type: "editor", editor: { ...told.editor, text: wide, cursor: wide.length } });
      return [
        told,
        editing,
        hearAll(told, [event("permission.asked", permission({ metadata: { command: wide }, always: [wide] }))]),
        hearAll(told, [event("question.asked", question(asked))]),
        hearAll(told, [event("tui.toast.show", { message: wide, variant: "warning" })]),
        reduce(told, { type: "connection", connection: { state: "lost", reason: wide } }),
      ];
    });
    for (const state of states) {
      const shown = rows(state);
      expect(shown.length).toBe(Math.max(8, state.size.rows));
      for (const row of shown) expect(stringWidth(row), row).toBeLessThanOrEqual(columns);
    }
  });

  test("lets nothing of others speak to the terminal", () => {
    const evil = "\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b31mred\u202etxt";
    const state = stateAfter([
      ...says(user("msg_1"), text("msg_1", evil)),
      ...says(
        assistant("msg_2", done),
        text("msg_2", evil),
        tool("msg_2", { status: "error", input: { command: evil }, error: evil, time: { start: 1, end: 2 } }, evil),
      ),
      event("session.updated", { sessionID, info: session({ title: evil }) }),
      event("todo.updated", { sessionID, todos: [{ content: evil, status: "pending", priority: "low" }] }),
      event("tui.toast.show", { message: evil, title: evil, variant: "info" }),
      event(
        "permission.asked",
        permission({ permission: evil, patterns: [evil], always: [evil], metadata: { command: evil, diff: `+${evil}` } }),
      ),
    ]);
    for (const row of rows(state)) expect(stripVTControlCharacters(row)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    // Only styles are left, and each of them is ours.
    expect(new Set(codes(rows(state).join("\n")))).toEqual(new Set(codes(rows(state).join("\n")).filter((code) => /^\d+m/.test(code))));
  });

  test("has no colour where none is wanted", () => {
    const { header, body, footer } = screen(stateAfter(says(assistant("msg_2", done), text("msg_2", "# A\n\n`b`"))), createTheme(false));
    const used = codes([header, ...body, ...footer].join("\n")).map((code) => Number.parseInt(code, 10));
    expect(used.filter((code) => code >= 30)).toEqual([]);
  });

  test("stays where a person scrolled to while more comes", () => {
    const lines = (count: number) => text("msg_2", Array.from({ length: count }, (_, line) => `- line ${line}`).join("\n"));
    const state = reduce(stateAfter(says(assistant("msg_2"), lines(60))), { type: "scroll", top: 0 });
    const before = plain(state).split("\n")[1];
    expect(before).toBe("• line 0");
    expect(plain(hearAll(state, says(assistant("msg_2"), lines(90)))).split("\n")[1]).toBe(before);
  });
});

test("after a lost connection it says what came meanwhile", () => {
  const state = stateAfter(says(user("msg_1"), text("msg_1", "Hi")));
  const lost = reduce(state, { type: "connection", connection: { state: "lost" } });
  const conversation = hearAll(state, says(assistant("msg_2"), text("msg_2", "Hello"))).conversation;
  expect(plain(reduce(lost, { type: "loaded", conversation }))).toMatch(/Connected again\. One message came meanwhile\./);
});

test("what the tui addresses append stands in the prompt", () => {
  expect(plain(stateAfter([event("tui.prompt.append", { text: "look at @a.ts" })]))).toContain("> look at @a.ts");
});
