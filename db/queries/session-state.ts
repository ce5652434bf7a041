import { and, inArray, min, sql } from "drizzle-orm";
import type { Orm } from "../client.ts";
import { message, prompt } from "../schema.ts";

/** The newest message of a session, as far as it says how the session is. */
export interface LastMessage {
  created: number;
  completed: number | null;
  /** The name of the error it ended with, and its words. */
  error: string | null;
  message: string | null;
}

/** The newest message of each of the sessions. */
export async function lastMessages(orm: Orm, sessionIDs: string[]): Promise<Map<string, LastMessage>> {
  if (sessionIDs.length === 0) return new Map();
  const newest = sql`(select id from ${message} as newest where newest.session_id = wanted.value order by newest.created desc, newest.id desc limit 1)`;
  const rows = await orm.all<LastMessage & { id: string }>(sql`
    select wanted.value as id, ${message.created} as created, ${message.completed} as completed,
      json_extract(${message.data}, '$.error.name') as error, json_extract(${message.data}, '$.error.data.message') as message
    from json_each(${JSON.stringify(sessionIDs)}) as wanted join ${message} on ${message.id} = ${newest}`);
  return new Map(rows.map(({ id, ...rest }) => [id, rest]));
}

/** When the oldest prompt came that each of the sessions answers now. */
export async function startedAt(orm: Orm, sessionIDs: string[]): Promise<Map<string, number>> {
  if (sessionIDs.length === 0) return new Map();
  const rows = await orm
    .select({ sessionID: prompt.sessionID, created: min(message.created) })
    .from(prompt)
    .innerJoin(message, sql`${message.id} = ${prompt.messageID}`)
    .where(and(inArray(prompt.sessionID, sessionIDs), inArray(prompt.status, ["claimed", "started"])))
    .groupBy(prompt.sessionID);
  return new Map(rows.flatMap(({ sessionID, created }) => (created === null ? [] : [[sessionID, created]])));
}
