import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/** What a prompt can lead to. A prompt names one of them, so what a model does follows from what was asked. */
export const acts = ["say", "tell", "run", "stray", "write", "permitted", "question", "todo", "hang", "several"] as const;

interface Message {
  role: string;
  content: unknown;
}

export interface ChaosModel extends AsyncDisposable {
  url: string;
  requests(): number;
}

/** A model server without a script: it does what the newest prompt names (`act:run`), once, and then says a word. Chat completions. */
export async function chaosModel(): Promise<ChaosModel> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    // Whoever asked may be killed at any moment.
    response.on("error", () => response.destroy());
    answer(text(request), response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(body: Promise<string>, response: ServerResponse): Promise<void> {
  const { messages, tools }: { messages: Message[]; tools?: unknown[] } = JSON.parse(await body);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const asked = messages.findLastIndex(({ role }) => role === "user");
  const act = /act:(\w+)/.exec(JSON.stringify(messages[asked]?.content))?.[1];
  const isDone = messages.slice(asked + 1).some(({ role }) => role === "tool");
  const name = /prompt (\S+)/.exec(JSON.stringify(messages[asked]?.content))?.[1] ?? "";
  if (tools === undefined || isDone) await say(response, `done ${name}`);
  else await perform(response, act, name);
  response.end("data: [DONE]\n\n");
}

async function perform(response: ServerResponse, act: string | undefined, name: string): Promise<void> {
  const calls = callsOf(act, name);
  if (act === "tell") return say(response, `a longer answer to ${name} `.repeat(20), 5);
  if (act === "hang") {
    send(response, { delta: { role: "assistant", content: "one moment " }, finish_reason: null });
    await delay(1_500);
  }
  if (calls.length === 0) return say(response, `answer to ${name}`);
  const parts = calls.map(([tool, input], index) => ({
    index,
    id: `call_${name}_${index}`,
    type: "function",
    function: { name: tool, arguments: JSON.stringify(input) },
  }));
  send(response, { delta: { role: "assistant", tool_calls: parts }, finish_reason: null });
  send(response, { delta: {}, finish_reason: "tool_calls" });
}

type Call = [tool: string, input: Record<string, unknown>];

function callsOf(act: string | undefined, name: string): Call[] {
  const bash = (command: string): Call => ["bash", { command, description: name }];
  const stray = `setsid sh -c 'sleep 60; : ${name}' & (setsid sh -c '(sh -c "sleep 60; : ${name}" &)' &); sleep 1`;
  const option = { label: "yes", description: "go on" };
  const calls: Record<string, Call[]> = {
    run: [bash(`echo ${name}; sleep 0.05`)],
    stray: [bash(stray)],
    write: [["write", { filePath: `file-${name}.txt`, content: `${name}\n` }]],
    permitted: [bash(`true asked ${name}`)],
    question: [["question", { questions: [{ question: `Go on with ${name}?`, header: "Go on", options: [option] }] }]],
    todo: [["todowrite", { todos: [{ content: name, status: "pending", priority: "low" }] }]],
    several: [bash(`echo ${name}`), ["list", { path: "." }], ["todoread", {}]],
  };
  return calls[act ?? ""] ?? [];
}

async function say(response: ServerResponse, words: string, pause = 0): Promise<void> {
  for (let from = 0; from < words.length; from += 24) {
    send(response, { delta: { role: "assistant", content: words.slice(from, from + 24) }, finish_reason: null });
    if (pause > 0) await delay(pause);
  }
  send(response, { delta: {}, finish_reason: "stop" });
}

function send(response: ServerResponse, choice: { delta: object; finish_reason: string | null }): void {
  const usage = choice.finish_reason === null ? undefined : { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
  const chunk = { id: "chaos", object: "chat.completion.chunk", created: 0, model: "mock-1", choices: [{ index: 0, ...choice }], usage };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}
