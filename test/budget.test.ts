import { describe, expect, it } from "vitest";
import type { SessionBudget } from "../src/schema/budget.ts";
import type { Config } from "../src/schema/config.ts";
import type { MessageWithParts } from "../src/schema/prompt.ts";
import type { Session } from "../src/schema/session.ts";
import { say, textOf } from "./helpers/app.ts";
import { follow, getJSON, postJSON, testServer } from "./helpers/server.ts";

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
