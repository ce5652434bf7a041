import { WebSocket } from "ws";

/** Sends a frame: an object, or the bytes of one. Resolves when the client may be sent more, or is gone. */
export type Write = (frame: object | Buffer) => Promise<void>;

/** Bytes that may wait for the client before whoever writes has to. */
const highWater = 64 * 1024;

export function createWriter(client: WebSocket, gone: AbortSignal): Write {
  return async (frame) => {
    if (client.readyState !== WebSocket.OPEN) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    client.send(Buffer.isBuffer(frame) ? frame : JSON.stringify(frame), { binary: false }, () => resolve());
    if (client.bufferedAmount <= highWater) return;
    const stop = () => resolve();
    // The callback of a frame that was not sent any more never comes.
    gone.addEventListener("abort", stop, { once: true });
    if (gone.aborted) stop();
    await promise;
    gone.removeEventListener("abort", stop);
  };
}
