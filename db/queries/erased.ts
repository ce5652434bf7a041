import { eq, sql } from "drizzle-orm";
import type { Orm } from "../client.ts";
import { event, message, part, searchable, session, todo } from "../schema.ts";

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
  const words = await ownWords(orm, sessionID);
  return [...new Set([...[...messages, ...parts, ...events].map(({ id }) => id), ...named, ...texts, ...begin, ...words])];
}

/** Texts that are looked at for words of their own, words that are tried, and words that will do. */
const enough = { texts: 200, tried: 30, words: 5 };

/** Long words that are in no other session, as the index of the search has them: by them copies of its pages are known. */
async function ownWords(orm: Orm, sessionID: string): Promise<string[]> {
  const rows = await orm.select({ text: searchable.text }).from(searchable).where(eq(searchable.sessionID, sessionID)).limit(enough.texts);
  const words = new Set(rows.flatMap(({ text }) => text.toLowerCase().match(/[a-z0-9]{9,40}/g) ?? []));
  const longest = [...words].sort((one, other) => other.length - one.length).slice(0, enough.tried);
  const own: string[] = [];
  for (const word of longest) {
    if (own.length === enough.words) break;
    const elsewhere = sql`select 1 from search join ${searchable} on ${searchable.id} = search.rowid where search match ${`"${word}"`} and ${searchable.sessionID} <> ${sessionID} limit 1`;
    if ((await orm.all(elsewhere)).length === 0) own.push(word);
  }
  return own;
}
