import type { ServerResponse } from "node:http";
import type { ChatFrame } from "../schema/chat.ts";
import { readJson } from "./body.ts";
import { callProcedure } from "./call.ts";
import { createContext } from "./context.ts";
import { type Endpoint, type Exchange, endWithServer } from "./exchange.ts";
import { drained } from "./pump.ts";
import { writeStreamHeaders } from "./sse.ts";

/**
 * `POST /api/chat/stream`: the frames of an answer as server-sent events. What is wrong with the message has its own status: the headers wait
 * until it is accepted. Hanging up ends the stream, not the turn.
 */
export const chatStream: Endpoint = async (exchange) => {
  const { host, request, response, principal, query, signal } = exchange;
  const input = await readJson(request, host.maxBody);
  const context = createContext(host.app, { principal, headers: request.headers, query });
  using _place = host.quota.subscribe(principal, "chat");
  const controller = new AbortController();
  const call = { name: "api.stream", input, context, signal: AbortSignal.any([signal, controller.signal]) };
  const frames = (await callProcedure(host, call)) as AsyncGenerator<ChatFrame>;
  if (signal.aborted) return;
  const stop = () => controller.abort();
  using _ending = endWithServer(exchange, stop);
  try {
    writeStreamHeaders(response, host.stall);
    await send(exchange, frames, call.signal);
  } finally {
    stop();
    response.end();
  }
};

async function send({ host, response }: Exchange, frames: AsyncGenerator<ChatFrame>, signal: AbortSignal): Promise<void> {
  const heartbeat = setInterval(() => beat(response), host.heartbeat).unref();
  try {
    for await (const frame of frames) {
      if (!response.write(`data: ${JSON.stringify(frame)}\n\n`)) await drained(response, signal);
      if (signal.aborted) return;
    }
  } finally {
    clearInterval(heartbeat);
  }
}

/** A comment, which no client takes for a frame: a model may think for minutes. */
function beat(response: ServerResponse): void {
  if (!response.writableNeedDrain) response.write(": still there\n\n");
}
