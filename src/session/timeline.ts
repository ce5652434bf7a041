import { findMessage, listAnswers } from "../../db/queries/message.ts";
import { firstTold, listPrompted, promptStatuses } from "../../db/queries/timeline.ts";
import { AppError } from "../schema/error.ts";
import type { Tokens, UserMessage } from "../schema/message.ts";
import type { TimelineStep, TimelineTurn } from "../schema/timeline.ts";
import { ourSession } from "./known.ts";
import { readMoments } from "./moments.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";
import { toSteps } from "./timeline-step.ts";

type PromptStatus = Awaited<ReturnType<typeof promptStatuses>> extends Map<string, infer Status> ? Status : never;

/** When what happened in a session's turns, told from its messages, their parts and the log. */
export function createTimelines(options: SessionOptions): Pick<SessionService, "timeline"> {
  const { orm } = options.database;

  async function place(sessionID: string, messageID: string) {
    const message = await findMessage(orm, messageID);
    if (message?.sessionID === sessionID && message.role === "user") return { created: message.time.created, id: message.id };
    throw new AppError("NotFoundError", `There is no prompt ${messageID} in this session.`, { messageID });
  }

  return {
    async timeline(id, { limit, before, messageID }) {
      await ourSession(options, id);
      const prompted = await listPrompted(orm, id, {
        limit: limit + 1,
        before: before === undefined ? undefined : await place(id, before),
      });
      const page = messageID === undefined ? prompted.slice(0, limit) : [await promptOf(id, messageID)];
      const [told, moments, statuses] = await Promise.all([
        firstTold(orm, id),
        readMoments(options, id),
        promptStatuses(
          orm,
          page.map((prompt) => prompt.id),
        ),
      ]);
      const turns: TimelineTurn[] = [];
      for (const question of page.toReversed()) {
        const steps = toSteps(await listAnswers(orm, question.id), { told, ...moments });
        turns.push(toTurn(question, steps, statuses.get(question.id)));
      }
      const more = messageID === undefined && prompted.length > limit;
      return { turns, ...(more && turns[0] && { before: turns[0].messageID }) };
    },
  };

  async function promptOf(id: string, messageID: string): Promise<UserMessage> {
    await place(id, messageID);
    return (await findMessage(orm, messageID)) as UserMessage;
  }
}

function toTurn(question: UserMessage, steps: TimelineStep[], status: PromptStatus | undefined): TimelineTurn {
  const state = stateOf(steps.at(-1), status);
  return {
    messageID: question.id,
    state,
    queued: Math.floor(question.time.created),
    start: steps[0]?.start,
    end: state === "running" ? undefined : steps.at(-1)?.end,
    tokens: steps.map(({ tokens }) => tokens).reduce(sumOf, none),
    cost: steps.reduce((sum, { cost }) => sum + cost, 0),
    steps,
  };
}

function stateOf(last: TimelineStep | undefined, status: PromptStatus | undefined): TimelineTurn["state"] {
  if (status === "started") return "running";
  if (last === undefined) return status === undefined || status === "ended" ? "unanswered" : "queued";
  if (last.end === undefined) return "running";
  if (last.error === undefined) return "completed";
  return last.error.name === "MessageAbortedError" ? "aborted" : "error";
}

const none: Tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };

function sumOf(one: Tokens, other: Tokens): Tokens {
  const cache = { read: one.cache.read + other.cache.read, write: one.cache.write + other.cache.write };
  return { input: one.input + other.input, output: one.output + other.output, reasoning: one.reasoning + other.reasoning, cache };
}
