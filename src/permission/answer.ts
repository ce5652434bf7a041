import type { Statement } from "../../db/client.ts";
import { findAsk, grant, listAsks, remember, saveFeedback } from "../../db/queries/permission.ts";
import type { RecordedReply } from "../schema/permission.ts";
import type { PermissionRuleset } from "../schema/session.ts";
import type { PermissionAnswer } from "./permission.ts";
import { askNotFound } from "./rejection.ts";
import { decide, type OpenAsk, rememberedRules, type Store, settle } from "./settle.ts";

/** The rules an ask was judged by, as far as this server knows them: those of its own tools. */
export type RulesOf = (requestID: string) => PermissionRuleset;

/** A person's answer: to the ask it names, and to those that wait beside it and are settled by it. */
export async function answerAsk(store: Store, rulesOf: RulesOf, given: { requestID: string; answer: PermissionAnswer }): Promise<void> {
  const { requestID, answer } = given;
  const { orm } = store.database;
  const reply = answer.reply === "session" ? "once" : answer.reply;
  const settleOne = (ask: OpenAsk) =>
    settle(store, ask, { reply, writes: [...answerRows(store, ask, answer), ...recordOf(store, ask, answer)] });
  const ask = await findAsk(orm, requestID);
  if (!ask || (answer.sessionID !== undefined && ask.request.sessionID !== answer.sessionID)) throw askNotFound(requestID);
  if (!(await settleOne(ask))) throw askNotFound(requestID);
  if (answer.reply === "always") await settleCovered(store, await listAsks(orm, { projectID: ask.projectID }), { rulesOf, reply });
  if (answer.reply === "session") await settleCovered(store, await listAsks(orm, { sessionID: ask.request.sessionID }), { rulesOf, reply });
  if (answer.reply === "reject") for (const other of await listAsks(orm, { sessionID: ask.request.sessionID })) await settleOne(other);
}

/** Settles those asks that what is remembered covers by now. */
export async function settleCovered(store: Store, asks: OpenAsk[], given: { rulesOf: RulesOf; reply: RecordedReply }): Promise<void> {
  for (const ask of asks) {
    const remembered = await rememberedRules(store, { projectID: ask.projectID, sessionID: ask.request.sessionID });
    const verdict = decide(ask.request, { rules: given.rulesOf(ask.request.id), remembered, home: store.home });
    if (verdict.action === "allow") await settle(store, ask, { reply: given.reply });
  }
}

/** Who answered what, for the audit trail. */
function recordOf({ audit }: Store, { request, directory }: OpenAsk, { actor, reply }: PermissionAnswer): Statement[] {
  if (audit === undefined || actor === undefined) return [];
  const subject = { sessionID: request.sessionID, requestID: request.id, permission: request.permission, reply };
  return [audit.entry({ actor, action: "permission.reply", subject, directory })];
}

/** The rows that go with an answer: patterns to remember, words to hand on. */
function answerRows({ database }: Store, { request, projectID }: OpenAsk, answer: PermissionAnswer): Statement[] {
  const { permission, id: requestID, sessionID, always } = request;
  const created = Date.now();
  if (answer.reply === "always") return always.map((pattern) => remember(database.orm, { projectID, permission, pattern, created }));
  if (answer.reply === "session") return always.map((pattern) => grant(database.orm, { sessionID, permission, pattern, created }));
  const feedback = answer.message?.trim();
  return answer.reply === "reject" && feedback ? [saveFeedback(database.orm, { requestID, sessionID, feedback })] : [];
}
