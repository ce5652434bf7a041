import { withParts } from "../../db/queries/message.ts";
import { runTurn } from "../agent/loop.ts";
import type { NewEvent } from "../event/log.ts";
import { createId } from "../schema/id.ts";
import type { MessageError, UserMessage } from "../schema/message.ts";
import type { CompactionPart, TextPart } from "../schema/part.ts";
import { contextLimit } from "./context-limit.ts";
import continueText from "./continue.md";
import type { SessionOptions } from "./options.ts";
import { createRecorder, type RecorderOptions } from "./recorder.ts";
import { callOf, conversation } from "./request.ts";
import { shorten } from "./shorten.ts";
import summaryRequest from "./summary-request.md";
import { changeOf, fenced, type TurnInput } from "./turn-input.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Compaction: the conversation is replaced by a handover that the model writes. Nothing is erased: the messages stay in the session,
 * and the model sees the handover and what came after it. On the log it is a user message with a compaction part, and an assistant
 * message with `summary: true` that answers it.
 */

/** Why a conversation is compacted: it reached the limit, the provider refused it, or somebody asked. */
export type Cause = "limit" | "overflow" | "asked";

/** Compacts in the middle of a turn. Gives the message to go on from, or why there is no handover. */
export async function compactTurn(
  options: SessionOptions,
  input: TurnInput,
  { workspace, cause }: { workspace: Workspace; cause: Cause },
): Promise<{ next: UserMessage } | { error: MessageError }> {
  const { session, question } = input;
  const marker: UserMessage = { ...bare(question), id: createId("message"), time: { created: Date.now() } };
  const part: CompactionPart = {
    id: createId("part"),
    sessionID: session.id,
    messageID: marker.id,
    type: "compaction",
    auto: true,
    overflow: cause === "overflow" ? true : undefined,
  };
  await options.log.append(messageWith(marker, part), fenced(options, session));
  const error = await writeHandover(options, { ...input, question: marker }, { workspace, cause, before: question });
  if (error) return { error };
  const next: UserMessage = { ...question, id: createId("message"), time: { created: Date.now() } };
  const text: TextPart = {
    id: createId("part"),
    sessionID: session.id,
    messageID: next.id,
    type: "text",
    synthetic: true,
    text: await continuation(options, question),
  };
  await options.log.append(
    [...messageWith(next, text), { type: "session.compacted", properties: { sessionID: session.id } }],
    fenced(options, session),
  );
  return { next };
}

/** Answers a prompt that is a wish for compaction. */
export async function compactAsAsked(
  options: SessionOptions,
  input: TurnInput,
  context: { workspace: Workspace; marks: RecorderOptions["marks"] },
): Promise<void> {
  const { session, question } = input;
  const error = await writeHandover(options, input, { ...context, cause: "asked", before: question });
  if (!error) await options.log.append([{ type: "session.compacted", properties: { sessionID: session.id } }], fenced(options, session));
}

interface Handover {
  workspace: Workspace;
  cause: Cause;
  /** The question up to which is summed up. */
  before: UserMessage;
  marks?: RecorderOptions["marks"];
}

async function writeHandover(options: SessionOptions, input: TurnInput, handover: Handover): Promise<MessageError | undefined> {
  const { session, question, signal } = input;
  const { workspace, cause, before, marks } = handover;
  const agent = await workspace.agents.get("compaction");
  const model = await workspace.providers.model(agent.model ?? question.model);
  const recorder = createRecorder({
    log: options.log,
    append: fenced(options, session),
    question: { ...question, agent: agent.name },
    path: { cwd: session.directory, root: session.directory },
    change: changeOf(options, session),
    marks,
    summary: true,
  });
  const { usable } = contextLimit(model.info, workspace.config.config.compaction);
  const said = await conversation(options, before, model.language.provider);
  const messages = shorten(said, { limit: usable, gentle: cause !== "overflow" });
  const request = { ...callOf(options, { model, agent, session }), system: [agent.prompt ?? ""], tools: [], maxSteps: 1, signal };
  let error: MessageError | undefined;
  for await (const event of runTurn({ ...request, messages: [...messages, { role: "user", content: summaryRequest.trim() }] })) {
    if (event.type === "turn-error") error = event.error;
    await recorder.record(event);
  }
  return error;
}

function bare({ sessionID, role, agent, model }: UserMessage): Pick<UserMessage, "sessionID" | "role" | "agent" | "model"> {
  return { sessionID, role, agent, model };
}

function messageWith(info: UserMessage, part: CompactionPart | TextPart): NewEvent[] {
  const { sessionID } = info;
  return [
    { type: "message.updated", properties: { sessionID, info } },
    { type: "message.part.updated", properties: { sessionID, part, time: Date.now() } },
  ];
}

/** The request itself is part of what was replaced, so it is repeated. */
async function continuation({ database }: SessionOptions, question: UserMessage): Promise<string> {
  const [message] = await withParts(database.orm, [question]);
  const texts = message?.parts.flatMap((part) => (part.type === "text" && part.text !== "" ? [part.text] : [])) ?? [];
  const asked = texts.join("\n\n");
  return asked.startsWith(continueText.trim()) ? asked : `${continueText.trim()}\n\n${asked}`;
}
