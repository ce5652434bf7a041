import type { Database, Statement } from "../../db/client.ts";
import { eraseFeedback, findFeedback, listAsks } from "../../db/queries/permission.ts";
import { type EventLog, firstOf, followAnswers } from "../event/log.ts";
import type { Actor, AuditEntry } from "../schema/audit.ts";
import { createId } from "../schema/id.ts";
import type { PermissionReply, PermissionRequest, RecordedReply } from "../schema/permission.ts";
import type { PermissionRuleset } from "../schema/session.ts";
import { answerAsk, type RulesOf, settleCovered } from "./answer.ts";
import { rejectedByPerson, rejectedByRule, rejectedByTimeout, shuttingDown } from "./rejection.ts";
import { decide, type OpenAsk, rememberedRules, type Store, settle } from "./settle.ts";

export { evaluate, matches } from "./rules.ts";

/**
 * Permissions: rules decide, and where they say `ask` a person does. An ask is a row and a `permission.asked` event; any
 * client, on any server that shares the store, may answer it; the answer is a `permission.replied` event, and the waiting
 * tool goes on when that event reaches the log of its own server. Disposing the service withdraws what waits on it.
 */
export interface PermissionService extends AsyncDisposable {
  /**
   * Resolves when allowed. Throws AppError PermissionRejectedError: by rule (`data.by: "rule"`), by a person (`"person"`, with
   * `data.feedback` when a message came with it), by time-out policy (`"timeout"`), or the signal's reason on abort (the ask is then
   * withdrawn). The error has `stopsTurn: true` unless a rule or a message tells the model how to go on.
   */
  ask(request: AskRequest): Promise<void>;
  /** What waits for an answer, oldest first; of one directory if given. */
  list(directory?: string): Promise<PermissionRequest[]>;
  /**
   * Answers an ask once. `always` remembers the ask's `always` patterns for the project, `session` for the ask's session alone; both settle
   * every waiting ask they cover, and neither outweighs a rule that denies. The log calls what `session` answered `once`. `reject` rejects all that wait in the same session, each with the same message. With `sessionID` only an ask of that session
   * is known. Throws AppError PermissionNotFoundError (unknown, or answered already).
   */
  reply(requestID: string, answer: PermissionAnswer): Promise<void>;
}

export interface PermissionAnswer {
  reply: PermissionReply;
  message?: string;
  sessionID?: string;
  /** Who answers, for the record. */
  actor?: Actor;
}

export interface AskRequest {
  session: { id: string; directory: string; projectID: string };
  /** The rules in force, weakest first: the last one that matches decides; none matching means `ask`. */
  rules: PermissionRuleset;
  permission: string;
  patterns: string[];
  always: string[];
  metadata: Record<string, unknown>;
  tool: { messageID: string; callID: string };
  signal: AbortSignal;
  /** Milliseconds to wait for an answer, in place of what the service was told; false: for ever. */
  timeout?: number | false;
}

export interface PermissionOptions {
  log: EventLog;
  database: Database;
  /** Puts answers on record, in the batch that holds them. */
  audit?: { entry(entry: AuditEntry): Statement };
  /** The answer of an ask that nobody answers within `ms`; without `ms` it waits for ever. Thirty minutes, then `reject`, unless told. */
  timeout?: { ms?: number; reply: "reject" };
  /** What `~` and `$HOME` in rules stand for; the user's home unless told. */
  home?: string;
}

type LocalAsk = OpenAsk & { rules: PermissionRuleset; signal: AbortSignal; timeout?: number | false };

export function createPermissions(options: PermissionOptions): PermissionService {
  const { ms, reply: timeoutReply }: NonNullable<PermissionOptions["timeout"]> = options.timeout ?? { ms: 30 * 60_000, reply: "reject" };
  const store: Store = { log: options.log, database: options.database, audit: options.audit, home: options.home };
  const { orm } = options.database;
  const replies = followAnswers<RecordedReply>(options.log, {
    pick: (event) =>
      event.type === "permission.replied" ? { requestID: event.properties.requestID, answer: event.properties.reply } : undefined,
    ended: shuttingDown,
  });
  const closing = new AbortController();
  /** The asks of this server's tools, by id: their rules are known here only. */
  const local = new Map<string, LocalAsk>();
  const rulesOf: RulesOf = (requestID) => local.get(requestID)?.rules ?? [];
  const running = new Set<Promise<void>>();

  async function ask(request: AskRequest): Promise<void> {
    request.signal.throwIfAborted();
    closing.signal.throwIfAborted();
    const remembered = await rememberedRules(store, { projectID: request.session.projectID, sessionID: request.session.id });
    const verdict = decide(request, { rules: request.rules, remembered, home: store.home });
    if (verdict.action === "deny") throw rejectedByRule(verdict.rule, verdict.subject);
    if (verdict.action === "ask") await askPerson(toLocalAsk(request, closing.signal));
  }

  async function askPerson(waiting: LocalAsk): Promise<void> {
    const { request, directory, projectID } = waiting;
    const reply = replies.expect(request.id);
    local.set(request.id, waiting);
    try {
      await options.log.append([{ type: "permission.asked", properties: request }], { scope: { directory, projectID } });
      // An `always` that was committed since the rules were looked at did not see this ask.
      await settleCovered(store, [waiting], { rulesOf, reply: "always" });
      await conclude(waiting, reply);
    } finally {
      local.delete(request.id);
      replies.forget(request.id);
    }
  }

  async function conclude(waiting: LocalAsk, reply: Promise<RecordedReply>): Promise<void> {
    const limit = (waiting.timeout ?? ms) || undefined;
    const outcome = await firstOf(reply, waiting.signal, limit);
    if (outcome === "aborted") {
      await settle(store, waiting, { reply: "reject" });
      throw waiting.signal.reason;
    }
    // Answered in the very moment it timed out: the answer counts.
    if (outcome === "timeout" && (await settle(store, waiting, { reply: timeoutReply })))
      throw rejectedByTimeout(waiting.request.permission, limit ?? 0);
    if ((await reply) === "reject") throw rejectedByPerson(waiting.request.permission, await takeFeedback(waiting.request.id));
  }

  async function takeFeedback(requestID: string): Promise<string | undefined> {
    const feedback = await findFeedback(orm, requestID);
    if (feedback !== undefined) await options.database.write([eraseFeedback(orm, requestID)]);
    return feedback;
  }

  return {
    ask(request) {
      const work = ask(request).finally(() => running.delete(work));
      running.add(work);
      return work;
    },
    list: async (directory) => (await listAsks(orm, directory === undefined ? {} : { directory })).map((waiting) => waiting.request),
    reply: (requestID, answer) => answerAsk(store, rulesOf, { requestID, answer }),
    async [Symbol.asyncDispose]() {
      closing.abort(shuttingDown());
      await Promise.allSettled(running);
      await replies[Symbol.asyncDispose]();
    },
  };
}

function toLocalAsk({ session, signal, rules, timeout, ...ask }: AskRequest, closing: AbortSignal): LocalAsk {
  const { permission, patterns, always, metadata, tool } = ask;
  const request = { id: createId("permission"), sessionID: session.id, permission, patterns, metadata, always, tool };
  return {
    request,
    directory: session.directory,
    projectID: session.projectID,
    rules,
    timeout,
    signal: AbortSignal.any([signal, closing]),
  };
}
