import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { say, testApp, watch } from "../helpers/app.ts";

describe("a session that several change at once", () => {
  it("keeps every change: prompts, turns and clients do not write back what they read before", async () => {
    await using test = await testApp();
    const { sessions } = test.app;
    const rounds = Array.from({ length: 10 }, (_, round) => round);
    for (const round of rounds) test.model.text(`answer ${round}`);
    for (const round of rounds) {
      const session = await sessions.create(test.repository.path, { title: "Before" });
      await Promise.all([
        sessions.update(session.id, { metadata: { round } }),
        sessions.prompt(session.id, say(`prompt ${round}`)),
        sessions.update(session.id, { title: "After" }),
        sessions.prompt(session.id, { ...say("a note"), noReply: true }),
        sessions.update(session.id, { time: { archived: 5 } }),
      ]);
      expect(await sessions.get(session.id)).toMatchObject({
        title: "After",
        metadata: { round },
        time: { archived: 5 },
        agent: "build",
        tokens: { input: 100, output: 10 },
      });
    }
  });

  it("stays deleted when a change of it was under way", async () => {
    await using test = await testApp();
    const { sessions } = test.app;
    const session = await sessions.create(test.repository.path, {});
    const late = [sessions.update(session.id, { title: "Zombie" }), sessions.prompt(session.id, { ...say("late"), noReply: true })];
    await Promise.allSettled([sessions.remove(session.id), ...late]);
    await expect(sessions.get(session.id)).rejects.toMatchObject({ name: "NotFoundError" });
    expect(await sessions.list({ directory: test.repository.path })).toEqual([]);
  });
});

describe("a session that is deleted on another server", () => {
  it("runs no further: its tool is ended", async () => {
    await using test = await testApp({ log: { tailInterval: 5 }, config: { permission: { bash: "allow" } } });
    await using second = await createApp({
      directory: test.app.directory,
      database: test.app.database,
      env: test.env,
      version: "0.0.0-test",
      fetchLocal: async () => ({}),
      log: { tailInterval: 5 },
    });
    using events = watch(second);
    const session = await test.app.sessions.create(test.repository.path, { title: "Shared" });
    test.model.hang("endless");
    const answer = test.app.sessions.prompt(session.id, say("wait"));
    await events.until("message.part.updated", ({ properties }) => properties.part.type === "step-start");
    const [outcome] = await Promise.allSettled([answer, second.sessions.remove(session.id)]);
    // What reaches the first server before the other: that the turn is to stop, or that the session is gone.
    expect(outcome).toMatchObject(
      outcome.status === "rejected"
        ? { reason: { name: "NotFoundError" } }
        : { value: { info: { error: { name: "MessageAbortedError" } } } },
    );
    await expect(test.app.sessions.get(session.id)).rejects.toMatchObject({ name: "NotFoundError" });
    await test.model.hungUp();
  });
});
