import type { Statement } from "../../db/client.ts";
import { listOpenMessages, withParts } from "../../db/queries/message.ts";
import { listAsks } from "../../db/queries/permission.ts";
import { endTurn, setPromptStatus, startedPrompts } from "../../db/queries/prompt.ts";
import { listQuestions } from "../../db/queries/question.ts";
import type { NewEvent } from "../event/log.ts";
import type { ResumePolicy } from "../schema/config.ts";
import type { AssistantMessage, MessageError } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { Session } from "../schema/session.ts";
import { type Interruption, markInterrupted, serverDied } from "./interrupted.ts";
import type { SessionOptions } from "./options.ts";
import { type Resumption, resumptionOf } from "./resume.ts";
import { scopeOf } from "./workspace.ts";

/**
 * Tells the truth about a session whose server died: what was open is closed as interrupted, in one commit. The caller holds the lease.
 * Prompts that were started are over (a second run could repeat what their tools did) unless the policy says otherwise; those still queued are
 * left for the queue.
 */
export async function recoverSession(
  options: SessionOptions,
  session: Session,
  { policy = "off", why = serverDied }: { policy?: ResumePolicy; why?: Interruption } = {},
): Promise<void> {
  const { log, database, serverID } = options;
  const { orm } = database;
  const started = await startedPrompts(orm, session.id);
  const resumption = await resumptionOf(options, session, { policy, started });
  const open = await withParts(orm, await listOpenMessages(orm, session.id));
  const events = open.flatMap(({ info, parts }) => (info.role === "assistant" ? closeMessage({ info, parts }, { resumption, why }) : []));
  // All that was started belongs to one turn, whose newest prompt is answered for the others too.
  const newest = started.at(-1);
  if (newest !== undefined && events.length === 0 && resumption === "end")
    events.push(...(await markInterrupted(options, session, { questionID: newest, error: why.error })));
  const answer = events.findLast((event) => event.type === "message.updated")?.properties.info.id;
  for (const { request } of await listAsks(orm, { sessionID: session.id })) {
    events.push({ type: "permission.replied", properties: { sessionID: session.id, requestID: request.id, reply: "reject" } });
  }
  for (const { request } of await listQuestions(orm, { sessionID: session.id }))
    events.push({ type: "question.rejected", properties: { sessionID: session.id, requestID: request.id } });
  const writes = [...fateOf(options, session, { started, resumption, answer }), options.budgets.lose(session.id)];
  await log.append(events, { scope: scopeOf(session), fence: { sessionID: session.id, serverID }, writes });
}

/** `claimed` is as good as queued, and cannot be cancelled any more: there are answers already. */
function fateOf(
  { database: { orm } }: SessionOptions,
  session: Session,
  turn: { started: string[]; resumption: Resumption; answer: string | undefined },
): Statement[] {
  const { started, resumption, answer } = turn;
  if (started.length === 0) return [];
  if (resumption !== "end") return [setPromptStatus(orm, started, resumption === "again" ? "claimed" : "held")];
  if (answer === undefined) return [setPromptStatus(orm, started, "ended")];
  return [endTurn(orm, { sessionID: session.id, messageIDs: started }, answer)];
}

/** What the message says of its turn. */
const outlook: Record<Resumption, string> = { end: "", again: " It is worked on again.", held: " People are asked whether to go on." };

function closeMessage(
  { info, parts }: { info: AssistantMessage; parts: Part[] },
  { resumption, why }: { resumption: Resumption; why: Interruption },
): NewEvent[] {
  const { sessionID } = info;
  const { error: cause } = why;
  const message = `${"message" in cause.data ? cause.data.message : cause.name}${outlook[resumption]}`;
  const error = { ...cause, data: { ...cause.data, message } } as MessageError;
  const closed = parts.flatMap((part) => closePart(part, why.tool) ?? []);
  return [
    ...closed.map((part): NewEvent => ({ type: "message.part.updated", properties: { sessionID, part, time: Date.now() } })),
    ...(resumption === "end" ? [{ type: "session.error" as const, properties: { sessionID, error } }] : []),
    {
      type: "message.updated",
      properties: { sessionID, info: { ...info, error, time: { ...info.time, completed: Date.now() } } },
    },
  ];
}

function closePart(part: Part, fault: string): Part | undefined {
  const end = Date.now();
  if ((part.type === "text" || part.type === "reasoning") && part.time && part.time.end === undefined)
    return { ...part, time: { ...part.time, end } };
  if (part.type !== "tool" || part.state.status === "completed" || part.state.status === "error") return undefined;
  const start = part.state.status === "running" ? part.state.time.start : end;
  const metadata = { ...(part.state.status === "running" ? part.state.metadata : {}), interrupted: true };
  return {
    ...part,
    state: {
      status: "error",
      input: part.state.input,
      error: fault,
      metadata,
      time: { start, end },
    },
  };
}
