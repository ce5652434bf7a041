import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { runTurn } from "../../src/agent/loop.ts";
import type { TurnEvent, TurnRequest, TurnTool } from "../../src/agent/turn.ts";
import type { MockModel } from "./model.ts";

export const openaiChat = (model: MockModel): LanguageModelV4 => createOpenAI({ baseURL: model.url, apiKey: "test-key" }).chat("gpt-4o");
export const openaiResponses = (model: MockModel): LanguageModelV4 =>
  createOpenAI({ baseURL: model.url, apiKey: "test-key" }).responses("gpt-4o");
export const anthropic = (model: MockModel): LanguageModelV4 =>
  createAnthropic({ baseURL: model.url, apiKey: "test-key" })("claude-sonnet-4-5");
export const compatible = (model: MockModel): LanguageModelV4 =>
  createOpenAICompatible({ name: "mock", baseURL: model.url, apiKey: "test-key", includeUsage: true })("deepseek-reasoner");

export function turnRequest(model: LanguageModelV4, change: Partial<TurnRequest> = {}): TurnRequest {
  return {
    model,
    system: ["You are a test."],
    messages: [{ role: "user", content: "Do it" }],
    tools: [],
    settings: {},
    price: () => 0,
    retry: { attempts: 3, initial: 1, maximum: 10 },
    patience: { idle: 20_000 },
    signal: new AbortController().signal,
    ...change,
  };
}

export function tool(name: string, execute: TurnTool["execute"]): TurnTool {
  return { name, description: `The ${name} tool`, schema: { type: "object", properties: { value: { type: "string" } } }, execute };
}

/** A tool that answers with its input's `value`. */
export function echo(name = "echo"): TurnTool {
  return tool(name, async ({ input }) => {
    return { title: "echoed", output: `echo: ${(input as { value: string }).value}`, metadata: { truncated: false } };
  });
}

/** All events of a turn. `during` is called for each before the next one is pulled. */
export async function collect(request: TurnRequest, during: (event: TurnEvent) => unknown = () => {}): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  for await (const event of runTurn(request)) {
    events.push(event);
    await during(event);
  }
  return events;
}

type EventOf<Type, Event = TurnEvent> = Event extends { type: string } ? (Type & Event["type"] extends never ? never : Event) : never;

/** The events of these types only. */
export function only<Type extends TurnEvent["type"]>(events: TurnEvent[], ...types: Type[]): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => (types as string[]).includes(event.type));
}

/** Types in order, runs of deltas as one. */
export function outline(events: TurnEvent[]): string[] {
  return events.map((event) => event.type).filter((type, index, all) => !(type.endsWith("-delta") && all[index - 1] === type));
}
