import { describe, expect, it } from "vitest";
import { say, testApp, textOf } from "../helpers/app.ts";

describe("ids that a client chooses", () => {
  it("never overwrite the message or the part of somebody else", async () => {
    await using test = await testApp();
    const { sessions } = test.app;
    const victim = await sessions.create(test.repository.path, { title: "Victim" });
    const other = await sessions.create(test.repository.path, { title: "Other" });
    test.model.text("The answer.");
    const answer = await sessions.prompt(victim.id, say("question"));
    const before = await sessions.messages(victim.id);

    for (const session of [other, victim]) {
      const stolen = sessions.prompt(session.id, { ...say("mine now"), messageID: answer.info.id, noReply: true });
      await expect(stolen).rejects.toMatchObject({ name: "ConflictError", message: expect.stringContaining(answer.info.id) });
    }
    const part = answer.parts.find(({ type }) => type === "text")?.id ?? "";
    const hijack = sessions.prompt(other.id, { parts: [{ id: part, type: "text", text: "mine now" }], noReply: true });
    await expect(hijack).rejects.toMatchObject({ name: "ConflictError", message: expect.stringContaining(part) });

    expect(await sessions.messages(victim.id)).toEqual(before);
    expect((await sessions.messages(other.id)).items).toEqual([]);
    expect(textOf(answer)).toBe("The answer.");
  });

  it("given twice in one prompt are refused, and nothing of the prompt stays", async () => {
    await using test = await testApp();
    const { sessions } = test.app;
    const session = await sessions.create(test.repository.path, {});
    const parts = ["one", "two"].map((text) => ({ id: "prt_same", type: "text" as const, text }));
    await expect(sessions.prompt(session.id, { parts, noReply: true })).rejects.toMatchObject({
      name: "BadRequest",
      data: { field: "parts" },
    });
    expect((await sessions.messages(session.id)).items).toEqual([]);
  });
});
