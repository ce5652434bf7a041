import type { Server, ServerResponse } from "node:http";
import { LLMock } from "@copilotkit/aimock";
import titlePrompt from "../../src/agent/prompts/title.md";
import { type RawTurn, rawHandler } from "./model-raw.ts";

/** One request that reached the model server, in the chat-completions form whatever API it came through. */
export interface ModelRequest {
  path: string;
  headers: Record<string, string>;
  body: {
    model: string;
    messages: {
      role: string;
      content: unknown;
      tool_calls?: { id: string; function: { name: string; arguments: string } }[];
      tool_call_id?: string;
    }[];
    tools?: { function: { name: string; description?: string; parameters?: object } }[];
    [key: string]: unknown;
  };
}

export interface MockCall {
  name: string;
  /** The input; a string is sent as it is, so it may be broken JSON. */
  input: Record<string, unknown> | string;
  id?: string;
}

export interface TurnOptions {
  /** Only for a conversation that contains this text; others get the next turn that fits them. */
  when?: string;
  /**
   * Tokens; by default 100 in and 10 out. `input` counts the cached ones too, `output` the reasoning too; these two details work for
   * texts over chat completions only.
   */
  usage?: { input?: number; output?: number; cached?: number; reasoning?: number };
  /** Said before the answer. */
  reasoning?: string;
  /** Milliseconds between two chunks, and characters of a chunk. */
  latency?: number;
  chunkSize?: number;
  /** Drop the connection after so many chunks. */
  disconnectAfter?: number;
  /** In OpenAI's words: `length`, `content_filter`, … */
  finishReason?: string;
}

/**
 * A real model server on a free port that answers a script: the first request gets the first turn, and so on. Requests with the
 * title agent's system prompt do not use up turns. A request beyond the script gets a 404 that says so. Scripting calls chain.
 */
export interface MockModel extends AsyncDisposable {
  origin: string;
  /** The base URL for OpenAI-style clients and for Anthropic's (`/v1`). */
  url: string;
  text(text: string, options?: TurnOptions): MockModel;
  /** An answer with tool calls, after `text` if given. */
  calls(calls: MockCall | MockCall[], options?: TurnOptions & { text?: string }): MockModel;
  error(status: number, options?: { message?: string; type?: string; code?: string; retryAfter?: number; when?: string }): MockModel;
  /** Sends the text (none: not even headers) and then nothing until the client hangs up. Chat completions only. */
  hang(text?: string, options?: { when?: string }): MockModel;
  /** Exactly these chunks as server-sent events, in the form of the API that the client uses; `end` says how it stops, `done` by default. */
  raw(chunks: (object | string)[], options?: { end?: RawTurn["end"]; when?: string }): MockModel;
  /** What title requests are answered with; "Mock title" by default. */
  title(text: string): MockModel;
  /** Requests so far, without those for titles. */
  requests(): ModelRequest[];
  titleRequests(): ModelRequest[];
  /** Resolves when so many requests (titles not counted) have arrived. */
  received(count: number): Promise<ModelRequest[]>;
  /** Breaks the connections of the answers that hang now. */
  drop(): void;
  /** Ends the answers that hang now as if they had been said to the end. */
  finish(): void;
  /** Resolves when so many hanging answers are over, by `drop` or because the client hung up. */
  hungUp(count?: number): Promise<void>;
  /** Turns not used yet. */
  remaining(): number;
  /** A configuration whose only provider is this server, as an OpenAI-compatible one: model `mock/mock-1`. */
  config(): Record<string, unknown>;
}

type Answer =
  | { content?: string; toolCalls: { name: string; arguments: string }[] }
  | { content: string }
  | { status: number; error: { message: string; type: string } };

interface ScriptedTurn {
  when: string | undefined;
  used: boolean;
  raw?: RawTurn;
}

