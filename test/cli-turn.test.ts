import { describe, expect, test } from "vitest";
import { jsonPrinter, textPrinter } from "../src/cli/printer.ts";
import { followTurn } from "../src/cli/turn.ts";
import type { AnyEvent, EventType, PropertiesOf } from "../src/schema/event.ts";
import { createId } from "../src/schema/id.ts";
import type { AssistantMessage, MessageError } from "../src/schema/message.ts";
import type { Part, ToolState } from "../src/schema/part.ts";

const sessionID = createId("session");
const asked = createId("message");
const answered = createId("message");

function event<Type extends EventType>(type: Type, properties: PropertiesOf<Type>): AnyEvent {
  return { id: createId("event"), type, properties } as AnyEvent;
}

function answer(change: Partial<AssistantMessage> = {}): AnyEvent {
  const info = {
    id: answered,
    sessionID,
    role: "assistant",
    parentID: asked,
    mode: "build",
    agent: "build",
    modelID: "guide",
    providerID: "offline",
    path: { cwd: "/", root: "/" },
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    time: { created: 1 },
    ...change,
  } as AssistantMessage;
  return event("message.updated", { sessionID, info });
}

const done = answer({ time: { created: 1, completed: 2 }, finish: "stop" });
const idle = event("session.idle", { sessionID });
const part = (value: Part): AnyEvent => event("message.part.updated", { sessionID, part: value, time: 1 });
const common = { sessionID, messageID: answered };
const text = (id: string, value: string, end?: number): AnyEvent =>
  part({ ...common, id, type: "text", text: value, time: { start: 1, end } });
const tool = (id: string, state: ToolState): AnyEvent => part({ ...common, id, type: "tool", tool: "bash", callID: "c", state });

function delta(partID: string, value: string, messageID = answered): AnyEvent {
  return event("message.part.delta", { sessionID, messageID, partID, field: "text", delta: value });
}

function follow(format: "text" | "json", ...events: AnyEvent[]) {
  let stdout = "";
  let stderr = "";
  const outputs = { stdout: { write: (chunk: string) => (stdout += chunk) }, stderr: { write: (chunk: string) => (stderr += chunk) } };
  const printer = format === "text" ? textPrinter(outputs) : jsonPrinter(outputs);
  const turn = followTurn({ sessionID, messageID: asked, printer });
  const progress = events.map((each) => turn.accept(each)).at(-1);
  const outcome = turn.finish();
  return {
    stdout,
    stderr,
    progress,
    outcome,
    lines: () =>
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
  };
}

describe("the answer's text", () => {
  test("comes once, however snapshots and deltas mix", () => {
    const { stdout } = follow(
      "text",
      answer(),
      text("prt_1", ""),
      delta("prt_1", "Hel"),
      text("prt_1", "Hello"),
      delta("prt_1", ", you"),
      text("prt_1", "Hello, you", 2),
    );
    expect(stdout).toBe("Hello, you\n");
  });

  test("is whole when only snapshots come", () => {
    expect(follow("text", answer(), text("prt_1", "Hello", 2)).stdout).toBe("Hello\n");
  });

  test("is whole when deltas come before the part is known", () => {
    expect(follow("text", answer(), delta("prt_1", "Hel"), text("prt_1", "Hello"), delta("prt_1", "!")).stdout).toBe("Hello!\n");
  });

  test("of two parts stands on lines of its own", () => {
    expect(follow("text", answer(), text("prt_1", "one", 2), text("prt_2", "two\n", 2)).stdout).toBe("one\ntwo\n");
  });

  test("leaves out reasoning, the question and other prompts' answers", () => {
    const reasoning = part({ ...common, id: "prt_1", type: "reasoning", text: "hm", time: { start: 1 } });
    const question = part({ ...common, id: "prt_2", messageID: asked, type: "text", text: "go" });
    const { stdout } = follow("text", answer(), reasoning, delta("prt_1", "hm"), question, delta("prt_9", "x", createId("message")));
    expect(stdout).toBe("");
  });
});

describe("tools", () => {
  const input = { command: "npm test\n--silent" };

  test("are one line on stderr when they start, and one when they fail", () => {
    const running: ToolState = { status: "running", input, time: { start: 1 } };
    const failed: ToolState = { status: "error", input, error: "exit 1", time: { start: 1, end: 2 } };
    const { stdout, stderr } = follow("text", answer(), tool("prt_1", running), tool("prt_1", running), tool("prt_1", failed));
    expect(stderr).toBe("> build · offline/guide\n| bash npm test --silent\n✗ bash: exit 1\n");
    expect(stdout).toBe("");
  });
});

describe("the json lines", () => {
  test("tell each finished part once, in order, and no unfinished one", () => {
    const completed: ToolState = { status: "completed", input: {}, output: "", title: "", metadata: {}, time: { start: 1, end: 2 } };
    const start = part({ ...common, id: "prt_0", type: "step-start" });
    const finish = part({
      ...common,
      id: "prt_3",
      type: "step-finish",
      reason: "stop",
      cost: 0,
      tokens: { input: 1, output: 1, reasoning: 0, cache: { read: 0, write: 0 } },
    });
    const { lines } = follow(
      "json",
      answer(),
      start,
      text("prt_1", ""),
      delta("prt_1", "a"),
      text("prt_1", "a", 2),
      text("prt_1", "a", 2),
      tool("prt_2", completed),
      finish,
    );
    expect(lines().map((line) => line.type)).toEqual(["step_start", "text", "tool_use", "step_finish"]);
    expect(lines()[1]).toMatchObject({ sessionID, timestamp: expect.any(Number), part: { text: "a" } });
  });

  test("tell the error", () => {
    const error: MessageError = { name: "APIError", data: { message: "no", isRetryable: false } };
    expect(follow("json", answer({ error })).lines()).toMatchObject([{ type: "error", error, sessionID }]);
  });
});

describe("the end of a turn", () => {
  test("is the session's idle after the turn's answer was completed", () => {
    expect(follow("text", answer(), done).progress).toBe("open");
    expect(follow("text", answer(), done, idle).progress).toBe("ended");
  });

  test("is unsure while nothing of this turn has ended, as when another prompt's turn ends before it", () => {
    expect(follow("text", idle).progress).toBe("unsure");
    expect(follow("text", answer(), idle).progress).toBe("unsure");
  });

  test("is not another session's idle", () => {
    expect(follow("text", answer(), done, event("session.idle", { sessionID: createId("session") })).progress).toBe("open");
  });

  test("carries the error, from the message or from the session", () => {
    const error: MessageError = { name: "APIError", data: { message: "no", isRetryable: false } };
    expect(follow("text", answer({ error }), idle).outcome).toMatchObject({ error });
    expect(follow("text", event("session.error", { sessionID, error }), idle)).toMatchObject({ progress: "unsure", outcome: { error } });
  });

  test("tells that a permission was refused, in child sessions too", () => {
    const child = createId("session");
    const created = event("session.created", {
      sessionID: child,
      info: { id: child, parentID: sessionID },
    } as PropertiesOf<"session.created">);
    const reply = event("permission.replied", { sessionID: child, requestID: createId("permission"), reply: "reject" });
    expect(follow("text", created, reply).outcome.rejected).toBe(true);
    expect(follow("text", reply).outcome.rejected).toBe(false);
  });
});
