import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider";
import { help, report, unavailable } from "./answer.ts";
import { command, outcomes, title } from "./conversation.ts";
import { handover } from "./handover.ts";
import { type Call, plan } from "./plan.ts";

/** Either the final text, or one tool call after which the guide is asked again. */
type Move = { text: string } | { call: Call; id: string };

const deltaLength = 40;

/**
 * The offline model: a command language (docs/offline-model.md) behind the AI SDK's model interface. Deterministic, without network and
 * without memory: each call works out from the messages since the last user message which step comes next. Token counts are characters / 4.
 */
export function createGuide(): LanguageModelV4 {
  return {
    specificationVersion: "v4",
    provider: "offline",
    modelId: "guide",
    supportedUrls: {},
    async doGenerate(options) {
      options.abortSignal?.throwIfAborted();
      const move = decide(options);
      const content = "text" in move ? { type: "text" as const, text: move.text } : toolCall(move);
      return { content: [content], finishReason: finishReason(move), usage: usage(options, move), warnings: [] };
    },
    async doStream(options) {
      options.abortSignal?.throwIfAborted();
      return { stream: streamOf(parts(options), options.abortSignal) };
    },
  };
}

function decide(options: LanguageModelV4CallOptions): Move {
  const asked = handover(options) ?? title(options);
  if (asked !== undefined) return { text: asked };
  const parsed = command(options.prompt);
  if ("problem" in parsed) return { text: help(parsed.problem) };
  const calls = plan(parsed.steps);
  const done = outcomes(options.prompt).slice(0, calls.length);
  const next = calls[done.length];
  if (next === undefined || done.some((outcome) => outcome.failed)) return { text: report(calls, done) };
  const offered = options.tools?.some((tool) => tool.name === next.tool) === true && options.toolChoice?.type !== "none";
  return offered ? { call: next, id: callId(options) } : { text: unavailable(calls, done, next) };
}

/** The prompt grows with each step, so its digest names the call: the same question gives the same name. */
function callId(options: LanguageModelV4CallOptions): string {
  return `call_${createHash("sha256").update(JSON.stringify(options.prompt)).digest("hex").slice(0, 24)}`;
}

function toolCall({ call, id }: Extract<Move, { call: Call }>) {
  return { type: "tool-call" as const, toolCallId: id, toolName: call.tool, input: JSON.stringify(call.input) };
}

function finishReason(move: Move) {
  return "text" in move ? { unified: "stop" as const, raw: "stop" } : { unified: "tool-calls" as const, raw: "tool-calls" };
}

function usage(options: LanguageModelV4CallOptions, move: Move): LanguageModelV4Usage {
  const input = tokens(JSON.stringify(options.prompt.map((message) => message.content)));
  const output = tokens("text" in move ? move.text : JSON.stringify(move.call.input));
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  };
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function* parts(options: LanguageModelV4CallOptions): Generator<LanguageModelV4StreamPart> {
  const move = decide(options);
  yield { type: "stream-start", warnings: [] };
  yield { type: "response-metadata", modelId: "guide" };
  if ("text" in move) {
    yield { type: "text-start", id: "0" };
    for (const delta of deltas(move.text)) yield { type: "text-delta", id: "0", delta };
    yield { type: "text-end", id: "0" };
  } else {
    const call = toolCall(move);
    yield { type: "tool-input-start", id: move.id, toolName: call.toolName };
    yield { type: "tool-input-delta", id: move.id, delta: call.input };
    yield { type: "tool-input-end", id: move.id };
    yield call;
  }
  yield { type: "finish", finishReason: finishReason(move), usage: usage(options, move) };
}

/** Cut after blanks, so that no letter is torn apart. */
function deltas(text: string): string[] {
  return text.match(new RegExp(`[\\s\\S]{1,${deltaLength}}(?:(?<=\\s)|$)|\\S+\\s?`, "gu")) ?? [];
}

/** Gives the event loop a turn before each part: an abort is seen between any two of them and errors the stream with its reason. */
function streamOf(
  source: Generator<LanguageModelV4StreamPart>,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    async pull(controller) {
      await setImmediate();
      if (signal?.aborted) return controller.error(signal.reason);
      const next = source.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
}
