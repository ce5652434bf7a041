import { eq } from "drizzle-orm";
import type { Orm } from "../client.ts";
import { event, message, part, session, todo } from "../schema.ts";

/** What tells the rows of a session from all others: their ids, those of rows that were erased before, and what rows without an id begin with. */
export async function tracesOf(orm: Orm, sessionID: string): Promise<string[]> {
  const messages = await orm.select({ id: message.id }).from(message).where(eq(message.sessionID, sessionID));
  const parts = await orm.select({ id: part.id }).from(part).where(eq(part.sessionID, sessionID));
  const events = await orm.select({ id: event.id, data: event.data }).from(event).where(eq(event.sessionID, sessionID));
  const todos = await orm.select({ content: todo.content }).from(todo).where(eq(todo.sessionID, sessionID));
  const own = await orm.select({ data: session.data }).from(session).where(eq(session.id, sessionID)).get();
  const named = events.flatMap(({ data }) => JSON.stringify(data).match(/\b(?:msg|prt|per|que)_[0-9A-Za-z]{26}\b/g) ?? []);
  const texts = todos.map(({ content }) => content).filter((content) => content.length > 8);
  // As the session's row begins; what is kept of a deleted session has no slug.
  const begin = own ? [`"id":"${sessionID}","slug":"${own.data.slug}"`] : [];
  return [...new Set([...[...messages, ...parts, ...events].map(({ id }) => id), ...named, ...texts, ...begin])];
}
