import type { Writable } from "node:stream";

/** Resolves when what was written has gone out, or the stream is closed: who waits for it before each write holds one message, not all. */
export async function writable(stream: Writable | undefined): Promise<void> {
  if (!stream?.writableNeedDrain || stream.closed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const go = () => resolve();
  stream.once("drain", go).once("close", go);
  await promise;
  stream.off("drain", go).off("close", go);
}
