import { describe, expect, test } from "vitest";
import { runTurn } from "../src/agent/loop.ts";
import { mockModel, textChunk } from "./helpers/model.ts";
import { anthropic, collect, echo, only, openaiChat, outline, tool, turnRequest } from "./helpers/turn.ts";

const retried = ["retry", "step-start", "text-start", "text-delta", "text-end", "step-finish", "turn-finish"];

/** An Anthropic stream that says a text, calls `echo` and begins a second call, but does not end. */
const brokenOff = [
  {
    type: "message_start",
    message: { id: "msg_1", role: "assistant", content: [], model: "m", usage: { input_tokens: 1, output_tokens: 1 } },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "I will" } },
  { type: "content_block_start", index: 1, content_block: { type: "tool_use", id: "call_one", name: "echo", input: {} } },
  { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"value":"x"}' } },
  { type: "content_block_stop", index: 1 },
  { type: "content_block_start", index: 2, content_block: { type: "tool_use", id: "call_two", name: "echo", input: {} } },
];

describe("an error of the provider", () => {
  test("that will not pass ends the turn with what the provider said, without secrets", async () => {
    await using model = await mockModel();
    model.error(401, {
      message: "Incorrect API key provided: sk-abcdefghijklmnop123456",
      type: "invalid_request_error",
      code: "invalid_api_key",
    });
    const events = await collect(turnRequest(openaiChat(model)));
    expect(outline(events)).toEqual(["step", "turn-error"]);
    const error = only(events, "turn-error")[0]?.error;
    expect(error).toMatchObject({
      name: "APIError",
      data: { statusCode: 401, isRetryable: false, metadata: { url: `${model.url}/chat/completions` } },
    });
    expect(JSON.stringify(error)).toContain("Incorrect API key provided");
    expect(JSON.stringify(error)).not.toContain("abcdefghijklmnop");
    expect(model.requests()).toHaveLength(1);
  });

  test("about the rate is waited out as long as it asks", async () => {
    await using model = await mockModel();
    model.error(429, { message: "Rate limit reached", retryAfter: 0.05 }).text("Recovered.");
    const before = Date.now();
    const events = await collect(turnRequest(openaiChat(model), { retry: { attempts: 3, initial: 60_000, maximum: 60_000 } }));
    expect(outline(events)).toEqual(["step", ...retried]);
    const retry = only(events, "retry")[0];
    expect(retry).toMatchObject({ attempt: 1, message: "Rate limit reached", error: { name: "APIError", data: { statusCode: 429 } } });
    expect(retry?.next).toBeGreaterThanOrEqual(before + 50);
    expect(retry?.next).toBeLessThan(before + 30_000);
  });

  test("that stays ends the turn after the last attempt", async () => {
    await using model = await mockModel();
    model.error(503, { message: "Down" }).error(529, { message: "Overloaded" }).error(500, { message: "Still down" });
    const events = await collect(turnRequest(openaiChat(model)));
    expect(outline(events)).toEqual(["step", "retry", "retry", "turn-error"]);
    expect(only(events, "retry").map((event) => event.attempt)).toEqual([1, 2]);
    expect(events.at(-1)).toMatchObject({ error: { name: "APIError", data: { message: "Still down", isRetryable: true } } });
  });

  test.each([
    ["OpenAI", openaiChat, { message: "This model's maximum context length is 10 tokens.", code: "context_length_exceeded" }],
    ["Anthropic", anthropic, { message: "prompt is too long: 250000 tokens > 200000 maximum", type: "invalid_request_error" }],
  ] as const)("about the length of the context is a ContextOverflowError (%s)", async (_name, connect, options) => {
    await using model = await mockModel();
    model.error(400, options);
    const events = await collect(turnRequest(connect(model)));
    expect(events.at(-1)).toMatchObject({
      type: "turn-error",
      error: { name: "ContextOverflowError", data: { message: options.message } },
    });
  });

  test("inside a stream is retried when the provider is at fault", async () => {
    await using model = await mockModel();
    model.raw([textChunk("Half an ans"), { error: { message: "The server had an error", type: "server_error" } }]).text("Whole answer.");
    const events = await collect(turnRequest(openaiChat(model)));
    expect(outline(events)).toEqual(["step", "step-start", "text-start", "text-delta", "step-discard", ...retried]);
  });
});

