import { describe, expect, it } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { testServer } from "../helpers/server.ts";

const bash = (command: string) => ({ name: "bash", input: { command, description: "Say it" } });
const config = { permission: { bash: "ask" as const } };

describe("a run with onPermission", () => {
  it("lives on when an answer has settled the next question too", async () => {
    await using server = await testServer({ config });
    server.model.calls([bash("echo one"), bash("echo two")]).text("Said.");
    await using client = createClient({ url: server.url });
    const { text } = await client.run({ text: "say both", onPermission: () => "always" }).result;
    expect(text).toBe("Said.");
  });

  it("lives on when somebody else was faster", async () => {
    await using server = await testServer({ config });
    server.model.calls([bash("echo one")]).text("Said.");
    await using client = createClient({ url: server.url });
    const { text } = await client.run({
      text: "say it",
      async onPermission({ id }) {
        await server.app.permissions.reply(id, { reply: "once" });
        return "reject" as const;
      },
    }).result;
    expect(text).toBe("Said.");
  });

  it("is asked what its sub-agents ask", async () => {
    await using server = await testServer({ config });
    server.model
      .calls([{ name: "task", input: { description: "look", prompt: "Look for it", subagent_type: "general" } }])
      .calls([bash("echo below")], { when: "Look for it" })
      .text("Found.", { when: "Look for it" })
      .text("Done.");
    await using client = createClient({ url: server.url });
    const asked: string[] = [];
    const { text, sessionID } = await client.run({
      text: "delegate it",
      onPermission(request) {
        asked.push(request.sessionID);
        return "once";
      },
    }).result;
    expect(text).toBe("Done.");
    expect(asked).toEqual([expect.not.stringContaining(sessionID)]);
  });
});

describe("a run with a refused permission", () => {
  it("says so, and that nothing failed", async () => {
    await using server = await testServer({ config });
    server.model.calls([bash("echo one")]);
    await using client = createClient({ url: server.url });
    const { refused, error, text } = await client.run({ text: "say it", onPermission: () => "reject" }).result;
    expect({ refused, error, text }).toEqual({ refused: true, error: undefined, text: "" });
  });

  it("says so of its sub-agents, and not of other sessions", async () => {
    await using server = await testServer({ config });
    server.model
      .calls([{ name: "task", input: { description: "look", prompt: "Look for it", subagent_type: "general" } }], { when: "delegate it" })
      .calls([bash("echo below")], { when: "Look for it" })
      .text("Not found.", { when: "delegate it" });
    await using client = createClient({ url: server.url });
    expect((await client.run({ text: "delegate it", onPermission: () => "reject" }).result).refused).toBe(true);
    server.model.calls([bash("echo aside")], { when: "aside" }).text("Said.", { when: "on its own" });
    const aside = client.run({ text: "aside", onPermission: () => "reject" });
    const own = client.run("on its own");
    expect([(await aside.result).refused, (await own.result).refused]).toEqual([true, false]);
  });
});

describe("a run with onQuestion", () => {
  it("goes on with what it answers", async () => {
    await using server = await testServer();
    const options = [{ label: "Jar", description: "" }];
    server.model
      .calls([{ name: "question", input: { questions: [{ question: "Which one?", header: "Pick", options }] } }])
      .text("The jar.");
    await using client = createClient({ url: server.url });
    const asked: string[] = [];
    const { text, parts } = await client.run({
      text: "choose",
      onQuestion({ questions }) {
        asked.push(...questions.map(({ question }) => question));
        return [["Jar"]];
      },
    }).result;
    expect(asked).toEqual(["Which one?"]);
    expect(text).toBe("The jar.");
    expect(JSON.stringify(parts)).toContain("Jar");
  });
});

describe("a run whose signal has aborted", () => {
  it("sends nothing when that was before", async () => {
    await using server = await testServer();
    await using client = createClient({ url: server.url });
    const { id: sessionID } = await client.api.session.create.mutate({});
    await expect(client.run({ sessionID, text: "never", signal: AbortSignal.abort(new Error("enough")) }).result).rejects.toThrow("enough");
    expect(await client.api.session.messages.query({ sessionID })).toEqual([]);
  });
});
