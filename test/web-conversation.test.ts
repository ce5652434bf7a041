import { describe, expect, test } from "vitest";
import type { Message, Part } from "../src/client/client.ts";
import { commandOf, completed, matching, triggerAt } from "../web/src/screens/session/completion.ts";
import { contextUse } from "../web/src/screens/session/context-use.ts";
import { conversationOrder, withoutReverted } from "../web/src/screens/session/order.ts";
import { mentionsIn, promptParts } from "../web/src/screens/session/prompt-parts.ts";
import { changedFiles, toolInput, toolOutput, toolState, toolSummary } from "../web/src/screens/session/tool-words.ts";

const user = (id: string, created: number) => ({ id, role: "user", time: { created } }) as Message;
const answer = (id: string, created: number, parentID: string, input = 0) =>
  ({
    ...{ id, role: "assistant", parentID, time: { created }, providerID: "mock", modelID: "one" },
    tokens: { input, output: 1, reasoning: 0, cache: { read: 5, write: 0 } },
  }) as Message;

describe("the conversation on the page", () => {
  test("a prompt that waited stands where it was taken up, and one without answers before the next", () => {
    const messages = [user("a", 1), answer("b", 2, "a"), user("c", 3), answer("d", 4, "a"), user("e", 5), answer("f", 6, "e")];
    const infos = Object.fromEntries(messages.map((info) => [info.id, info]));
    const ids = messages.map(({ id }) => id);
    expect(conversationOrder(ids, infos)).toEqual(["a", "b", "d", "c", "e", "f"]);
    expect(withoutReverted(ids, "e")).toEqual({ shown: ["a", "b", "c", "d"], reverted: ["e", "f"] });
    expect(withoutReverted(ids, undefined)).toEqual({ shown: ids, reverted: [] });
  });

  test("the context is what the newest answer read and wrote", () => {
    expect(contextUse([answer("b", 9, "a", 100), user("a", 1), answer("c", 3, "a", 7)])).toEqual({
      tokens: 106,
      providerID: "mock",
      modelID: "one",
    });
    expect(contextUse([user("a", 1)])).toBeUndefined();
  });

  test("names are completed behind a sign at the caret, and only there", () => {
    expect(triggerAt("/co", 3)).toEqual({ kind: "command", query: "co", start: 0 });
    expect(triggerAt("say /co", 7)).toBeUndefined();
    expect(triggerAt("me@home", 7)).toBeUndefined();
    const trigger = triggerAt("see @src/a now", 10);
    expect(trigger).toEqual({ kind: "mention", query: "src/a", start: 4 });
    expect(trigger && completed("see @src/a now", { trigger, caret: 10, name: "src/app.ts" })).toEqual({
      text: "see @src/app.ts now",
      caret: 16,
    });
    expect(commandOf("/review the last\ncommit")).toEqual({ name: "review", arguments: "the last\ncommit" });
    expect(commandOf("what is /tmp")).toBeUndefined();
    expect(matching([{ name: "undo" }, { name: "do" }, { name: "x" }], "do").map(({ name }) => name)).toEqual(["do", "undo"]);
  });

  test("what is named with @ goes along as long as it stands in the text as a word, whatever its name is made of", () => {
    const mentions = [
      { type: "file" as const, name: "a #1%.ts" },
      { type: "agent" as const, name: "explore" },
      { type: "file" as const, name: "gone.ts" },
    ];
    const parts = promptParts({ text: "@explore read @a #1%.ts, not @gone.tsx", mentions, files: [] }, "/home/me/it");
    expect(parts.map((part) => ("url" in part ? part.url : "name" in part ? part.name : part.type))).toEqual([
      "text",
      "file:///home/me/it/a%20%231%25.ts",
      "explore",
    ]);
    const sent = parts.map((part, at) => ({ ...part, id: `prt_${at}`, sessionID: "ses_1", messageID: "msg_1" }) as Part);
    expect(mentionsIn(sent)).toEqual(mentions.slice(0, 2));
  });

  test("a call is told by its command or file, and has failed with an exit code, whatever the tool says", () => {
    const time = { start: 1, end: 2 };
    const input = { command: "make\nall" };
    const state = { status: "completed" as const, input, output: "x", title: "", metadata: { exit: 2, output: "no" }, time };
    expect([toolSummary({ tool: "bash", state }), toolState(state), toolOutput(state)]).toEqual([
      "make",
      { word: "failed", exit: 2 },
      "no",
    ]);
    const refused = { status: "error" as const, input, error: "No", time };
    expect([toolState(refused).word, toolState({ ...refused, metadata: { denied: "rule" } }).word]).toEqual(["failed", "denied"]);
    expect(toolOutput({ status: "running", input, metadata: { output: "so far" }, time })).toBe("so far");
    const edited = { ...state, input: { filePath: "/it/src/a.ts" }, metadata: {} };
    expect(changedFiles({ tool: "edit", state: edited }, "/it")).toEqual(["src/a.ts"]);
    expect(changedFiles({ tool: "bash", state: edited }, "/it")).toEqual([]);
    const written = { ...state, input: { filePath: "/it/src/a.ts", content: "const a = 1;\n" } };
    expect(toolInput({ tool: "write", state: written })).toEqual({ code: "const a = 1;\n", language: "ts" });
  });
});
