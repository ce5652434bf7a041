import { describe, expect, test } from "vitest";
import { mockModel } from "./helpers/model.ts";
import { anthropic, collect, compatible, echo, only, openaiChat, openaiResponses, outline, tool, turnRequest } from "./helpers/turn.ts";

const simpleStep = ["step", "step-start", "text-start", "text-delta", "text-end", "step-finish"];
const toolStep = ["step", "step-start", "tool-pending", "tool-running", "tool-completed", "step-finish"];

describe.each([
  ["OpenAI chat", openaiChat],
  ["OpenAI responses", openaiResponses],
  ["Anthropic", anthropic],
  ["OpenAI-compatible", compatible],
] as const)("a turn over %s", (_name, connect) => {
  test("streams a text and finishes", async () => {
    await using model = await mockModel();
    model.text("Hello there, this is the answer.");
    const events = await collect(turnRequest(connect(model)));
    expect(outline(events)).toEqual([...simpleStep, "turn-finish"]);
    expect(only(events, "text-end")[0]?.text).toBe("Hello there, this is the answer.");
    expect(
      only(events, "text-delta")
        .map((event) => event.delta)
        .join(""),
    ).toBe("Hello there, this is the answer.");
    expect(events.at(-1)).toEqual({ type: "turn-finish", reason: "stop" });
  });

  test("runs a tool and gives the model its result", async () => {
    await using model = await mockModel();
    model.calls({ name: "echo", input: { value: "one" }, id: "call_1" }).text("Done.");
    const events = await collect(turnRequest(connect(model), { tools: [echo()] }));
    expect(outline(events)).toEqual([...toolStep, ...simpleStep, "turn-finish"]);
    expect(only(events, "tool-completed")).toMatchObject([{ tool: "echo", input: { value: "one" }, output: "echo: one", title: "echoed" }]);
    expect(only(events, "step-finish").map((event) => event.reason)).toEqual(["tool-calls", "stop"]);
    const [first, second] = model.requests();
    expect(first?.body.tools?.map((entry) => entry.function.name)).toEqual(["echo"]);
    expect(JSON.stringify(second?.body.messages)).toContain("echo: one");
  });
});