describe("a connection", () => {
  test("that breaks in the middle of a text voids the text and is tried again", async () => {
    await using model = await mockModel();
    model.hang("Half an ans").text("Whole answer.");
    const events = await collect(turnRequest(openaiChat(model)), (event) => {
      if (event.type === "text-delta") model.drop();
    });
    expect(outline(events)).toEqual(["step", "step-start", "text-start", "text-delta", "step-discard", ...retried]);
    expect(only(events, "text-end").map((event) => event.text)).toEqual(["Whole answer."]);
    expect(only(events, "retry")[0]?.message).toContain("connection to the model was lost");
  });

  test("that breaks on the last attempt keeps the text so far", async () => {
    await using model = await mockModel();
    model.hang("Half an ans");
    const events = await collect(turnRequest(openaiChat(model), { retry: { attempts: 1, initial: 1, maximum: 1 } }), (event) => {
      if (event.type === "text-delta") model.drop();
    });
    expect(outline(events)).toEqual(["step", "step-start", "text-start", "text-delta", "text-end", "turn-error"]);
    expect(only(events, "text-end")[0]?.text).toBe("Half an ans");
  });

  test("that breaks after a tool was started keeps the tool and goes on with the next step", async () => {
    await using model = await mockModel();
    model.raw(brokenOff, { end: "hang" }).text("Done.");
    let pending = 0;
    const release = Promise.withResolvers<void>();
    const slow = tool("echo", async () => {
      await release.promise;
      return { title: "", output: "slow result", metadata: {} };
    });
    const events = await collect(turnRequest(anthropic(model), { tools: [slow] }), (event) => {
      if (event.type === "tool-pending" && ++pending === 2) model.drop();
      if (event.type === "text-end") release.resolve();
    });
    expect(outline(events).slice(0, 11).sort()).toEqual(
      [
        ...["step", "step-start", "text-start", "text-delta", "tool-pending", "tool-running", "tool-pending"],
        ...["text-end", "tool-error", "tool-completed", "step-finish"],
      ].sort(),
    );
    expect(outline(events).slice(11)).toEqual(["retry", "step", ...retried.slice(1)]);
    expect(only(events, "step-finish").map((event) => event.reason)).toEqual(["other", "stop"]);
    expect(only(events, "tool-error")).toMatchObject([{ callID: "call_two", error: expect.stringContaining("broke off") }]);
    expect(JSON.stringify(model.requests()[1]?.body.messages)).toContain("slow result");
    expect(JSON.stringify(model.requests()[1]?.body.messages)).not.toContain("call_two");
  });

  test("that is refused is retried", async () => {
    const model = await mockModel();
    const language = openaiChat(model);
    await model[Symbol.asyncDispose]();
    const events = await collect(turnRequest(language));
    expect(outline(events)).toEqual(["step", "retry", "retry", "turn-error"]);
    expect(events.at(-1)).toMatchObject({ error: { name: "APIError", data: { isRetryable: true } } });
  });

  test("on which nothing comes for too long is closed and tried again", async () => {
    await using model = await mockModel();
    model.hang("Half an ans").hang().text("Whole answer.");
    const events = await collect(turnRequest(openaiChat(model), { patience: { idle: 600 } }));
    await model.hungUp(2);
    expect(outline(events)).toEqual(["step", "step-start", "text-start", "text-delta", "step-discard", "retry", ...retried]);
    expect(only(events, "retry")[0]?.message).toContain("600 ms");
  });

  test("is not idle while a tool works", async () => {
    await using model = await mockModel();
    model.calls({ name: "slow", input: {} }).text("Done.");
    const slow = tool("slow", async () => {
      await new Promise((resolve) => setTimeout(resolve, 750));
      return { title: "", output: "", metadata: {} };
    });
    const events = await collect(turnRequest(openaiChat(model), { tools: [slow], patience: { idle: 600 } }));
    expect(only(events, "retry")).toEqual([]);
    expect(events.at(-1)).toEqual({ type: "turn-finish", reason: "stop" });
  });
});

