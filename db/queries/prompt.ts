import { and, asc, count, eq, inArray, ne, or } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { lease, prompt } from "../schema.ts";

export type PromptStatus = (typeof prompt.$inferSelect)["status"];
export type WaitingPolicy = (typeof prompt.$inferSelect)["policy"];

/** Not started: what a turn has claimed is run again when that turn never came to a model request. */
const waiting: PromptStatus[] = ["queued", "claimed"];

export async function findPrompt(
  orm: Orm,
  messageID: string,
): Promise<{ sessionID: string; status: PromptStatus; answerID: string | null } | undefined> {
  const columns = { sessionID: prompt.sessionID, status: prompt.status, answerID: prompt.answerID };
  return orm.select(columns).from(prompt).where(eq(prompt.messageID, messageID)).get();
}

/** The session's prompt that is next to run. */
export async function nextPrompt(orm: Orm, sessionID: string): Promise<string | undefined> {
  return (await waitingPrompts(orm, sessionID))[0]?.messageID;
}

/** The session's prompts that wait to be run, in the order they were accepted. */
export async function waitingPrompts(
  orm: Orm,
  sessionID: string,
): Promise<{ messageID: string; status: PromptStatus; policy: WaitingPolicy }[]> {
  return orm
    .select({ messageID: prompt.messageID, status: prompt.status, policy: prompt.policy })
    .from(prompt)
    .where(and(eq(prompt.sessionID, sessionID), inArray(prompt.status, waiting)))
    .orderBy(asc(prompt.sequence));
}

/** How many prompts wait to be run, in the session or in all. */
export async function countWaiting(orm: Orm, sessionID?: string): Promise<number> {
  const where = and(inArray(prompt.status, waiting), sessionID === undefined ? undefined : eq(prompt.sessionID, sessionID));
  return (await orm.select({ count: count() }).from(prompt).where(where).get())?.count ?? 0;
}

/** The session's prompts that were started and have not ended: those of its running turn, or what a dead server left. */
export async function startedPrompts(orm: Orm, sessionID: string): Promise<string[]> {
  const started = and(eq(prompt.sessionID, sessionID), eq(prompt.status, "started"));
  return (await orm.select({ id: prompt.messageID }).from(prompt).where(started).orderBy(asc(prompt.sequence))).map((row) => row.id);
}

/** The session's prompts of a turn that was cut short, about which people are asked. */
export async function heldPrompts(orm: Orm, sessionID: string): Promise<string[]> {
  const held = and(eq(prompt.sessionID, sessionID), eq(prompt.status, "held"));
  return (await orm.select({ id: prompt.messageID }).from(prompt).where(held).orderBy(asc(prompt.sequence))).map((row) => row.id);
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

/** Sessions that the server runs and that a waiting prompt is to interrupt. */
export async function interruptedSessions(orm: Orm, serverID: string): Promise<string[]> {
  const rows = await orm
    .selectDistinct({ sessionID: lease.sessionID })
    .from(lease)
    .innerJoin(prompt, and(eq(prompt.sessionID, lease.sessionID), eq(prompt.status, "queued"), eq(prompt.policy, "interrupt")))
    .where(eq(lease.serverID, serverID));
  return rows.map((row) => row.sessionID);
}

export function enqueuePrompt(
  orm: Orm,
  row: { messageID: string; sessionID: string; status: PromptStatus; policy?: WaitingPolicy },
): Statement {
  return orm.insert(prompt).values(row);
}

export function setPromptStatus(orm: Orm, messageIDs: string[], status: PromptStatus): Statement {
  return orm.update(prompt).set({ status }).where(inArray(prompt.messageID, messageIDs));
}

/** Takes what still waits of these; what was cancelled in the meantime is gone, and stays so. */
export function claimPrompts(orm: Orm, messageIDs: string[], status: "claimed" | "started"): Statement {
  return orm
    .update(prompt)
    .set({ status })
    .where(and(inArray(prompt.messageID, messageIDs), inArray(prompt.status, waiting)));
}

/** What was to interrupt the running turn has done so. */
export function settleInterrupts(orm: Orm, messageIDs: string[]): Statement {
  return orm.update(prompt).set({ policy: "join" }).where(inArray(prompt.messageID, messageIDs));
}

/** The turn is over, for the prompts it was made for and for those that joined it, with this assistant message as their answer. */
export function endTurn(orm: Orm, turn: { sessionID: string; messageIDs: string[] }, answerID: string): Statement {
  const joined = and(eq(prompt.sessionID, turn.sessionID), eq(prompt.status, "started"));
  return orm
    .update(prompt)
    .set({ status: "ended", answerID })
    .where(or(inArray(prompt.messageID, turn.messageIDs), joined));
}

export function erasePrompt(orm: Orm, messageID: string): Statement {
  return orm.delete(prompt).where(eq(prompt.messageID, messageID));
}
