import { describe, expect, it } from "vitest";
import { builtinTools } from "../src/tool/registry.ts";
import { idle, texts, withCrash } from "./helpers/crash.ts";

describe("a turn that a crash cut short", () => {
  it("is run again with the policy safe when all tools it had called may be repeated, and says what happened", async () => {
    await withCrash(async ({ model, start, crash, messages }) => {
      model
        .calls({ name: "read", input: { filePath: "a.txt" } })
        .hang("working")
        .text("Done after all.");
      const session = await crash(2);
      const url = await start("safe");
      await idle(url);
      const all = await messages(url, session);
      expect(all.filter(({ info }) => info.role === "user")).toHaveLength(1);
      expect(all.map(({ info }) => (info.role === "assistant" ? (info.error?.name ?? "complete") : "question"))).toEqual([
        "question",
        "complete",
        "MessageAbortedError",
        "complete",
      ]);
      expect(all[2]?.info).toMatchObject({ error: { data: { message: expect.stringContaining("worked on again") } } });
      expect(texts(all).at(-1)).toBe("Done after all.");
      // What was complete is told to the model; half a text is not.
      const told = model.requests()[2]?.body.messages.map(({ role }) => role);
      expect(told?.slice(-3)).toEqual(["user", "assistant", "tool"]);
    });
  });
});

describe("every tool", () => {
  it("says whether a call of it may be repeated, and what changes something may not", () => {
    const said = builtinTools().map(({ id, repeatable }) => [id, repeatable] as const);
    expect(said.filter(([, repeatable]) => typeof repeatable !== "boolean")).toEqual([]);
    const once = said.filter(([, repeatable]) => !repeatable).map(([id]) => id);
    expect(once).toEqual(expect.arrayContaining(["bash", "write", "edit", "apply_patch", "task", "todowrite"]));
  });
});
