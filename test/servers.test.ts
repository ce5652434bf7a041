import { describe, expect, it } from "vitest";
import { createApp } from "../src/app.ts";
import { say, type TestApp, testApp, textOf, watch } from "./helpers/app.ts";

/** A second server on the first one's store and directory. */
async function beside(first: TestApp) {
  return createApp({
    directory: first.app.directory,
    database: first.app.database,
    env: first.env,
    version: "0.0.0-test",
    fetchLocal: async () => ({}),
    log: { tailInterval: 5 },
  });
}

describe("two servers on one file", () => {
  it("run a session one at a time: a prompt sent to the other one is run by the holder, in order, and both answer", async () => {
    await using first = await testApp({ log: { tailInterval: 5 } });
    await using second = await beside(first);
    first.model.hang("one moment", { when: "alpha" }).text("first").text("second");
    const session = await first.app.sessions.create(first.repository.path, { title: "Shared" });
    const alpha = first.app.sessions.prompt(session.id, say("alpha"));
    await first.model.received(1);
    using events = watch(second);
    const beta = second.sessions.prompt(session.id, { ...say("beta"), messageID: "msg_beta", queue: "queue" });
    await events.until("message.updated", ({ properties }) => properties.info.id === "msg_beta");
    expect(await second.sessions.status()).toEqual({ [session.id]: { type: "busy" } });
    first.model.drop();
    expect(textOf(await alpha)).toBe("first");
    expect(textOf(await beta)).toBe("second");
    await events.until("session.idle");
    expect((await second.sessions.messages(session.id)).items.map(({ info }) => info.role)).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
    ]);
  });

  it("obey an abort and a permission answer that reach the other one", async () => {
    await using first = await testApp({ config: { permission: { bash: "ask" } }, log: { tailInterval: 5 } });
    await using second = await beside(first);
    using events = watch(second);
    const session = await first.app.sessions.create(first.repository.path, { title: "Shared" });

    first.model.calls({ name: "bash", input: { command: "echo allowed", description: "say" } }).text("done");
    const asked = first.app.sessions.prompt(session.id, say("run it"));
    const { properties: request } = await events.until("permission.asked");
    expect(await second.permissions.list()).toMatchObject([{ id: request.id }]);
    await second.permissions.reply(request.id, { reply: "once" });
    expect(textOf(await asked)).toBe("done");

    first.model.hang("endless");
    const endless = first.app.sessions.prompt(session.id, say("wait"));
    await first.model.received(3);
    await second.sessions.abort(session.id);
    expect((await endless).info).toMatchObject({ error: { name: "MessageAbortedError" } });
  });

  it("take 16 writers at once without a client hearing of a lock", async () => {
    await using first = await testApp({ log: { tailInterval: 5 } });
    await using second = await beside(first);
    const writers = Array.from({ length: 16 }, async (_, index) => {
      const app = index % 2 ? first.app : second;
      for (let count = 0; count < 10; count += 1) {
        const session = await app.sessions.create(first.repository.path, { title: `${index}.${count}` });
        await app.sessions.prompt(session.id, { ...say("note"), noReply: true });
      }
    });
    await Promise.all(writers);
    expect(await first.app.sessions.list({ directory: first.repository.path })).toHaveLength(160);
  });
});
