import type { LogEntry } from "../event/log.ts";

/** The bytes of an entry on a stream. */
export type FrameMaker = (entry: LogEntry) => Buffer;

/** `GET /event`: the bare event. Made once for all readers. */
export const eventFrame = shared((entry) => frame(entry.json, entry.position));

/** `GET /global/event`: the event in the wrapper that names its directory. Made once for all readers. */
export const globalFrame = shared((entry) => {
  const place = JSON.stringify({ directory: entry.directory, project: entry.projectID });
  const wrapped = place === "{}" ? `{"payload":${entry.json}}` : `${place.slice(0, -1)},"payload":${entry.json}}`;
  return frame(wrapped, entry.position);
});

/** `/ws`: the event beside its cursor, which only durable ones have. Made once for all readers. */
export const socketFrame = shared(({ position, json }) =>
  position === undefined ? `{"type":"event","event":${json}}` : `{"type":"event","cursor":${position},"event":${json}}`,
);

/** An event of the stream itself, with the position it resumes from. */
export function liveFrame(json: string, position: number): string {
  return frame(json, position);
}

export function heartbeatFrame(json: string): string {
  return frame(json, undefined);
}

/** The last frame of a reader that was too slow. It has no data, so no client takes it for an event; its id is where to resume. */
export function evictedFrame(cursor: number): string {
  return `: too slow, resume after ${cursor}\nid: ${cursor}\n\n`;
}

function frame(json: string, position: number | undefined): string {
  return position === undefined ? `data: ${json}\n\n` : `id: ${position}\ndata: ${json}\n\n`;
}

function shared(make: (entry: LogEntry) => string): FrameMaker {
  const frames = new WeakMap<LogEntry, Buffer>();
  return (entry) => {
    const known = frames.get(entry) ?? Buffer.from(make(entry));
    frames.set(entry, known);
    return known;
  };
}
