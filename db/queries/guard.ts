import { type SQL, sql } from "drizzle-orm";
import type { Session } from "../../src/schema/session.ts";
import type { Orm, Statement } from "../client.ts";
import { defaultSession, event, guard, lease, permission, prompt, question, session } from "../schema.ts";

/** Statements that fail the batch they are put in unless the condition holds. They leave nothing behind. */
function require(orm: Orm, condition: SQL): Statement[] {
  return [orm.insert(guard).select(sql`select ${condition}`), orm.delete(guard)];
}

/** Fails the batch unless the server still holds the session's lease. */
export function requireLease(orm: Orm, holder: { sessionID: string; serverID: string }): Statement[] {
  return require(orm, sql`exists (select 1 from ${lease} where ${lease.sessionID} = ${holder.sessionID} and ${lease.serverID} = ${holder.serverID})`);
}

/** Fails the batch unless the session's newest event is at the position (0: it has none). */
export function requirePosition(orm: Orm, expected: { sessionID: string; position: number }): Statement[] {
  return require(orm, sql`coalesce((select max(${event.position}) from ${event} where ${event.sessionID} = ${expected.sessionID}), 0) = ${expected.position}`);
}

/** Fails the batch unless the session is still, to the letter, as it was read. */
export function requireSession(orm: Orm, read: Session): Statement[] {
  return require(orm, sql`exists (select 1 from ${session} where ${session.id} = ${read.id} and ${session.data} = ${JSON.stringify(read)})`);
}

/** Fails the batch if the directory has a session already that the id `default` stands for. */
export function requireNoDefault(orm: Orm, directory: string): Statement[] {
  return require(orm, sql`not exists (select 1 from ${defaultSession} where ${defaultSession.directory} = ${directory})`);
}

/** Fails the batch if a prompt of the session waits to be run. */
export function requireNothingQueued(orm: Orm, sessionID: string): Statement[] {
  const waits = sql`${prompt.sessionID} = ${sessionID} and ${prompt.status} in ('queued', 'claimed')`;
  return require(orm, sql`not exists (select 1 from ${prompt} where ${waits})`);
}

/** Fails the batch if somebody runs the session or a prompt of it has not ended. */
export function requireIdle(orm: Orm, sessionID: string): Statement[] {
  const open = sql`${prompt.sessionID} = ${sessionID} and ${prompt.status} <> 'ended'`;
  const idle = sql`not exists (select 1 from ${prompt} where ${open}) and not exists (select 1 from ${lease} where ${lease.sessionID} = ${sessionID})`;
  return require(orm, sql`(${idle})`);
}

/** Fails the batch unless the prompt waits and no turn has taken it. */
export function requireQueued(orm: Orm, messageID: string): Statement[] {
  return require(orm, sql`exists (select 1 from ${prompt} where ${prompt.messageID} = ${messageID} and ${prompt.status} = 'queued')`);
}

/** Fails the batch if the ask was answered already, or never was. */
export function requireAsk(orm: Orm, requestID: string): Statement[] {
  return require(orm, sql`exists (select 1 from ${permission} where ${permission.id} = ${requestID})`);
}

/** Fails the batch if the question was answered already, or never was. */
export function requireQuestion(orm: Orm, requestID: string): Statement[] {
  return require(orm, sql`exists (select 1 from ${question} where ${question.id} = ${requestID})`);
}

/** Fails the batch if what was spent, with this on top, would be above the cap. */
export function requireRoom(orm: Orm, spent: SQL, room: { more: number; cap: number }): Statement[] {
  return require(orm, sql`${spent} + ${room.more} <= ${room.cap}`);
}
