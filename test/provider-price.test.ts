import { describe, expect, test } from "vitest";
import { price } from "../src/provider/provider.ts";
import type { Model } from "../src/schema/provider.ts";
import { providerBench } from "./helpers/provider.ts";

async function model(cost: object, id = "m"): Promise<Model> {
  await using bench = await providerBench({
    config: {
      provider: { mock: { options: { baseURL: "http://127.0.0.1:1/v1" }, models: { [id]: { cost: { input: 1, output: 2, ...cost } } } } },
    },
  });
  return (await bench.providers.model({ providerID: "mock", modelID: id })).info;
}

const tokens = (input: number, rest: { output?: number; reasoning?: number; read?: number; write?: number } = {}) => ({
  input,
  output: rest.output ?? 0,
  reasoning: rest.reasoning ?? 0,
  cache: { read: rest.read ?? 0, write: rest.write ?? 0 },
});

describe("the price of a call", () => {
  test("is in dollars, cached tokens at their own rate, reasoning as output", async () => {
    const priced = await model({ cache_read: 0.1, cache_write: 1.25 });
    expect(price(priced, tokens(1_000_000))).toBe(1);
    expect(price(priced, tokens(80, { output: 5, reasoning: 5 }))).toBeCloseTo(0.0001, 10);
    expect(price(priced, tokens(0, { read: 100_000, write: 100_000 }))).toBeCloseTo(0.135, 10);
  });

  test("rises past 200 000 tokens of context when the model says so, cached ones counted", async () => {
    const priced = await model({ context_over_200k: { input: 10, output: 20 } });
    expect(price(priced, tokens(200_000))).toBeCloseTo(0.2, 10);
    expect(price(priced, tokens(100_000, { read: 100_001 }))).toBeCloseTo(1, 10);
  });

  test("takes the highest tier that the context has passed", async () => {
    await using bench = await providerBench({ env: { ANTHROPIC_API_KEY: "k" } });
    const { info } = await bench.providers.model({ providerID: "anthropic", modelID: "claude-haiku-5-5" });
    expect(price(info, tokens(100_000))).toBeCloseTo(0.01, 10);
    expect(price(info, tokens(100_001))).toBeCloseTo(0.0500005, 10);
  });

  test("is nothing where no price is known", async () => {
    await using bench = await providerBench({});
    const { info } = await bench.providers.model({ providerID: "offline", modelID: "guide" });
    expect(price(info, tokens(1_000_000, { output: 5 }))).toBe(0);
  });
});
