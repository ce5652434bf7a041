import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { isVisible } from "../../routers/place.ts";
import type { LogEntry } from "../event/log.ts";
import { evictedFrame, type FrameMaker } from "./frame.ts";

export interface PumpOptions {
  response: ServerResponse;
  frame: FrameMaker;
  /** The one directory of the stream, which ends with its instance. */
  directory?: string;
  /** Who reads. */
  reader: Parameters<typeof isVisible>[1];
  /** What is sent for an entry; the entry alone unless told. */
  expand?: (entry: LogEntry) => Promise<LogEntry[]>;
  signal: AbortSignal;
}

/** One entry at a time, and none while the client does not read: the log's own bounded queue then holds the backlog. */
export async function pump(entries: AsyncIterable<LogEntry>, options: PumpOptions): Promise<void> {
  const { response, frame, directory, reader, expand, signal } = options;
  for await (const entry of entries) {
    if (entry.evicted !== undefined) {
      response.write(evictedFrame(entry.evicted.cursor));
      return;
    }
    if (!isVisible(entry, reader)) continue;
    for (const sent of expand ? await expand(entry) : [entry]) if (!response.write(frame(sent))) await drained(response, signal);
    if (signal.aborted || endsStream(entry, directory)) return;
  }
}

/** Resolves when the client has read what was written, or the signal aborts. */
export async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, "drain", { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** OpenCode ends a directory's stream with its instance. */
function endsStream({ event }: LogEntry, directory: string | undefined): boolean {
  return directory !== undefined && event.type === "server.instance.disposed" && event.properties.directory === directory;
}
