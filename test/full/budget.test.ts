import { describe, expect, it } from "vitest";
import type { SessionBudget } from "../../src/schema/budget.ts";
import type { Config } from "../../src/schema/config.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, type TestApp, testApp, textOf, watch } from "../helpers/app.ts";
import { callerOf } from "../helpers/caller.ts";
import { mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";
import { follow, getJSON, postJSON, testServer } from "../helpers/server.ts";

const capped = (budget: Config["budget"]): { config: Config } => ({ config: { budget } });

async function putBudget(url: string, id: string, change: object): Promise<SessionBudget> {
  const request = { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(change) };
  const response = await fetch(`${url}/session/${id}/budget`, request);
  expect(response.status).toBe(200);
  return (await response.json()) as SessionBudget;
}

describe("a cap that is reached", () => {
  it("in the middle of a task pauses the session with an event; raised over HTTP, the prompts that waited run in order", async () => {
    await using server = await testServer({ files: { "a.txt": "alpha\n" }, ...capped({ session: { tokens: 100_000 } }) });
    const { url, model } = server;
    model.calls({ name: "read", input: { filePath: "a.txt" } }, { usage: { input: 99_000, output: 500 } });
    const session = await postJSON<Session>(`${url}/session`, { title: "Capped" });
    const path = `${url}/session/${session.id}`;
    using events = follow(url);
    await events.until(({ type }) => type === "server.connected");

    const stopped = await postJSON<MessageWithParts>(`${path}/message`, say("read a.txt, then b.txt"));
    expect(stopped.info).toMatchObject({
      error: {
        name: "APIError",
        data: {
          isRetryable: false,
          message: expect.stringMatching(/^Budget reached: this session's cap is 100,000 tokens, 99,500 tokens are used.*PUT \/session/),
          metadata: { budget: "session", unit: "tokens", cap: "100000", used: "99500" },
        },
      },
    });
    await events.until(({ type }) => type === "session.idle");
    expect(events.events.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({
        type: "session.error",
        properties: { sessionID: session.id, error: stopped.info.role === "assistant" && stopped.info.error },
      }),
    );
    expect(model.requests()).toHaveLength(1);
    expect(await getJSON(`${url}/session/status`)).toEqual({});

    await postJSON(`${path}/prompt_async`, { ...say("first"), queue: "queue" });
    await postJSON(`${path}/prompt_async`, { ...say("second"), queue: "queue" });
    await events.until(({ type, properties }) => type === "session.status" && properties.status.type === "retry");
    expect(await getJSON(`${url}/session/status`)).toEqual({
      [session.id]: {
        type: "retry",
        attempt: 0,
        message: expect.stringContaining("Budget reached"),
        next: expect.any(Number),
        action: expect.objectContaining({ reason: "budget" }),
      },
    });
    expect(await getJSON<SessionBudget>(`${path}/budget`)).toMatchObject({
      session: { cap: { tokens: 100_000 }, used: { tokens: 99_500 }, reserved: { tokens: 0 }, left: { tokens: 500 } },
      paused: { message: expect.stringContaining("Budget reached") },
    });
    expect(await getJSON<unknown[]>(`${path}/queue`)).toHaveLength(2);

    expect((await putBudget(url, session.id, { tokens: 99_600 })).paused).toBeDefined();
    expect(model.requests()).toHaveLength(1);
    model.text("One.", { when: "first" }).text("Two.", { when: "second" });
    expect((await putBudget(url, session.id, { tokens: 1_000_000 })).paused).toBeUndefined();
    const idle = () =>
      events.events.filter(
        ({ event }) =>
          event.type === "message.updated" && event.properties.info.role === "assistant" && event.properties.info.finish === "stop",
      );
    await events.until(() => idle().length >= 2 && events.events.at(-1)?.event.type === "session.idle");
    const messages = await getJSON<MessageWithParts[]>(`${path}/message`);
    expect(messages.filter(({ info }) => info.role === "assistant").map(textOf)).toEqual(["", "", "One.", "Two."]);
    expect(await getJSON(`${url}/session/status`)).toEqual({});
  });
});

/** A session that has a title: nothing else asks the model. */
const titled = ({ app, repository }: TestApp, title = "Titled") => app.sessions.create(repository.path, { title });

const errorOf = ({ info }: MessageWithParts) => (info.role === "assistant" ? info.error : undefined);

describe("a reservation", () => {
  it("caps the answer to what is left, holds all of it while the call runs, and gives back what an aborted call did not use", async () => {
    await using test = await testApp(capped({ session: { tokens: 50_000 } }));
    const session = await titled(test);
    test.model.hang("a beginning");
    const prompt = test.app.sessions.prompt(session.id, say("go on for ever"));
    const [request] = await test.model.received(1);
    const longest = Number(request?.body.max_tokens);
    expect(longest).toBeGreaterThan(200);
    expect((await test.app.sessions.budget(session.id)).session.reserved.tokens).toBeLessThanOrEqual(50_000);
    await test.app.sessions.abort(session.id);
    await prompt;
    const { used, reserved, left } = (await test.app.sessions.budget(session.id)).session;
    expect(reserved).toEqual({ tokens: 0, cost: 0 });
    expect(used.tokens).toBeGreaterThan(1_000);
    expect(used.tokens + Number(left.tokens)).toBe(50_000);
  });

  it("in dollars buys as long an answer as is left for, at the model's price", async () => {
    await using test = await testApp(capped({ session: { cost: 0.06 } }));
    const session = await titled(test);
    test.model.text("Short.", { usage: { input: 10_000, output: 100 } }).hang();
    await test.app.sessions.prompt(session.id, say("hello"));
    expect((await test.app.sessions.budget(session.id)).session.used).toEqual({ tokens: 10_100, cost: 0.0102 });
    await test.app.sessions.setBudget(session.id, { cost: 0.03 });
    const prompt = test.app.sessions.prompt(session.id, say("again"));
    const [, request] = await test.model.received(2);
    const { reserved, left } = (await test.app.sessions.budget(session.id)).session;
    const longest = Number(request?.body.max_tokens);
    expect(longest).toBeLessThan(10_000);
    expect(reserved.cost).toBeCloseTo(((reserved.tokens - longest) * 1 + longest * 2) / 1_000_000, 9);
    expect(left.cost).toBeLessThan(0.000_002);
    await test.app.sessions.abort(session.id);
    await prompt;
  });

  it("counts nothing for a request that the provider refuses", async () => {
    await using test = await testApp(capped({ session: { tokens: 1_000_000 } }));
    const session = await titled(test);
    test.model
      .error(429, { retryAfter: 0 })
      .error(500)
      .text("At last.", { usage: { input: 7, output: 3 } });
    expect(textOf(await test.app.sessions.prompt(session.id, say("try")))).toBe("At last.");
    expect((await test.app.sessions.budget(session.id)).session).toMatchObject({ used: { tokens: 10 }, reserved: { tokens: 0 } });
  });

  it("that was too small is told: the excess is on record and has a name", async () => {
    await using test = await testApp(capped({ session: { tokens: 500_000 } }));
    const session = await titled(test);
    using events = watch(test.app);
    test.model.text("Dear.", { usage: { input: 400_000, output: 10 } });
    await test.app.sessions.prompt(session.id, say("hello"));
    const { properties } = await events.until("tui.toast.show");
    expect(properties).toMatchObject({
      variant: "warning",
      message: expect.stringMatching(/^mock\/mock-1 reported [\d,]+ tokens .* more than were reserved/),
    });
    const { excess, used } = (await test.app.sessions.budget(session.id)).session;
    expect(used.tokens).toBe(400_010);
    expect(excess.tokens).toBeGreaterThan(300_000);
    expect(excess.cost).toBeGreaterThan(0.3);
  });

  it("of a server that was killed counts as spent", async () => {
    await using model = await mockModel();
    await using workspace = await programWorkspace();
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...model.config(), budget: { session: { tokens: 60_000 } } }) };
    model.hang("cut");
    const first = await workspace.start(["serve", "--port", "0"], { env });
    const url = await first.listening();
    const session = await postJSON<Session>(`${url}/session`, { title: "Crash" });
    await postJSON(`${url}/session/${session.id}/prompt_async`, say("one"));
    await model.received(1);
    const held = (await getJSON<SessionBudget>(`${url}/session/${session.id}/budget`)).session.reserved;
    expect(held.tokens).toBeGreaterThan(1_000);
    first.kill("SIGKILL");
    await first.exited;

    const second = await workspace.start(["serve", "--port", "0"], { env });
    const again = await second.listening();
    using events = follow(again, { after: "0" });
    await events.until(({ type }) => type === "session.idle");
    expect((await getJSON<SessionBudget>(`${again}/session/${session.id}/budget`)).session).toMatchObject({
      used: held,
      reserved: { tokens: 0, cost: 0 },
    });
  });
});

describe("a paused session", () => {
  it("forgets what waits when it is aborted, and is set by the owner only", async () => {
    await using test = await testApp(capped({ session: { tokens: 10 } }));
    const { app, model } = test;
    const session = await titled(test);
    const refused = await app.sessions.prompt(session.id, say("one"));
    expect(errorOf(refused)).toMatchObject({ name: "APIError", data: { metadata: { used: "0" } } });
    using events = watch(app);
    const waiting = app.sessions.prompt(session.id, say("two"));
    await events.until("session.status", ({ properties }) => properties.status.type === "retry");
    await app.sessions.abort(session.id);
    expect(errorOf(await waiting)).toMatchObject({ name: "MessageAbortedError" });
    expect(await app.sessions.status()).toEqual({});
    expect(model.requests()).toEqual([]);
    const { call } = callerOf(app, { scopes: ["read", "prompt"] });
    await expect(call.session.setBudget({ sessionID: session.id, tokens: 1 })).rejects.toThrow('scope "admin"');
    await expect(call.session.budget({ sessionID: "ses_none" })).rejects.toThrow("Session not found");
  });
});
