import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export type Transport = "SSE" | "global SSE" | "tRPC SSE" | "tRPC WebSocket" | "/ws";
export const transports: Transport[] = ["SSE", "global SSE", "tRPC SSE", "tRPC WebSocket", "/ws"];

/** A client that follows the events, and whose process does not read. */
export interface StalledReader extends Received, Disposable {
  /** Reads from now on, until it has what is asked for or the server hangs up. */
  wake(until?: (received: Received) => boolean): Promise<void>;
  socket: Socket;
}

interface Received {
  /** The last 4 KiB that came. */
  tail(): string;
  /** The cursors of the events that came, in their order. */
  cursors: number[];
}

const input = encodeURIComponent(JSON.stringify({ json: { directory: "all" } }));
const paths: Record<Transport, string> = {
  SSE: "/event",
  "global SSE": "/global/event",
  "tRPC SSE": `/trpc/event.subscribe?input=${input}`,
  "tRPC WebSocket": "/trpc",
  "/ws": "/ws",
};
const frames: Partial<Record<Transport, object>> = {
  "tRPC WebSocket": { id: 1, method: "subscription", params: { path: "event.subscribe", input: { json: { directory: "all" } } } },
  "/ws": { type: "subscribe", directory: "all" },
};
/** What says that the server follows the log for this client. */
const begun = /server\.connected|subscribed/;
/** A cursor on any transport. */
const cursor = /(?:\nid: |"type":"data","id":"|"cursor":)(\d+)[\n",]/g;

/** Connects, asks for the events, reads that they begin, and then no byte more. */
export async function stalledReader(url: string, transport: Transport): Promise<StalledReader> {
  const { host, hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const frame = frames[transport];
  const head = [`GET ${paths[transport]} HTTP/1.1`, `Host: ${host}`];
  const upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
  socket.write(`${[...head, ...(frame ? upgrade : ["Accept: text/event-stream"])].join("\r\n")}\r\n\r\n`);
  const received = collect(socket);
  const until = async (isEnough: (received: Received) => boolean): Promise<void> => {
    socket.resume();
    while (!isEnough(received) && !socket.closed) await received.more();
    socket.pause();
  };
  if (frame !== undefined) {
    await until(({ tail }) => tail().includes("101 Switching"));
    socket.write(masked(JSON.stringify(frame)));
  }
  await until(({ tail }) => begun.test(tail()));
  return { ...received, socket, wake: (isEnough = () => false) => until(isEnough), [Symbol.dispose]: () => socket.destroy() };
}

/** Keeps of what comes only what is looked at: it is large. */
function collect(socket: Socket): Received & { more(): Promise<void> } {
  let tail = "";
  let heard = Promise.withResolvers<void>();
  const hear = () => {
    heard.resolve();
    heard = Promise.withResolvers();
  };
  socket.on("close", hear);
  const cursors: number[] = [];
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    // A cursor may be cut in two: what is left of the last chunk is looked at again, but not what was found in it.
    const rest = tail.slice(tail.search(/[^\n"]{0,40}$/));
    const text = rest + chunk.toString("latin1");
    for (const [, position] of text.matchAll(cursor)) if (Number(position) !== cursors.at(-1)) cursors.push(Number(position));
    tail = (tail + chunk.toString("latin1")).slice(-4096);
    hear();
  });
  return { tail: () => tail, cursors, more: () => heard.promise };
}

/** A text frame as a client sends it. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const key = randomBytes(4);
  const length = payload.length < 126 ? [payload.length | 0x80] : [126 | 0x80, payload.length >> 8, payload.length & 0xff];
  const body = payload.map((byte, index) => byte ^ (key[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x81, ...length]), key, body]);
}