export async function mockModel(): Promise<MockModel> {
  const server = new LLMock({ port: 0, logLevel: "silent", latency: 0 });
  const script = createScript();
  const over = counter();
  const hanging = new Set<ServerResponse>();
  let title = "Mock title";

  const hangs = (response: ServerResponse): void => {
    hanging.add(response);
    response.once("close", () => {
      hanging.delete(response);
      over.add();
    });
  };
  server.on({ predicate: isTitle }, async () => ({ content: title, ...usageOf({}) }));
  server.mount("/v1", rawHandler({ ...script, take: (request) => (isTitle(request) ? undefined : script.take(request)), hangs }));
  await server.start();
  const connections = (Reflect.get(server, "serverInstance") as { server: Server } | null)?.server;

  const model: MockModel = {
    origin: server.url,
    url: `${server.url}/v1`,
    ...scripting(server, script, () => model),
    ...recording(server, script),
    title(text) {
      title = text;
      return model;
    },
    drop() {
      for (const response of hanging) response.destroy();
    },
    finish() {
      for (const response of hanging) {
        for (const chunk of endChunks()) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
        response.end("data: [DONE]\n\n");
      }
    },
    hungUp: (count = 1) => over.reached(count),
    config: () => configFor(`${server.url}/v1`),
    async [Symbol.asyncDispose]() {
      const stopped = server.stop();
      // Connections that a client opened ahead and never used would hold the server for seconds.
      connections?.closeAllConnections();
      await stopped;
    },
  };
  return model;
}

function createScript() {
  const turns: ScriptedTurn[] = [];
  const arrived = counter();
  const next = (request: unknown): ScriptedTurn | undefined => {
    const text = JSON.stringify(request);
    return turns.find((turn) => !turn.used && (turn.when === undefined || text.includes(turn.when)));
  };
  const use = (turn: ScriptedTurn): void => {
    turn.used = true;
    arrived.add();
  };
  return {
    next,
    use,
    arrived,
    add(turn: Omit<ScriptedTurn, "used">): ScriptedTurn {
      const added = { ...turn, used: false };
      turns.push(added);
      return added;
    },
    remaining: () => turns.filter((turn) => !turn.used).length,
    wanted: () => turns.some((turn) => !turn.used && turn.raw),
    take(request: unknown): RawTurn | undefined {
      const turn = next(request);
      if (turn?.raw) use(turn);
      return turn?.raw;
    },
  };
}

type Script = ReturnType<typeof createScript>;

function scripting(server: LLMock, script: Script, model: () => MockModel): Pick<MockModel, "text" | "calls" | "error" | "hang" | "raw"> {
  const add = (response: Answer, options: TurnOptions = {}): MockModel => {
    addFixture(server, script, { response, options });
    return model();
  };
  const addRaw = (raw: RawTurn, when?: string): MockModel => {
    script.add({ when, raw });
    return model();
  };
  return {
    text(content, options) {
      const { cached, reasoning } = options?.usage ?? {};
      if (cached === undefined && reasoning === undefined) return add({ content, ...reasoningOf(options) }, options);
      return addRaw({ chunks: [textChunk(content), ...endChunks(options)], end: "done" }, options?.when);
    },
    calls(calls, options) {
      const toolCalls = [calls].flat().map(({ name, input, id }) => {
        return { name, arguments: typeof input === "string" ? input : JSON.stringify(input), ...(id && { id }) };
      });
      return add({ toolCalls, ...(options?.text !== undefined && { content: options.text }), ...reasoningOf(options) }, options);
    },
    error(status, { message = `Scripted error ${status}`, type = "scripted_error", code, retryAfter, when } = {}) {
      return add({ status, error: { message, type, ...(code && { code }) }, ...(retryAfter !== undefined && { retryAfter }) }, { when });
    },
    hang: (text, options) => addRaw({ chunks: text === undefined ? [] : [textChunk(text)], end: "hang" }, options?.when),
    raw: (chunks, options) => addRaw({ chunks, end: options?.end ?? "done" }, options?.when),
  };
}

