import { APICallError, LoadAPIKeyError } from "ai";
import { describe, expect, test } from "vitest";
import { createChannel } from "../src/agent/channel.ts";
import { toFailure } from "../src/agent/failure.ts";
import { retryDelay } from "../src/agent/retry.ts";
import { toTokens } from "../src/agent/usage.ts";
import { mockModel } from "./helpers/model.ts";

describe("the delay before a retry", () => {
  const policy = { attempts: 5, initial: 2000, maximum: 30_000 };

  test("doubles up to the maximum", () => {
    expect([1, 2, 3, 4, 5].map((attempt) => retryDelay(attempt, policy))).toEqual([2000, 4000, 8000, 16_000, 30_000]);
  });

  test.each([
    [{ "retry-after-ms": "150", "retry-after": "9" }, 150],
    [{ "retry-after": "9" }, 9000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "soon" }, 2000],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, 0],
    [{ "retry-after": "99999999999" }, 2 ** 31 - 1],
  ])("follows the answer's headers %j: %d ms", (headers, expected) => {
    expect(retryDelay(1, policy, headers as Record<string, string>)).toBe(expected);
  });

  test("lasts until the date that the answer names", () => {
    const delay = retryDelay(1, policy, { "retry-after": new Date(Date.now() + 60_000).toUTCString() });
    expect(delay).toBeGreaterThan(50_000);
    expect(delay).toBeLessThanOrEqual(60_000);
  });
});

describe("a failure", () => {
  const call = (change: Partial<ConstructorParameters<typeof APICallError>[0]> = {}) =>
    new APICallError({
      message: "No",
      url: "https://user:pass@api.test/v1/x?key=secret",
      requestBodyValues: {},
      statusCode: 400,
      ...change,
    });

  test("carries the answer's headers, body and address without secrets", () => {
    const responseHeaders = {
      "set-cookie": "id=1",
      "x-api-key": "k",
      authorization: "Bearer x",
      "x-request-id": "r1",
      "x-ratelimit-limit-tokens": "5",
    };
    const { error } = toFailure(call({ responseHeaders, responseBody: '{"seen":"Bearer abcdefghijklmnop"}' }), "openai.chat");
    expect(error).toEqual({
      name: "APIError",
      data: {
        message: "No",
        statusCode: 400,
        isRetryable: false,
        responseHeaders: { "x-request-id": "r1", "x-ratelimit-limit-tokens": "5" },
        responseBody: '{"seen":"Bearer [redacted]"}',
        metadata: { url: "https://api.test/v1/x" },
      },
    });
  });

  test("is not retried when the quota is used up, whatever the status", () => {
    const responseBody = '{"error":{"code":"insufficient_quota"}}';
    expect(toFailure(call({ statusCode: 429, responseBody, isRetryable: true }), "openai.chat").retryable).toBe(false);
  });

  test("for want of a key is a ProviderAuthError of that provider", () => {
    expect(toFailure(new LoadAPIKeyError({ message: "OpenAI API key is missing." }), "openai.responses").error).toEqual({
      name: "ProviderAuthError",
      data: { providerID: "openai", message: "OpenAI API key is missing." },
    });
  });

  test("of any other kind is an UnknownError with its message, and not retried", () => {
    const expected = { error: { name: "UnknownError", data: { message: "Odd" } }, retryable: false };
    expect(toFailure(new Error("Odd"), "x")).toEqual(expected);
    expect(toFailure("Odd", "x")).toEqual(expected);
    expect(toFailure({ message: "Odd" }, "x")).toEqual(expected);
  });
});

test("token counts are never negative or NaN, whatever the provider says", () => {
  const usage = {
    inputTokens: 5,
    inputTokenDetails: { noCacheTokens: undefined, cacheReadTokens: 20, cacheWriteTokens: Number.NaN },
    outputTokens: undefined,
    outputTokenDetails: { textTokens: undefined, reasoningTokens: undefined },
    totalTokens: undefined,
  };
  expect(toTokens(usage)).toEqual({ input: 0, output: 0, reasoning: 0, cache: { read: 20, write: 0 } });
});

describe("a channel", () => {
  test("calls a value handled when the reader comes back, and never leaves a writer waiting", async () => {
    const channel = createChannel<number>();
    const order: string[] = [];
    const first = channel.deliver(1).then(() => order.push("first handled"));
    const second = channel.deliver(2).then(() => order.push("second let go"));
    for await (const value of channel) {
      order.push(`took ${value}`);
      if (value === 2) break;
    }
    await Promise.all([first, second, channel.deliver(3)]);
    expect(order[0]).toBe("took 1");
    expect(order).toEqual(expect.arrayContaining(["first handled", "took 2", "second let go"]));
  });

  test("gives what was sent before it was closed, in order", async () => {
    const channel = createChannel<number>();
    let latest = 2;
    channel.push(1);
    channel.pushLatest(() => latest);
    latest = 3;
    channel.close();
    const values: number[] = [];
    for await (const value of channel) values.push(value);
    expect(values).toEqual([1, 3]);
  });
});

describe("the scripted model server", () => {
  const ask = (url: string, messages: { role: string; content: string }[]) =>
    fetch(`${url}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "m", messages }),
    });

  test("answers titles apart, keeps turns for their conversation and says when the script is over", async () => {
    await using model = await mockModel();
    model.title("A title").text("for b", { when: "conversation b" }).raw([], { when: "never" }).text("for anyone");
    const { default: titlePrompt } = await import("../src/agent/prompts/title.md");
    const title = await ask(model.url, [
      { role: "system", content: titlePrompt },
      { role: "user", content: "conversation b" },
    ]);
    expect(await title.text()).toContain("A title");
    expect(await (await ask(model.url, [{ role: "user", content: "conversation a" }])).text()).toContain("for anyone");
    expect(await (await ask(model.url, [{ role: "user", content: "conversation b" }])).text()).toContain("for b");
    expect((await ask(model.url, [{ role: "user", content: "more" }])).status).toBe(404);
    expect(model.titleRequests()).toHaveLength(1);
    expect(await model.received(2)).toHaveLength(3);
    expect(model.remaining()).toBe(1);
  });
});
