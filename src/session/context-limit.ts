import type { ModelMessage } from "ai";
import type { Config } from "../schema/config.ts";
import type { Tokens } from "../schema/message.ts";
import type { Model } from "../schema/provider.ts";

/** How much of a model's context a conversation may fill before it is compacted. */
export interface ContextLimit {
  /** Tokens; undefined where the model's limit is not known. */
  usable: number | undefined;
  /** Whether what a step used, or a conversation is estimated to need, leaves too little for another step. */
  isOutgrownBy(tokens: number): boolean;
}

/** The room kept for an answer, unless the model answers shorter. */
const longestAnswer = 32_000;
/** The room kept beside the answer for what tools bring in until the next look. */
const reserve = 20_000;

export function contextLimit({ limit }: Model, config: Config["compaction"]): ContextLimit {
  const answer = Math.min(limit.output || longestAnswer, longestAnswer);
  const room = limit.input ?? limit.context - answer;
  // A small model must be left something to work with.
  const usable = limit.context === 0 ? undefined : Math.max(room - (config?.reserved ?? Math.min(reserve, answer)), limit.context / 2);
  return { usable, isOutgrownBy: (tokens) => usable !== undefined && tokens > usable };
}

/** All that a model call put through the context. */
export function totalOf({ input, output, reasoning, cache }: Tokens): number {
  return input + output + reasoning + cache.read + cache.write;
}

/** About four characters a token; a file counts as much as an image does with most providers. */
export function estimateTokens(messages: ModelMessage[]): number {
  let files = 0;
  const text = JSON.stringify(messages, (key, value) => {
    if (key !== "data") return value;
    files += 1;
    return undefined;
  });
  return Math.ceil(text.length / 4) + files * 1500;
}