function addFixture(server: LLMock, script: Script, { response, options }: { response: Answer; options: TurnOptions }): void {
  const turn = script.add({ when: options.when });
  const { latency, chunkSize, disconnectAfter, finishReason } = options;
  server.on(
    { predicate: (request) => !isTitle(request) && script.next(request) === turn },
    async () => {
      script.use(turn);
      return { ...usageOf(options), ...response, ...(finishReason && { finishReason }) };
    },
    { ...(latency && { latency }), ...(chunkSize && { chunkSize }), ...(disconnectAfter && { truncateAfterChunks: disconnectAfter }) },
  );
}

function recording(server: LLMock, script: Script): Pick<MockModel, "requests" | "titleRequests" | "received" | "remaining"> {
  const all = (): ModelRequest[] =>
    server.getRequests().map(({ path, headers, body }) => ({ path, headers, body: body as ModelRequest["body"] }));
  const requests = (): ModelRequest[] => all().filter((request) => !isTitle(request.body));
  return {
    requests,
    titleRequests: () => all().filter((request) => isTitle(request.body)),
    async received(count) {
      await script.arrived.reached(count);
      // The server notes a request right after it has chosen the answer.
      await new Promise((resolve) => setImmediate(resolve));
      return requests();
    },
    remaining: script.remaining,
  };
}

/** A chunk of a streamed chat completion that says this text. */
export function textChunk(content: string): object {
  return {
    id: "chatcmpl-raw",
    object: "chat.completion.chunk",
    created: 0,
    model: "mock-1",
    choices: [{ index: 0, delta: { role: "assistant", content } }],
  };
}

function isTitle(request: unknown): boolean {
  const messages = (request as { messages?: { role: string; content: unknown }[] } | null)?.messages ?? [];
  const start = titlePrompt.trim().split("\n")[0] as string;
  return messages.some((message) => message.role === "system" && JSON.stringify(message.content).includes(start));
}

/** In the words of all three APIs; each takes its own. */
function usageOf({ usage = {} }: TurnOptions): { usage: Record<string, unknown> } {
  const { input = 100, output = 10 } = usage;
  const total = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  return { usage: { ...total, input_tokens: input, output_tokens: output } };
}

/** The last chunks of a chat completion, with the details of the usage that the mock server leaves out. */
function endChunks(options: TurnOptions = {}): object[] {
  const { cached, reasoning } = options.usage ?? {};
  const usage = {
    ...usageOf(options).usage,
    prompt_tokens_details: { cached_tokens: cached ?? 0 },
    completion_tokens_details: { reasoning_tokens: reasoning ?? 0 },
  };
  const chunk = { id: "chatcmpl-raw", object: "chat.completion.chunk", created: 0, model: "mock-1" };
  return [
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: options.finishReason ?? "stop" }] },
    { ...chunk, choices: [], usage },
  ];
}

function reasoningOf(options: TurnOptions | undefined): object {
  return options?.reasoning === undefined ? {} : { reasoning: options.reasoning };
}

function counter(): { add(): void; reached(count: number): Promise<void> } {
  let count = 0;
  let waiting: { count: number; resolve: () => void }[] = [];
  return {
    add() {
      count++;
      for (const entry of waiting) if (count >= entry.count) entry.resolve();
      waiting = waiting.filter((entry) => count < entry.count);
    },
    reached: (wanted) => (count >= wanted ? Promise.resolve() : new Promise((resolve) => waiting.push({ count: wanted, resolve }))),
  };
}

function configFor(baseURL: string): Record<string, unknown> {
  const model = {
    name: "Mock",
    tool_call: true,
    cost: { input: 1, output: 2, cache_read: 0.5 },
    limit: { context: 100_000, output: 10_000 },
  };
  return {
    model: "mock/mock-1",
    provider: {
      mock: { npm: "@ai-sdk/openai-compatible", name: "Mock", options: { baseURL, apiKey: "mock-key" }, models: { "mock-1": model } },
    },
  };
}
