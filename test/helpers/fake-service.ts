import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ServiceCall {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  /** JSON, or a form's fields. */
  body: Record<string, unknown>;
}

/** A message as it stands in the chat. */
export interface ChatMessage {
  id: string;
  conversation: string;
  text: string;
  /** What its buttons send: `once per_…`. */
  buttons: string[];
}

/** A chat service of which programs use the HTTP API. */
export interface FakeService extends AsyncDisposable {
  url: string;
  calls: ServiceCall[];
  messages: ChatMessage[];
  in(conversation: string): ChatMessage[];
  /** Adds a message and tells who waits. */
  add(message: Omit<ChatMessage, "id">): ChatMessage;
  edit(id: string, change: Partial<ChatMessage>): void;
  /** Resolves when it is so; looked at after every call. */
  until(when: () => boolean): Promise<void>;
}

/** `answer` gives the JSON of a call; it may take its time, and must be done when the signal is aborted. */
export async function fakeService(answer: (call: ServiceCall, signal: AbortSignal) => unknown): Promise<FakeService> {
  const calls: ServiceCall[] = [];
  const messages: ChatMessage[] = [];
  const waiting = new Set<() => void>();
  const look = () => {
    for (const each of [...waiting]) each();
  };
  const server = createServer(async (request, response) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const call = await read(request);
    calls.push(call);
    const body = JSON.stringify(await answer(call, gone.signal));
    response.writeHead(200, { "content-type": "application/json" }).end(body);
    look();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, messages },
    in: (conversation) => messages.filter((message) => message.conversation === conversation),
    add(message) {
      const added = { ...message, id: String(1_000 + messages.length) };
      messages.push(added);
      return added;
    },
    edit(id, change) {
      const found = messages.find((message) => message.id === id);
      if (found === undefined) throw new Error(`There is no message ${id}.`);
      Object.assign(found, change);
    },
    until: (when) =>
      new Promise((resolve) => {
        const check = () => {
          if (!when()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function read(request: IncomingMessage): Promise<ServiceCall> {
  const { method = "", url: path = "", headers } = request;
  const body = await text(request);
  const fields = headers["content-type"]?.includes("urlencoded") ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body || "{}");
  return { method, path, headers, body: fields };
}
