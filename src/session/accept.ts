import type { Statement } from "../../db/client.ts";
import { requireIdle } from "../../db/queries/guard.ts";
import { findMessage, findParts } from "../../db/queries/message.ts";
import { enqueuePrompt, findPrompt } from "../../db/queries/prompt.ts";
import type { NewEvent } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { ModelRef, UserMessage } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import { type PartInput, type PromptInput, parseModel } from "../schema/prompt.ts";
import type { Session } from "../schema/session.ts";
import { withAttachments } from "./attach.ts";
import { changeSession } from "./change.ts";
import { dropReverted } from "./drop.ts";
import { isConflict } from "./ending.ts";
import type { SessionOptions } from "./options.ts";
import { withMemory } from "./remember.ts";
import { withResources } from "./resources.ts";
import { requireRoom } from "./room.ts";
import type { Sent } from "./session.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Takes a prompt in: the user message, its parts and its place in the queue are one commit. The same `messageID` again changes nothing.
 * Throws AgentNotFoundError (also for an agent that a part names), ForbiddenError (a file outside the roots), ProviderModelNotFoundError, ProviderAuthError, TooManyRequestsError (too many wait), BadRequest (malformed model, nothing to answer), ConflictError (the id of the
 * message or of a part is taken), SessionBusyError (the policy is `reject`, and something runs or waits); the session is as it was then.
 */
export async function acceptPrompt(options: SessionOptions, session: Session, input: Sent<PromptInput>): Promise<string> {
  const messageID = input.messageID ?? createId("message");
  if (input.messageID !== undefined && (await isKnown(options, session.id, messageID))) return messageID;
  if (!input.noReply) {
    requireSomethingSaid(input.parts);
    await requireRoom(options, session);
  }
  await requireFreshIds(options, input);
  const workspace = await options.workspace(session.directory);
  const remembered = await withMemory(options, { session, workspace }, input.parts);
  const message = await createMessage(workspace, { session, input, messageID, asks: !input.noReply && !remembered.only });
  // What needs no model is not left to the one that is running.
  const policy = input.queue ?? (remembered.only ? "queue" : (options.queue ?? "join"));
  const row = { messageID, sessionID: session.id, status: input.noReply ? ("ended" as const) : ("queued" as const) };
  const parts = await withResources(workspace, await withAttachments(options, { session, workspace }, remembered.parts));
  try {
    await changeSession(options, session.id, async (found) => {
      const { session: current, events, writes } = await dropReverted(options, found);
      return {
        events: [...events, ...eventsOf(current, message, parts)],
        append: {
          guards: policy === "reject" ? requireIdle(options.database.orm, session.id) : [],
          writes: [
            ...writes,
            ...remembered.writes,
            enqueuePrompt(options.database.orm, { ...row, policy: policy === "reject" ? "join" : policy }),
            ...recordOf(options, session, { ...input, messageID }),
          ],
        },
      };
    });
  } catch (error) {
    // Two calls with one id at once: whoever came second finds it known now.
    if (input.messageID !== undefined && (await isKnown(options, session.id, messageID))) return messageID;
    throw policy === "reject" && isConflict(error) ? busy(session.id) : error;
  }
  return messageID;
}

/** Who said it, or ran it, for the audit trail: not what. */
export function recordOf(
  { audit }: SessionOptions,
  session: Session,
  { actor, messageID, action = "session.prompt", tool }: Sent<{ messageID: string; action?: string; tool?: string }>,
): Statement[] {
  if (audit === undefined || actor === undefined) return [];
  return [
    audit.entry({ actor, action, subject: { sessionID: session.id, messageID, ...(tool && { tool }) }, directory: session.directory }),
  ];
}

/** A model that is sent nothing answers with a fault, or answers what was said before once more. */
function requireSomethingSaid(parts: PartInput[]): void {
  if (parts.some((part) => part.type !== "text" || part.text.trim() !== "")) return;
  throw new AppError("BadRequest", "parts: there is no text in them, and nothing else to answer.", { kind: "Payload", field: "parts" });
}

/** The answer to a call that only an idle session can take. */
export function busy(sessionID: string): AppError {
  return new AppError("SessionBusyError", `The session ${sessionID} is busy. Wait until it is idle, or abort what runs.`, { sessionID });
}

async function isKnown({ database }: SessionOptions, sessionID: string, messageID: string): Promise<boolean> {
  const known = await findPrompt(database.orm, messageID);
  if (known !== undefined && known.sessionID !== sessionID) {
    throw new AppError("ConflictError", `The message id ${messageID} belongs to another session.`, { resource: messageID });
  }
  return known !== undefined;
}

/** Ids that a client chose must not be those of something else: it would be overwritten. */
async function requireFreshIds({ database: { orm } }: SessionOptions, { messageID, parts }: PromptInput): Promise<void> {
  const ids = parts.flatMap(({ id }) => id ?? []);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new AppError("BadRequest", `parts: the id ${twice} is given twice.`, { kind: "Payload", field: "parts" });
  const message = messageID === undefined ? undefined : await findMessage(orm, messageID);
  const taken = message?.id ?? (await findParts(orm, ids))[0]?.id;
  if (taken !== undefined) throw new AppError("ConflictError", `The id ${taken} is taken.`, { resource: taken });
}

async function createMessage(
  workspace: Workspace,
  prompt: { session: Session; input: PromptInput; messageID: string; asks: boolean },
): Promise<UserMessage> {
  const { session, input, messageID } = prompt;
  const agent = await workspace.agents.get(input.agent ?? session.agent);
  const chosen: ModelRef = toModelRef(input.model) ?? agent.model ?? lastModel(session) ?? (await workspace.providers.defaultModel());
  // Asked for now, so that an unknown model is the answer to this call and not the fate of a turn nobody waits for.
  if (prompt.asks) await workspace.providers.model(chosen);
  const variant = input.variant ?? chosen.variant;
  const { system, tools, format } = input;
  return {
    id: messageID,
    sessionID: session.id,
    role: "user",
    time: { created: Date.now() },
    agent: agent.name,
    model: { ...chosen, variant },
    system,
    tools,
    format,
  };
}

function toModelRef(model: PromptInput["model"]): ModelRef | undefined {
  if (typeof model !== "string") return model;
  const parsed = parseModel(model);
  if (parsed === undefined)
    throw new AppError("BadRequest", `model: "${model}" is not of the form "provider/model".`, { kind: "Payload", field: "model" });
  return parsed;
}

function lastModel({ model }: Session): ModelRef | undefined {
  return model && { providerID: model.providerID, modelID: model.id };
}

function eventsOf(session: Session, message: UserMessage, inputs: PartInput[]): NewEvent[] {
  const { providerID, modelID, variant = "default" } = message.model;
  const info: Session = {
    ...session,
    agent: message.agent,
    model: { id: modelID, providerID, variant },
    time: { ...session.time, updated: Date.now() },
  };
  const parts = inputs.map((input): Part => ({ ...input, id: input.id ?? createId("part"), sessionID: session.id, messageID: message.id }));
  return [
    { type: "session.updated", properties: { sessionID: session.id, info } },
    { type: "message.updated", properties: { sessionID: session.id, info: message } },
    ...parts.map((part): NewEvent => ({ type: "message.part.updated", properties: { sessionID: session.id, part, time: Date.now() } })),
  ];
}
