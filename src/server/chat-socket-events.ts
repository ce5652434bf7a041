import { isVisible } from "../../routers/place.ts";
import type { EventLog } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import type { ClientFrame } from "../schema/socket.ts";
import type { ChatConnection } from "./chat-socket.ts";
import { createContext } from "./context.ts";
import { readCursor } from "./cursor.ts";
import { socketFrame } from "./frame.ts";

type Subscribe = Omit<Extract<ClientFrame, { type: "subscribe" }>, "type">;

/** What a connection follows: one subscription at most. */
export interface Subscriptions {
  /** Sends the events of the directory (or of all), from `after` on if given, until the connection is gone, another subscription replaces this one, or the client is too slow: then it is told its cursor. */
  follow(options: Subscribe): Promise<void>;
  /** Ends what runs, and what was asked for before. */
  end(): Promise<void>;
}

export function createSubscriptions(connection: Omit<ChatConnection, "subscriptions">): Subscriptions {
  let running: AbortController | undefined;
  let last = Promise.resolve();
  /** Frames come faster than a subscription begins: the last one that came is the one that counts. */
  function inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = last.then(work);
    last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
  return {
    async follow(options) {
      const { entries, watching, ends } = await inOrder(async () => {
        const begun = await begin(connection, options);
        running?.abort();
        running = begun.ends;
        await connection.write({ type: "subscribed", id: options.id, cursor: begun.cursor });
        return begun;
      });
      using _watching = watching;
      await send(connection, { id: options.id, entries, signal: ends.signal });
    },
    end: () => inOrder(async () => running?.abort()),
  };
}

async function begin(connection: Omit<ChatConnection, "subscriptions">, { after, directory }: Subscribe) {
  const { host, signal } = connection;
  const place = directory === "all" ? undefined : await directoryOf(connection);
  requireRead(connection);
  const watching = host.app.watch(place);
  try {
    await watching.ready;
    const position = await host.app.log.position();
    const query = new URLSearchParams(after === undefined ? {} : { after: String(after) });
    const cursor = readCursor(undefined, query, position) ?? position;
    const ends = new AbortController();
    const entries = host.app.log.read({ after: cursor, directory: place, signal: AbortSignal.any([signal, ends.signal]) });
    return { cursor, entries, watching, ends };
  } catch (error) {
    watching[Symbol.dispose]();
    throw error;
  }
}

async function send(
  { host, write, principal, signal: gone }: Omit<ChatConnection, "subscriptions">,
  { id, entries, signal }: { id: Subscribe["id"]; entries: ReturnType<EventLog["read"]>; signal: AbortSignal },
): Promise<void> {
  for await (const entry of entries) {
    if (signal.aborted || gone.aborted) return;
    if (entry.evicted) return write({ type: "evicted", id, cursor: entry.evicted.cursor });
    if (isVisible(entry, { roots: host.app.roots, directories: principal.directories })) await write(socketFrame(entry));
  }
}

async function directoryOf({
  host,
  request,
  principal,
  target,
}: Pick<ChatConnection, "host" | "request" | "principal" | "target">): Promise<string> {
  const context = createContext(host.app, { principal, headers: request.headers, query: target.query });
  return (await context.instance()).directory;
}

function requireRead({ principal }: Pick<ChatConnection, "principal">): void {
  if (!principal.scopes.includes("read")) throw new AppError("ForbiddenError", 'This needs the scope "read".', { scope: "read" });
}
