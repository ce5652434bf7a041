import { isVisible } from "../../routers/place.ts";
import { AppError } from "../schema/error.ts";
import type { ClientFrame } from "../schema/socket.ts";
import type { ChatConnection } from "./chat-socket.ts";
import { createContext } from "./context.ts";
import { readCursor } from "./cursor.ts";
import { socketFrame } from "./frame.ts";

type Subscribe = Omit<Extract<ClientFrame, { type: "subscribe" }>, "type">;

/** Sends the events of the directory (or of all), from `after` on if given, until the connection is gone, another subscription replaces this one, or the client is too slow: then it is told its cursor. */
export async function followEvents(connection: ChatConnection, { id, after, directory }: Subscribe): Promise<void> {
  const { host, write, signal } = connection;
  const place = directory === "all" ? undefined : await directoryOf(connection);
  requireRead(connection);
  using watching = host.app.watch(place);
  await watching.ready;
  const position = await host.app.log.position();
  const query = new URLSearchParams(after === undefined ? {} : { after: String(after) });
  const cursor = readCursor(undefined, query, position) ?? position;
  const ends = new AbortController();
  connection.unsubscribe?.();
  connection.unsubscribe = () => ends.abort();
  await write({ type: "subscribed", id, cursor });
  const entries = host.app.log.read({ after: cursor, directory: place, signal: AbortSignal.any([signal, ends.signal]) });
  for await (const entry of entries) {
    if (ends.signal.aborted || signal.aborted) return;
    if (entry.evicted) return write({ type: "evicted", id, cursor: entry.evicted.cursor });
    if (isVisible(entry, { roots: host.app.roots, directories: connection.principal.directories })) await write(socketFrame(entry));
  }
}

async function directoryOf({ host, request, principal, target }: ChatConnection): Promise<string> {
  const context = createContext(host.app, { principal, headers: request.headers, query: target.query });
  return (await context.instance()).directory;
}

function requireRead({ principal }: ChatConnection): void {
  if (!principal.scopes.includes("read")) throw new AppError("ForbiddenError", 'This needs the scope "read".', { scope: "read" });
}
