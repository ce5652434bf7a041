import type { Tokens } from "../schema/message.ts";
import type { Model } from "../schema/provider.ts";

type Rate = Pick<Model["cost"], "input" | "output" | "cache">;

const million = 1_000_000;

/** Dollars for the tokens of one model call. Reasoning costs as output does; the length of the prompt, cached parts included, picks the tier. */
export function price(model: Model, tokens: Tokens): number {
  const rate = rateFor(model, tokens.input + tokens.cache.read + tokens.cache.write);
  const inputs = tokens.input * rate.input + tokens.cache.read * rate.cache.read + tokens.cache.write * rate.cache.write;
  return (inputs + (tokens.output + tokens.reasoning) * rate.output) / million;
}

function rateFor({ cost }: Model, context: number): Rate {
  const reached = (cost.tiers ?? []).filter(({ tier }) => context > tier.size).sort((a, b) => b.tier.size - a.tier.size);
  return reached[0] ?? (context > 200_000 ? cost.experimentalOver200K : undefined) ?? cost;
}
