import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A model server whose answers never end, except those that call for a command. */
export interface EndlessModel extends AsyncDisposable {
  /** A configuration whose only model it is. */
  config: Record<string, unknown>;
  /** Resolves when so many answers stream. */
  busy(count: number): Promise<void>;
  /** How often the command was asked for. */
  floods(): number;
}

/** Milliseconds between two pieces of an answer: fifty a second, as a quick model. */
const pace = 20;

/** Whoever says "flood" is answered with the command, again and again; everybody else is talked to without end. */
export async function endlessModel({ flood }: { flood: string }): Promise<EndlessModel> {
  let streaming = 0;
  let floods = 0;
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString();
    response.writeHead(200, { "content-type": "text/event-stream" });
    const say = (delta: object, finish: string | null = null) =>
      response.write(
        `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
      );
    if (
      JSON.parse(body).messages.some(
        ({ role, content }: { role: string; content: unknown }) => role === "user" && JSON.stringify(content).includes("flood"),
      )
    ) {
      floods += 1;
      const called = { name: "bash", arguments: JSON.stringify({ command: flood, description: "Floods" }) };
      say({ role: "assistant", tool_calls: [{ index: 0, id: `call_${floods}`, type: "function", function: called }] });
      say({}, "tool_calls");
      response.end("data: [DONE]\n\n");
      return;
    }
    streaming += 1;
    while (!response.destroyed) {
      say({ content: "a few words " });
      await delay(pace);
    }
  }

  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    config: {
      model: "endless/one",
      provider: {
        endless: {
          npm: "@ai-sdk/openai-compatible",
          options: { baseURL, apiKey: "none" },
          models: { one: { tool_call: true, limit: { context: 1_000_000, output: 100_000 } } },
        },
      },
    },
    async busy(count) {
      while (streaming < count) await delay(20);
    },
    floods: () => floods,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
