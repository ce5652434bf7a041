import { listAnswers } from "../../db/queries/message.ts";
import { listSessions } from "../../db/queries/session.ts";
import type { ChatAnswer, ChatFrame, ChatInput, ChatSession } from "../schema/chat.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage } from "../schema/message.ts";
import type { MessageWithParts, PromptInput } from "../schema/prompt.ts";
import type { Session, SessionStatus } from "../schema/session.ts";
import { type ChatFrames, createChatFrames, describeError } from "./chat-frames.ts";
import type { SessionOptions } from "./options.ts";
import { answerTo, isOver, mayEnd } from "./over.ts";
import type { Sent, SessionService } from "./session.ts";
import { addTokens, noTokens } from "./totals.ts";

type Calls = Pick<SessionService, "create" | "get" | "list" | "remove" | "status" | "messages" | "prompt" | "promptAsync">;

/** A prompt that was accepted. */
interface Turn {
  session: Session;
  messageID: string;
  /** The position of the log before it. */
  after: number;
}

/** Sessions as a chat: a message in, its answer out, whole or as it happens. */
export function createChat(options: SessionOptions, calls: Calls): Pick<SessionService, "chat" | "chatStream" | "active" | "history"> {
  /** Runs `send` in the session of the input; one that was made for a message that is refused does not stay. */
  async function inSession<Result>(directory: string, input: ChatInput, send: (session: Session) => Promise<Result>): Promise<Result> {
    if (typeof input.sessionId === "string") return send(await calls.get(input.sessionId));
    const session = await calls.create(directory, {});
    try {
      return await send(session);
    } catch (error) {
      if (error instanceof AppError && error.status < 500) await calls.remove(session.id);
      throw error;
    }
  }

  return {
    chat: (directory, input, signal) =>
      inSession(directory, input, async (session) => {
        const messageID = createId("message");
        const answer = await calls.prompt(session.id, promptOf(input, messageID), signal);
        return toAnswer(answer, await listAnswers(options.database.orm, messageID));
      }),
    chatStream: (directory, input, signal) =>
      inSession(directory, input, async (session) => {
        const after = await options.log.position();
        const messageID = createId("message");
        await calls.promptAsync(session.id, promptOf(input, messageID));
        return follow(options, { session, messageID, after }, signal);
      }),
    async active(directory) {
      const statuses = await calls.status(directory);
      const sessions = await calls.list({ directory, roots: true });
      return sessions.filter(({ time }) => time.archived === undefined).map((session) => withStatus(session, statuses));
    },
    async history(id) {
      const { items } = await calls.messages(id);
      const session = await calls.get(id);
      return { ...withStatus(session, await calls.status(session.directory)), messages: items };
    },
  };
}

function withStatus(session: Session, statuses: Record<string, SessionStatus>): ChatSession {
  return { ...session, status: statuses[session.id] ?? { type: "idle" } };
}

function promptOf({ message, agent, model, queue, actor }: Sent<ChatInput>, messageID: string): Sent<PromptInput> {
  return { messageID, agent, model, queue, actor, parts: [{ type: "text", text: message }] };
}

/** The turn as the log tells it, until the prompt is over. Nothing is held before the first frame is asked for. */
async function* follow(options: SessionOptions, { session, messageID, after }: Turn, signal?: AbortSignal): AsyncGenerator<ChatFrame> {
  const { directory, id: sessionID } = session;
  yield { type: "session", sessionId: sessionID };
  const frames = createChatFrames(messageID, { sessionID, family: await familyOf(options, sessionID) });
  yield* await waitingAsks(options, session, frames);
  const ends = new AbortController();
  try {
    const entries = options.log.readOn({ after, directory, signal: signal ? AbortSignal.any([signal, ends.signal]) : ends.signal });
    for await (const { event } of entries) {
      yield* frames.of(event);
      if (mayEnd(event) && (await isOver(options, { sessionID, messageID }))) break;
    }
  } finally {
    ends.abort();
  }
  if (!signal?.aborted) yield* ending(options, { session, messageID }, frames);
}

/** What the log had not told yet when the prompt was over, and the last frame. */
async function* ending(
  options: SessionOptions,
  { session, messageID }: Pick<Turn, "session" | "messageID">,
  frames: ChatFrames,
): AsyncGenerator<ChatFrame> {
  const sessionId = session.id;
  try {
    const answer = await answerTo(options, messageID);
    for (const { info, parts } of withLast(await listAnswers(options.database.orm, messageID), answer)) {
      const failed = frames.message(info);
      for (const part of parts) yield* frames.part(part);
      yield* failed;
    }
    const failure = answer.info.role === "user" ? frames.failure() : undefined;
    if (failure) yield failure;
    yield { type: "done", sessionId, messageId: answer.info.id };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    yield { type: "error", name: error.name, message: error.message };
    yield { type: "done", sessionId, messageId: messageID };
  }
}

/** The session and what its agents delegated to. */
async function familyOf({ database: { orm } }: SessionOptions, sessionID: string): Promise<Set<string>> {
  const family = new Set([sessionID]);
  for (const id of family) for (const child of await listSessions(orm, { parentID: id })) family.add(child.id);
  return family;
}

/** What the session asked before, and still waits for. */
async function waitingAsks({ permissions, questions }: SessionOptions, session: Session, frames: ChatFrames): Promise<ChatFrame[]> {
  const ours = ({ sessionID }: { sessionID: string }) => sessionID === session.id;
  return [
    ...(await permissions.list(session.directory)).filter(ours).flatMap(frames.permission),
    ...(await questions.list(session.directory)).filter(ours).flatMap(frames.question),
  ];
}

function withLast(answers: MessageWithParts[], last: MessageWithParts): MessageWithParts[] {
  return answers.some(({ info }) => info.id === last.info.id) ? answers : [...answers, last];
}

function toAnswer(answer: MessageWithParts, answers: MessageWithParts[]): ChatAnswer {
  const turn = withLast(answers, answer);
  const said = turn.map(({ info }) => info).filter((info): info is AssistantMessage => info.role === "assistant");
  const error = answer.info.role === "assistant" ? answer.info.error : undefined;
  return {
    sessionId: answer.info.sessionID,
    messageId: answer.info.id,
    content: answer.parts.map((part) => (part.type === "text" && !part.synthetic ? part.text : "")).join(""),
    parts: turn.flatMap(({ parts }) => parts),
    tokens: said.reduce((sum, { tokens }) => addTokens(sum, tokens), noTokens),
    cost: said.reduce((sum, { cost }) => sum + cost, 0),
    error: error && describeError(error),
  };
}
