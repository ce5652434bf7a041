import { and, asc, desc, eq, inArray, isNull, lt, or, sql } from "drizzle-orm";
import type { AssistantMessage, Message } from "../../src/schema/message.ts";
import type { Part } from "../../src/schema/part.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Orm, Statement } from "../client.ts";
import { message, part } from "../schema.ts";
import { eraseMessageText, eraseText } from "./searchable.ts";

/** A place in a session's messages: they are ordered by creation, then id. */
export interface MessagePlace {
  created: number;
  id: string;
}

export async function findMessage(orm: Orm, id: string): Promise<Message | undefined> {
  return (await orm.select({ data: message.data }).from(message).where(eq(message.id, id)).get())?.data;
}

export async function findMessages(orm: Orm, ids: string[]): Promise<Message[]> {
  if (ids.length === 0) return [];
  return (await orm.select({ data: message.data }).from(message).where(inArray(message.id, ids))).map((row) => row.data);
}

export async function findParts(orm: Orm, ids: string[]): Promise<Part[]> {
  if (ids.length === 0) return [];
  return (await orm.select({ data: part.data }).from(part).where(inArray(part.id, ids))).map((row) => row.data);
}

/** The newest `limit` messages before the place (all without), oldest first, with their parts. */
export async function listMessages(
  orm: Orm,
  sessionID: string,
  page: { limit?: number; before?: MessagePlace } = {},
): Promise<MessageWithParts[]> {
  const { before, limit } = page;
  const earlier = before && or(lt(message.created, before.created), and(eq(message.created, before.created), lt(message.id, before.id)));
  const query = orm
    .select({ data: message.data })
    .from(message)
    .where(and(eq(message.sessionID, sessionID), earlier))
    .orderBy(desc(message.created), desc(message.id));
  const rows = await (limit === undefined ? query : query.limit(limit));
  return withParts(orm, rows.map((row) => row.data).reverse());
}

/** The assistant messages that answer a user message, oldest first. */
export async function listAnswers(orm: Orm, userMessageID: string): Promise<MessageWithParts[]> {
  const rows = await orm
    .select({ data: message.data })
    .from(message)
    .where(eq(message.parentID, userMessageID))
    .orderBy(asc(message.created), asc(message.id));
  return withParts(
    orm,
    rows.map((row) => row.data),
  );
}

export async function withParts(orm: Orm, messages: Message[]): Promise<MessageWithParts[]> {
  const parts = new Map<string, Part[]>();
  const ids = messages.map((info) => info.id);
  // SQLite takes a limited number of values in one statement.
  for (let from = 0; from < ids.length; from += 500) {
    const chunk = ids.slice(from, from + 500);
    const rows = await orm
      .select({ messageID: part.messageID, data: part.data })
      .from(part)
      .where(inArray(part.messageID, chunk))
      .orderBy(part.messageID, part.sequence);
    for (const row of rows) parts.set(row.messageID, [...(parts.get(row.messageID) ?? []), row.data]);
  }
  return messages.map((info) => ({ info, parts: parts.get(info.id) ?? [] }));
}

/** Assistant messages of a session that never ended. */
export async function listOpenMessages(orm: Orm, sessionID: string): Promise<AssistantMessage[]> {
  const open = and(eq(message.sessionID, sessionID), eq(message.role, "assistant"), isNull(message.completed));
  const rows = await orm.select({ data: message.data }).from(message).where(open).orderBy(asc(message.created), asc(message.id));
  return rows.map((row) => row.data).filter((info) => info.role === "assistant");
}

export function saveMessage(orm: Orm, info: Message): Statement {
  const assistant = info.role === "assistant";
  const row = {
    id: info.id,
    sessionID: info.sessionID,
    role: info.role,
    parentID: assistant ? info.parentID : null,
    created: info.time.created,
    completed: assistant ? (info.time.completed ?? null) : null,
    data: info,
  };
  return orm.insert(message).values(row).onConflictDoUpdate({ target: message.id, set: row });
}

/** Keeps the part; what is findable of it is another matter (`searchable.ts`). */
export function savePart(orm: Orm, value: Part): Statement {
  const sequence = sql<number>`(select coalesce(max(${part.sequence}) + 1, 0) from ${part} where ${part.messageID} = ${value.messageID})`;
  const row = { id: value.id, messageID: value.messageID, sessionID: value.sessionID, data: value };
  return orm
    .insert(part)
    .values({ ...row, sequence })
    .onConflictDoUpdate({ target: part.id, set: { data: value } });
}

export function eraseMessage(orm: Orm, id: string): Statement[] {
  return [eraseMessageText(orm, id), orm.delete(part).where(eq(part.messageID, id)), orm.delete(message).where(eq(message.id, id))];
}

export function erasePart(orm: Orm, id: string): Statement[] {
  return [eraseText(orm, id), orm.delete(part).where(eq(part.id, id))];
}
