import { and, asc, desc, eq, inArray, lt, min, or } from "drizzle-orm";
import type { UserMessage } from "../../src/schema/message.ts";
import type { Orm } from "../client.ts";
import { event, message, prompt } from "../schema.ts";
import type { MessagePlace } from "./message.ts";

/** The newest prompts of a session before a place, newest first. */
export async function listPrompted(
  orm: Orm,
  sessionID: string,
  { before, limit }: { before?: MessagePlace; limit: number },
): Promise<UserMessage[]> {
  const earlier = before && or(lt(message.created, before.created), and(eq(message.created, before.created), lt(message.id, before.id)));
  const rows = await orm
    .select({ data: message.data })
    .from(message)
    .where(and(eq(message.sessionID, sessionID), eq(message.role, "user"), earlier))
    .orderBy(desc(message.created), desc(message.id))
    .limit(limit);
  return rows.flatMap(({ data }) => (data.role === "user" ? [data] : []));
}

/** What has become of the prompts, as far as they were to be answered. */
export async function promptStatuses(orm: Orm, messageIDs: string[]): Promise<Map<string, (typeof prompt.$inferSelect)["status"]>> {
  if (messageIDs.length === 0) return new Map();
  const rows = await orm.select().from(prompt).where(inArray(prompt.messageID, messageIDs));
  return new Map(rows.map((row) => [row.messageID, row.status]));
}

/** When each part of the session was first told of, epoch ms. */
export async function firstTold(orm: Orm, sessionID: string): Promise<Map<string, number>> {
  const rows = await orm
    .select({ reference: event.reference, first: min(event.created) })
    .from(event)
    .where(and(eq(event.sessionID, sessionID), eq(event.type, "message.part.updated")))
    .groupBy(event.reference);
  return new Map(rows.flatMap(({ reference, first }) => (reference === null || first === null ? [] : [[reference, first]])));
}

/** What was asked and answered, and retries: the events that keep their own properties, in order. */
export async function listMoments(orm: Orm, sessionID: string, types: string[]) {
  return orm
    .select({ type: event.type, at: event.created, data: event.data })
    .from(event)
    .where(and(eq(event.sessionID, sessionID), inArray(event.type, types)))
    .orderBy(asc(event.position));
}