describe("tools", () => {
  test("run beside each other and are answered in the order of the calls", async () => {
    await using model = await mockModel();
    model
      .calls([
        { name: "first", input: { value: "1" }, id: "call_a" },
        { name: "second", input: { value: "2" }, id: "call_b" },
      ])
      .text("Both done.");
    const secondRan = Promise.withResolvers<void>();
    const first = tool("first", async () => {
      await secondRan.promise;
      return { title: "", output: "first result", metadata: {} };
    });
    const second = tool("second", async () => {
      secondRan.resolve();
      return { title: "", output: "second result", metadata: {} };
    });
    const events = await collect(turnRequest(openaiChat(model), { tools: [first, second] }));
    expect(only(events, "tool-completed").map((event) => event.callID)).toEqual(["call_b", "call_a"]);
    const answers = model.requests()[1]?.body.messages.filter((message) => message.role === "tool");
    expect(answers?.map((message) => [message.tool_call_id, message.content])).toEqual([
      ["call_a", "first result"],
      ["call_b", "second result"],
    ]);
  });

  test("start only after the reader has dealt with tool-running", async () => {
    await using model = await mockModel();
    model.calls({ name: "mark", input: {} }).text("Done.");
    const order: string[] = [];
    const mark = tool("mark", async () => {
      order.push("executed");
      return { title: "", output: "", metadata: {} };
    });
    await collect(turnRequest(openaiChat(model), { tools: [mark] }), async (event) => {
      if (event.type !== "tool-running") return;
      await new Promise((resolve) => setImmediate(resolve));
      order.push("running saved");
    });
    expect(order).toEqual(["running saved", "executed"]);
  });

  test("tell their progress, the newest where the reader was slower", async () => {
    await using model = await mockModel();
    model.calls({ name: "work", input: {} }).text("Done.");
    const work = tool("work", async ({ progress }) => {
      progress({ title: "working" });
      progress({ metadata: { output: "1" } });
      progress({ metadata: { output: "2" } });
      return { title: "worked", output: "2", metadata: { output: "2" } };
    });
    const events = await collect(turnRequest(openaiChat(model), { tools: [work] }));
    expect(only(events, "tool-progress").at(-1)).toMatchObject({ title: "working", metadata: { output: "2" } });
    expect(outline(events).indexOf("tool-progress")).toBeLessThan(outline(events).indexOf("tool-completed"));
  });

  test("that throw become an error the model reads, and the turn goes on", async () => {
    await using model = await mockModel();
    model.calls({ name: "broken", input: {} }).text("I see.");
    const broken = tool("broken", async () => {
      throw new Error("No such file: a.txt. Try b.txt.");
    });
    const events = await collect(turnRequest(openaiChat(model), { tools: [broken] }));
    expect(only(events, "tool-error")).toMatchObject([{ tool: "broken", error: "No such file: a.txt. Try b.txt." }]);
    expect(JSON.stringify(model.requests()[1]?.body.messages)).toContain("Try b.txt.");
    expect(events.at(-1)).toEqual({ type: "turn-finish", reason: "stop" });
  });

  test("that do not exist complete as `invalid` and name those that do", async () => {
    await using model = await mockModel();
    model.calls({ name: "reed", input: { value: "x" } }).text("Sorry.");
    const events = await collect(turnRequest(openaiChat(model), { tools: [echo(), echo("read")] }));
    expect(only(events, "tool-pending")[0]?.tool).toBe("reed");
    const completed = only(events, "tool-completed")[0];
    expect(completed).toMatchObject({ tool: "invalid", input: { tool: "reed" }, metadata: { truncated: false } });
    expect(completed?.output).toContain("echo, read");
    expect(JSON.stringify(model.requests()[1]?.body.messages)).toContain("echo, read");
  });

  test("with input that is not JSON complete as `invalid` and say what was wrong", async () => {
    await using model = await mockModel();
    model.calls({ name: "echo", input: '{"value": "unfini' }).text("Sorry.");
    const events = await collect(turnRequest(openaiChat(model), { tools: [echo()] }));
    const completed = only(events, "tool-completed")[0];
    expect(completed).toMatchObject({ tool: "invalid", input: { tool: "echo" } });
    expect(completed?.output).toMatch(/not valid JSON.*"unfini/s);
    expect(events.at(-1)).toEqual({ type: "turn-finish", reason: "stop" });
  });

  test("whose error stops the turn end it after the step's other tools are done", async () => {
    await using model = await mockModel();
    model.calls([
      { name: "denied", input: {} },
      { name: "echo", input: { value: "x" } },
    ]);
    const denied = tool("denied", async () => {
      throw Object.assign(new Error("The user rejected permission."), { stopsTurn: true });
    });
    const events = await collect(turnRequest(openaiChat(model), { tools: [denied, echo()] }));
    expect(only(events, "tool-error", "tool-completed")).toHaveLength(2);
    expect(outline(events).slice(-2)).toEqual(["step-finish", "turn-finish"]);
    expect(events.at(-1)).toEqual({ type: "turn-finish", reason: "rejected" });
    expect(model.requests()).toHaveLength(1);
  });

  test.each([
    ["in the result itself where the provider takes files there", anthropic, false],
    ["in a user message after it where it does not", openaiChat, true],
  ] as const)("give attachments to the model %s", async (_name, connect, apart) => {
    await using model = await mockModel();
    model.calls({ name: "shot", input: {} }).text("A picture.");
    const url = "data:image/png;base64,iVBORw0KGgo=";
    const shot = tool("shot", async () => ({ title: "", output: "Image read", metadata: {}, attachments: [{ mime: "image/png", url }] }));
    const events = await collect(turnRequest(connect(model), { tools: [shot] }));
    expect(only(events, "tool-completed")[0]?.attachments).toEqual([{ mime: "image/png", url }]);
    const messages = model.requests()[1]?.body.messages ?? [];
    expect(messages.at(-1)?.role).toBe(apart ? "user" : "tool");
    if (apart) expect(JSON.stringify(messages.at(-1))).toContain("iVBORw0KGgo=");
  });
});

describe("a turn", () => {
  test("tells reasoning apart from the answer and keeps it for the next step", async () => {
    await using model = await mockModel();
    model.calls({ name: "echo", input: { value: "x" } }, { reasoning: "Let me think first." }).text("Then I answer.");
    const events = await collect(turnRequest(anthropic(model), { tools: [echo()] }));
    expect(only(events, "reasoning-end")[0]?.text).toBe("Let me think first.");
    expect(outline(events).slice(2, 5)).toEqual(["reasoning-start", "reasoning-delta", "reasoning-end"]);
    expect(only(events, "reasoning-end")[0]?.metadata).toBeDefined();
  });

  test("counts tokens without the cached ones, reasoning apart, and asks the price of them", async () => {
    await using model = await mockModel();
    model.text("Priced.", { usage: { input: 100, cached: 20, output: 10, reasoning: 4 } });
    const events = await collect(
      turnRequest(openaiChat(model), { price: (tokens) => tokens.input + tokens.cache.read / 10 + tokens.output }),
    );
    expect(only(events, "step-finish")).toEqual([
      {
        type: "step-finish",
        reason: "stop",
        tokens: { total: 110, input: 80, output: 6, reasoning: 4, cache: { read: 20, write: 0 } },
        cost: 88,
      },
    ]);
  });

  test("stops at the limit of steps with an answer that was asked for without tools", async () => {
    await using model = await mockModel();
    model.calls({ name: "echo", input: { value: "1" } }).text("That is how far I got.");
    const events = await collect(turnRequest(openaiChat(model), { tools: [echo()], maxSteps: 2 }));
    expect(events.at(-1)).toEqual({ type: "turn-finish", reason: "max-steps" });
    const [first, second] = model.requests();
    expect(first?.body.tools).toHaveLength(1);
    expect(second?.body.tools).toBeUndefined();
    expect(JSON.stringify(second?.body.messages[0])).toContain("limit of steps");
  });

  test("joins the system texts by blank lines", async () => {
    await using model = await mockModel();
    model.text("Yes.");
    await collect(turnRequest(openaiChat(model), { system: ["One.", "Two."] }));
    expect(model.requests()[0]?.body.messages[0]).toMatchObject({ role: "system", content: "One.\n\nTwo." });
  });

  test("that was cut by the token limit finishes as `length`, without an error", async () => {
    await using model = await mockModel();
    model.text("Cut o", { finishReason: "length" });
    const events = await collect(turnRequest(openaiChat(model)));
    expect(events.at(-1)).toEqual({ type: "turn-finish", reason: "length" });
  });

  test("that the content filter stopped ends as a ContentFilterError after its step", async () => {
    await using model = await mockModel();
    model.text("I", { finishReason: "content_filter" });
    const events = await collect(turnRequest(openaiChat(model)));
    expect(outline(events).slice(-2)).toEqual(["step-finish", "turn-error"]);
    expect(events.at(-1)).toMatchObject({ error: { name: "ContentFilterError" } });
  });
});
