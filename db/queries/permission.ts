import { and, asc, eq, inArray } from "drizzle-orm";
import type { PermissionRequest } from "../../src/schema/permission.ts";
import type { Orm, Statement } from "../client.ts";
import { permission, permissionFeedback, permissionRule, sessionRule } from "../schema.ts";

export interface WaitingAsk {
  request: PermissionRequest;
  projectID: string;
  directory: string;
  serverID: string;
}

/** What waits for an answer, oldest first. */
export async function listAsks(
  orm: Orm,
  filter: { directory?: string; sessionID?: string; projectID?: string; serverIDs?: string[] } = {},
): Promise<WaitingAsk[]> {
  const where = and(
    filter.directory === undefined ? undefined : eq(permission.directory, filter.directory),
    filter.sessionID === undefined ? undefined : eq(permission.sessionID, filter.sessionID),
    filter.projectID === undefined ? undefined : eq(permission.projectID, filter.projectID),
    filter.serverIDs === undefined ? undefined : inArray(permission.serverID, filter.serverIDs),
  );
  return (await orm.select().from(permission).where(where).orderBy(asc(permission.asked), asc(permission.id))).map(toAsk);
}

export async function findAsk(orm: Orm, id: string): Promise<WaitingAsk | undefined> {
  const row = await orm.select().from(permission).where(eq(permission.id, id)).get();
  return row && toAsk(row);
}

const toAsk = (row: typeof permission.$inferSelect): WaitingAsk => ({
  request: row.data,
  projectID: row.projectID,
  directory: row.directory,
  serverID: row.serverID,
});

export function saveAsk(orm: Orm, ask: WaitingAsk & { asked: number }): Statement {
  const { request, ...rest } = ask;
  return orm.insert(permission).values({ id: request.id, sessionID: request.sessionID, data: request, ...rest });
}

export function eraseAsk(orm: Orm, id: string): Statement {
  return orm.delete(permission).where(eq(permission.id, id));
}

/** What was answered with `always` in the project. */
export async function listRemembered(orm: Orm, projectID: string): Promise<{ permission: string; pattern: string }[]> {
  const columns = { permission: permissionRule.permission, pattern: permissionRule.pattern };
  return orm.select(columns).from(permissionRule).where(eq(permissionRule.projectID, projectID)).orderBy(asc(permissionRule.created));
}

export function remember(orm: Orm, rule: { projectID: string; permission: string; pattern: string; created: number }): Statement {
  return orm.insert(permissionRule).values(rule).onConflictDoNothing();
}

/** What was answered with `session` in the session. */
export async function listGranted(orm: Orm, sessionID: string): Promise<{ permission: string; pattern: string }[]> {
  const columns = { permission: sessionRule.permission, pattern: sessionRule.pattern };
  return orm.select(columns).from(sessionRule).where(eq(sessionRule.sessionID, sessionID)).orderBy(asc(sessionRule.created));
}

export function grant(orm: Orm, rule: { sessionID: string; permission: string; pattern: string; created: number }): Statement {
  return orm.insert(sessionRule).values(rule).onConflictDoNothing();
}

/** Keeps the words of a `reject` for the server whose tool waits. */
export function saveFeedback(orm: Orm, row: { requestID: string; sessionID: string; feedback: string }): Statement {
  return orm.insert(permissionFeedback).values(row);
}

export async function findFeedback(orm: Orm, requestID: string): Promise<string | undefined> {
  return (await orm.select().from(permissionFeedback).where(eq(permissionFeedback.requestID, requestID)).get())?.feedback;
}

export function eraseFeedback(orm: Orm, requestID: string): Statement {
  return orm.delete(permissionFeedback).where(eq(permissionFeedback.requestID, requestID));
}
