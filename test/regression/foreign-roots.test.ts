import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { say, testApp } from "../helpers/app.ts";
import { gitRepository } from "../helpers/directory.ts";

describe("a session stored from a directory outside the roots", () => {
  it("is listed, but neither read nor changed through this server", async () => {
    await using test = await testApp();
    await using elsewhere = await gitRepository();
    const session = await test.app.sessions.create(test.repository.path, { title: "Private" });
    await test.app.sessions.prompt(session.id, { ...say("a secret"), messageID: "msg_secret", noReply: true });
    await using stranger = await createApp({
      directory: elsewhere.path,
      database: test.app.database,
      env: test.env,
      version: "0.0.0-test",
      fetchLocal: async () => ({}),
    });
    const { sessions } = stranger;

    expect(await sessions.list({ directory: test.repository.path })).toMatchObject([{ id: session.id }]);
    const attempts = [
      () => sessions.messages(session.id),
      () => sessions.message(session.id, "msg_secret"),
      () => sessions.todo(session.id),
      () => sessions.update(session.id, { title: "Taken over" }),
      () => sessions.abort(session.id),
      () => sessions.prompt(session.id, { ...say("hello"), noReply: true }),
      () => sessions.remove(session.id),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ name: "ForbiddenError" });
    expect(await test.app.sessions.get(session.id)).toEqual(await sessions.get(session.id));
    expect((await test.app.sessions.messages(session.id)).items).toHaveLength(1);
  });
});
