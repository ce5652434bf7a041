import type { Database, Statement } from "../../db/client.ts";
import { requireAsk } from "../../db/queries/guard.ts";
import { listGranted, listRemembered, type WaitingAsk } from "../../db/queries/permission.ts";
import type { EventLog } from "../event/log.ts";
import type { AuditEntry } from "../schema/audit.ts";
import { AppError } from "../schema/error.ts";
import type { RecordedReply } from "../schema/permission.ts";
import type { PermissionRule, PermissionRuleset } from "../schema/session.ts";
import { evaluate, findRule, type RuleOptions, type Subject } from "./rules.ts";

export interface Store extends RuleOptions {
  log: EventLog;
  database: Database;
  audit?: { entry(entry: AuditEntry): Statement };
}

/** What a call asks for, as far as rules decide it. */
export interface Call {
  permission: string;
  patterns: string[];
}

export type Verdict = { action: "allow" | "ask" } | { action: "deny"; rule: PermissionRule; subject: Subject };

/** Any pattern denied: denied. All allowed, by the rules or where they leave it open by what is remembered: allowed. */
export function decide(
  { permission, patterns }: Call,
  given: { rules: PermissionRuleset; remembered: PermissionRuleset } & RuleOptions,
): Verdict {
  const { rules, remembered, ...options } = given;
  // A call that names nothing touches everything: no pattern must never mean no question.
  const subjects = (patterns.length === 0 ? ["*"] : patterns).map((pattern) => ({ permission, pattern }));
  for (const subject of subjects) {
    const rule = findRule(rules, subject, options);
    if (rule?.action === "deny") return { action: "deny", rule, subject };
  }
  const allows = (from: PermissionRuleset, { pattern }: Subject): boolean => evaluate(from, permission, pattern, options) === "allow";
  return { action: subjects.every((subject) => allows(rules, subject) || allows(remembered, subject)) ? "allow" : "ask" };
}

/** What people answered with `always` in the project and with `session` in the session, as rules. */
export async function rememberedRules(
  { database: { orm } }: Store,
  { projectID, sessionID }: { projectID: string; sessionID: string },
): Promise<PermissionRuleset> {
  const remembered = [...(await listRemembered(orm, projectID)), ...(await listGranted(orm, sessionID))];
  return remembered.map((rule) => ({ ...rule, action: "allow" as const }));
}

/** A waiting ask, wherever it waits. */
export type OpenAsk = Omit<WaitingAsk, "serverID">;

/** Answers one ask, whichever server it waits on. False: somebody else was quicker. */
export async function settle(
  { log, database }: Store,
  { request, directory, projectID }: OpenAsk,
  answer: { reply: RecordedReply; writes?: Statement[] },
): Promise<boolean> {
  const properties = { sessionID: request.sessionID, requestID: request.id, reply: answer.reply };
  const guards = requireAsk(database.orm, request.id);
  try {
    await log.append([{ type: "permission.replied", properties }], { scope: { directory, projectID }, guards, writes: answer.writes });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.name === "ConflictError") return false;
    throw error;
  }
}
