import { and, asc, eq, inArray, ne } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { prompt } from "../schema.ts";

export type PromptStatus = "queued" | "started" | "ended";

export async function findPrompt(
  orm: Orm,
  messageID: string,
): Promise<{ sessionID: string; status: PromptStatus; answerID: string | null } | undefined> {
  const columns = { sessionID: prompt.sessionID, status: prompt.status, answerID: prompt.answerID };
  return orm.select(columns).from(prompt).where(eq(prompt.messageID, messageID)).get();
}

/** The session's prompt that is next to run. */
export async function nextPrompt(orm: Orm, sessionID: string): Promise<string | undefined> {
  const queued = and(eq(prompt.sessionID, sessionID), eq(prompt.status, "queued"));
  return (await orm.select({ id: prompt.messageID }).from(prompt).where(queued).orderBy(asc(prompt.sequence)).limit(1).get())?.id;
}

/** The session's prompts that were started and never ended: only a dead server leaves them. */
export async function startedPrompts(orm: Orm, sessionID: string): Promise<string[]> {
  const started = and(eq(prompt.sessionID, sessionID), eq(prompt.status, "started"));
  return (await orm.select({ id: prompt.messageID }).from(prompt).where(started).orderBy(asc(prompt.sequence))).map((row) => row.id);
}

/** The session's prompts in the order they were accepted. */
export async function listPrompts(orm: Orm, sessionID: string): Promise<{ messageID: string; status: PromptStatus }[]> {
  return orm
    .select({ messageID: prompt.messageID, status: prompt.status })
    .from(prompt)
    .where(eq(prompt.sessionID, sessionID))
    .orderBy(asc(prompt.sequence));
}

/** Sessions with a prompt that has not ended. */
export async function sessionsWithPrompts(orm: Orm): Promise<string[]> {
  const rows = await orm.selectDistinct({ sessionID: prompt.sessionID }).from(prompt).where(ne(prompt.status, "ended"));
  return rows.map((row) => row.sessionID);
}

export function enqueuePrompt(orm: Orm, row: { messageID: string; sessionID: string; status: PromptStatus }): Statement {
  return orm.insert(prompt).values(row);
}

export function setPromptStatus(orm: Orm, messageIDs: string[], status: PromptStatus): Statement {
  return orm.update(prompt).set({ status }).where(inArray(prompt.messageID, messageIDs));
}

/** The prompts are over, with this assistant message as their answer. */
export function endPrompts(orm: Orm, messageIDs: string[], answerID: string): Statement {
  return orm.update(prompt).set({ status: "ended", answerID }).where(inArray(prompt.messageID, messageIDs));
}
