import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Journal, Mountable } from "@copilotkit/aimock";

/** Bytes under the test's control, for what the mock server cannot script itself. */
export interface RawTurn {
  /** A string is sent as a line of its own, an object as the data of an event. */
  chunks: (object | string)[];
  /** `done`: ends well; `drop`: breaks at once, maybe before the client has read the chunks; `hang`: nothing more comes. */
  end: "done" | "drop" | "hang";
}

export interface RawScript {
  /** Whether any raw turn is left: only then is a request's body read here. */
  wanted(): boolean;
  take(request: unknown): RawTurn | undefined;
  /** An answer that is left open. */
  hangs(response: ServerResponse): void;
}

/**
 * Serves raw turns; every other request is left to the mock server. A body can be read once only, so a request that came while a
 * raw turn was left but is not for it is answered through a second request to the same server.
 */
export function rawHandler(script: RawScript): Mountable {
  let journal: Journal | undefined;
  const forwarded = "x-mock-forwarded";
  return {
    setJournal(value) {
      journal = value;
    },
    async handleRequest(request, response) {
      if (request.headers[forwarded] || !script.wanted()) return false;
      const body = await text(request);
      const parsed: Record<string, unknown> = JSON.parse(body);
      const turn = script.take(parsed);
      if (!turn) {
        await forward(request, response, { body, mark: forwarded });
        return true;
      }
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      journal?.add({ method: "POST", path: request.url ?? "", headers, body: parsed, response: { status: 200, fixture: null } });
      play(turn, response, script);
      return true;
    },
  };
}

function play(turn: RawTurn, response: ServerResponse, script: RawScript): void {
  if (turn.end === "hang") script.hangs(response);
  if (turn.chunks.length > 0 || turn.end === "done") response.writeHead(200, { "content-type": "text/event-stream" });
  for (const chunk of turn.chunks) response.write(typeof chunk === "string" ? `${chunk}\n` : `data: ${JSON.stringify(chunk)}\n\n`);
  if (turn.end === "done") response.end("data: [DONE]\n\n");
  // The bytes already written must leave before the connection breaks.
  if (turn.end === "drop") response.write("", () => response.destroy());
}

async function forward(request: IncomingMessage, response: ServerResponse, options: { body: string; mark: string }): Promise<void> {
  const address = `http://${request.headers.host}${request.url}`;
  const headers = { "content-type": "application/json", authorization: String(request.headers.authorization ?? ""), [options.mark]: "1" };
  const answer = await fetch(address, { method: "POST", headers, body: options.body });
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" });
  for await (const bytes of answer.body ?? []) response.write(bytes);
  response.end();
}
