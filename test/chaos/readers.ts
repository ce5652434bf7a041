import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { EventSourceParserStream } from "eventsource-parser/stream";
import superjson from "superjson";
import { WebSocket } from "ws";
import type { AppRouter } from "../../routers/index.ts";
import type { AnyEvent } from "../../src/schema/event.ts";

/** Somebody who reads all events and, whenever the connection is lost, goes on after the last one received. */
export interface Reader {
  name: string;
  /** Where it began, and each durable event's position since, in the order of receipt. */
  start: number | undefined;
  positions: number[];
  /** The session that the event of a position is of; of those that name none their type. */
  owners: Map<number, string>;
  /** Reads until the connection ends or the signal aborts. */
  connect(url: string, signal: AbortSignal, hear: (event: AnyEvent) => void): Promise<void>;
}

interface Frame {
  /** The reader's cursor after the frame. */
  cursor: number;
  event: AnyEvent;
}

type Connect = (url: string, after: number | undefined, signal: AbortSignal) => AsyncIterable<Frame>;

export const createReaders = (): Reader[] => [
  createReader("SSE", eventStream),
  createReader("tRPC over WebSocket", subscription),
  createReader("/ws", chatEvents),
];

function createReader(name: string, connect: Connect): Reader {
  const reader: Reader = {
    name,
    start: undefined,
    positions: [],
    owners: new Map(),
    async connect(url, signal, hear) {
      const at = reader.positions.at(-1) ?? reader.start;
      for await (const { cursor, event } of connect(url, at, signal)) {
        reader.start ??= cursor;
        // Events that are not stored share the cursor of the one before them.
        if (cursor !== (reader.positions.at(-1) ?? reader.start)) {
          reader.positions.push(cursor);
          reader.owners.set(cursor, /ses_\w+/.exec(JSON.stringify(event))?.[0] ?? event.type);
        }
        hear(event);
      }
    },
  };
  return reader;
}

async function* eventStream(url: string, after: number | undefined, signal: AbortSignal): AsyncGenerator<Frame> {
  const headers: Record<string, string> = after === undefined ? {} : { "last-event-id": String(after) };
  const response = await fetch(`${url}/event`, { headers, signal });
  if (!response.ok || !response.body) throw new Error(`GET /event answered ${response.status}: ${await response.text()}`);
  let cursor = after ?? 0;
  for await (const { id, data } of response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())) {
    const event: AnyEvent = JSON.parse(data);
    if (id !== undefined) cursor = Number(id);
    yield { cursor, event };
  }
}

async function* subscription(url: string, after: number | undefined, signal: AbortSignal): AsyncGenerator<Frame> {
  const closed = Promise.withResolvers<undefined>();
  const client = createWSClient({
    url: `${url.replace("http", "ws")}/trpc`,
    onClose: () => closed.resolve(undefined),
    retryDelayMs: () => 60_000,
  });
  const trpc = createTRPCClient<AppRouter>({ links: [wsLink({ client, transformer: superjson })] });
  const frames: Frame[] = [];
  let arrived = Promise.withResolvers<void>();
  const input = after === undefined ? undefined : { lastEventId: String(after) };
  const subscribed = trpc.event.subscribe.subscribe(input, {
    onData({ id, data }) {
      frames.push({ cursor: Number(id), event: data });
      arrived.resolve();
    },
    onError: (error) => closed.reject(error),
  });
  signal.addEventListener("abort", () => closed.resolve(undefined), { once: true });
  let isOpen = true;
  const ended = closed.promise.finally(() => {
    isOpen = false;
  });
  try {
    while (isOpen || frames.length > 0) {
      arrived = Promise.withResolvers();
      yield* frames.splice(0);
      if (isOpen) await Promise.race([arrived.promise, ended]);
    }
  } finally {
    subscribed.unsubscribe();
    await client.close();
  }
}

async function* chatEvents(url: string, after: number | undefined, signal: AbortSignal): AsyncGenerator<Frame> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`);
  const ends = new AbortController();
  const messages: string[] = [];
  let arrived = Promise.withResolvers<void>();
  socket.on("message", (data: Buffer) => {
    messages.push(String(data));
    arrived.resolve();
  });
  const close = () => {
    ends.abort();
    arrived.resolve();
  };
  // Breaks when the server does.
  socket.on("error", close).on("close", close);
  socket.on("open", () => socket.send(JSON.stringify({ type: "subscribe", after })));
  signal.addEventListener("abort", close, { once: true });
  let cursor = after ?? 0;
  try {
    while (!ends.signal.aborted || messages.length > 0) {
      for (const message of messages.splice(0)) {
        const frame: { type: string; cursor?: number; event?: AnyEvent; message?: string } = JSON.parse(message);
        if (frame.type === "error") throw new Error(`/ws answered ${frame.message}`);
        cursor = frame.cursor ?? cursor;
        yield { cursor, event: frame.event ?? subscribed };
      }
      arrived = Promise.withResolvers();
      if (!ends.signal.aborted && messages.length === 0) await arrived.promise;
    }
  } finally {
    socket.terminate();
  }
}

/** Stands for the frame that says where the subscription begins. */
const subscribed: AnyEvent = { id: "", type: "server.connected", properties: {} };

/** What a reader missed, heard twice or heard in another order, given all positions of the log, and the owners whose events may be erased from it. */
export function readerFaults({ name, start, positions, owners }: Reader, log: number[], erased: ReadonlySet<string>): string[] {
  const expected = log.filter((position) => position > (start ?? 0));
  const heard = new Set(positions);
  const lost = expected.filter((position) => !heard.has(position));
  const known = new Set(expected);
  const unknown = positions.filter((position) => !known.has(position) && !erased.has(owners.get(position) ?? ""));
  const twice = positions.length - heard.size;
  const disordered = positions.filter((position, index) => index > 0 && position <= (positions[index - 1] ?? 0)).length;
  return [
    ...(lost.length > 0 ? [`${name}: ${lost.length} events lost, the first at ${lost[0]}`] : []),
    ...(unknown.length > 0
      ? [`${name}: ${unknown.length} events that are not in the log, the first at ${unknown[0]} of ${owners.get(unknown[0] ?? 0)}`]
      : []),
    ...(twice > 0 ? [`${name}: ${twice} events twice`] : []),
    ...(disordered > 0 ? [`${name}: ${disordered} events out of order`] : []),
  ];
}
