import { once } from "node:events";
import { WebSocket } from "ws";

export type SocketFrame = { type: string; [field: string]: unknown };

/** A connection to `/ws` that collects what the server says. */
export interface ChatSocket extends Disposable {
  socket: WebSocket;
  frames: SocketFrame[];
  send(frame: object | string): void;
  /** The first frame, of those received and those to come, of the type (that fulfils the condition). */
  until(type: string, when?: (frame: SocketFrame) => boolean): Promise<SocketFrame>;
}

export async function chatSocket(url: string, options: { headers?: Record<string, string>; path?: string } = {}): Promise<ChatSocket> {
  const socket = new WebSocket(url.replace("http", "ws") + (options.path ?? "/ws"), { headers: options.headers });
  const frames: SocketFrame[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data) => {
    frames.push(JSON.parse(String(data)) as SocketFrame);
    for (const look of [...waiting]) look();
  });
  await once(socket, "open");
  return {
    socket,
    frames,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    until: (type, when = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = frames.find((frame) => frame.type === type && when(frame));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    [Symbol.dispose]: () => socket.terminate(),
  };
}
