import type { LanguageModelUsage } from "ai";
import type { Tokens } from "../schema/message.ts";

export const noTokens: Tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };

/** A call's token counts: `input` without what came from or went to the cache, `output` without the reasoning, `total` as the provider says. */
export function toTokens(usage: LanguageModelUsage | undefined): Tokens {
  if (!usage) return noTokens;
  const { inputTokenDetails, outputTokenDetails } = usage;
  const read = count(inputTokenDetails?.cacheReadTokens);
  const write = count(inputTokenDetails?.cacheWriteTokens);
  const reasoning = count(outputTokenDetails?.reasoningTokens);
  return {
    ...(usage.totalTokens === undefined ? {} : { total: count(usage.totalTokens) }),
    input: count(inputTokenDetails?.noCacheTokens ?? count(usage.inputTokens) - read - write),
    output: count(count(usage.outputTokens) - reasoning),
    reasoning,
    cache: { read, write },
  };
}

/** Providers leave counts out or send nonsense; a count is never negative and never NaN. */
function count(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : 0;
}