describe("an abort", () => {
  const abortedError = { type: "turn-error", error: { name: "MessageAbortedError", data: { message: "Aborted" } } };

  test("before the first token ends the turn and the request", async () => {
    await using model = await mockModel();
    model.hang();
    const controller = new AbortController();
    const turn = collect(turnRequest(openaiChat(model), { signal: controller.signal }));
    await model.received(1);
    controller.abort();
    const events = await turn;
    expect(outline(events)).toEqual(["step", "turn-error"]);
    expect(events.at(-1)).toMatchObject(abortedError);
    await model.hungUp();
  });

  test("in the middle of a text keeps the text so far", async () => {
    await using model = await mockModel();
    model.hang("partial text");
    const controller = new AbortController();
    const events = await collect(turnRequest(openaiChat(model), { signal: controller.signal }), (event) => {
      if (event.type === "text-delta") controller.abort();
    });
    expect(outline(events)).toEqual(["step", "step-start", "text-start", "text-delta", "text-end", "turn-error"]);
    expect(only(events, "text-end")[0]?.text).toBe("partial text");
    expect(events.at(-1)).toMatchObject(abortedError);
    await model.hungUp();
  });

  test("while tools run waits until they have stopped, and keeps the result of one that ended well", async () => {
    await using model = await mockModel();
    model.calls([
      { name: "stubborn", input: {} },
      { name: "graceful", input: {} },
    ]);
    const controller = new AbortController();
    let stopped = false;
    const stubborn = tool("stubborn", async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await new Promise((resolve) => setImmediate(resolve));
      stopped = true;
      throw signal.reason;
    });
    const graceful = tool("graceful", async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return { title: "", output: "partial output", metadata: {} };
    });
    let running = 0;
    const events = await collect(
      turnRequest(openaiChat(model), { tools: [stubborn, graceful], signal: controller.signal }),
      async (event) => {
        if (event.type === "tool-running" && ++running === 2) setImmediate(() => controller.abort());
        if (event.type === "tool-error") expect(stopped).toBe(true);
      },
    );
    expect(only(events, "tool-error")).toMatchObject([
      { tool: "stubborn", error: "Tool execution aborted", metadata: { interrupted: true } },
    ]);
    expect(only(events, "tool-completed")).toMatchObject([{ tool: "graceful", output: "partial output" }]);
    expect(events.at(-1)).toMatchObject({ ...abortedError, tokens: { input: 100 } });
    expect(only(events, "step-finish")).toEqual([]);
  });

  test("during the wait before a retry ends the turn at once", async () => {
    await using model = await mockModel();
    model.error(503);
    const controller = new AbortController();
    const retry = { attempts: 3, initial: 600_000, maximum: 600_000 };
    const events = await collect(turnRequest(openaiChat(model), { signal: controller.signal, retry }), (event) => {
      if (event.type === "retry") setImmediate(() => controller.abort());
    });
    expect(outline(events)).toEqual(["step", "retry", "turn-error"]);
    expect(events.at(-1)).toMatchObject(abortedError);
  });

  test("that came before the turn makes no request", async () => {
    await using model = await mockModel();
    const events = await collect(turnRequest(openaiChat(model), { signal: AbortSignal.abort() }));
    expect(outline(events)).toEqual(["turn-error"]);
    expect(model.requests()).toEqual([]);
  });
});

describe("a reader that leaves", () => {
  test("ends the model request", async () => {
    await using model = await mockModel();
    model.hang("partial");
    for await (const event of runTurn(turnRequest(openaiChat(model)))) if (event.type === "text-delta") break;
    await model.hungUp();
  });

  test("ends the model request also while it waits for the next event", async () => {
    await using model = await mockModel();
    model.hang();
    const turn = runTurn(turnRequest(openaiChat(model)));
    await turn.next();
    const waiting = turn.next();
    await model.received(1);
    await turn.return(undefined);
    await waiting;
    await model.hungUp();
  });

  test("aborts the tools and waits for them", async () => {
    await using model = await mockModel();
    model.calls([
      { name: "wait", input: {} },
      { name: "echo", input: { value: "x" } },
    ]);
    let stopped = false;
    const waiting = tool("wait", async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      stopped = true;
      throw signal.reason;
    });
    for await (const event of runTurn(turnRequest(openaiChat(model), { tools: [waiting, echo()] }))) {
      if (event.type === "tool-completed") break;
    }
    expect(stopped).toBe(true);
  });
});
