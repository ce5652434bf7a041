import type { TextStreamPart, ToolSet } from "ai";
import type { AttemptContext } from "./attempt.ts";
import { type Failure, toFailure } from "./failure.ts";
import { watchPatience } from "./patience.ts";
import { loadSDK } from "./sdk.ts";
import { linkedController } from "./signal.ts";
import type { Transcript } from "./transcript.ts";
import type { FinishReason, TurnEvent } from "./turn.ts";

type Part = TextStreamPart<ToolSet>;

/**
 * Makes the model call and reads its stream to the end: what the model says goes to the transcript and the channel, its tool
 * calls are started. Returns why it failed, if it did; the connection is closed either way.
 */
export async function readModel(context: AttemptContext): Promise<Failure | undefined> {
  const { request, input } = context;
  using own = linkedController(input.signal);
  let late: Failure | undefined;
  const watch = watchPatience(request.patience, (failure) => {
    late = failure;
    own.abort();
  });
  try {
    for await (const part of await openStream(context, own.signal)) {
      // It comes from here, before the model is asked.
      if (part.type !== "start") watch.seen();
      if (part.type === "error" && isProse(part.error)) context.attempt.reason = "stop";
      else if (part.type === "error") throw part.error;
      if (part.type === "abort") throw own.signal.reason;
      follow(part, context);
    }
    return undefined;
  } catch (error) {
    return late ?? toFailure(error, request.model.provider);
  } finally {
    watch.stop();
    own.abort();
  }
}

/** A model that talks where it had to call a tool has answered all the same; whoever asked for the call decides what that means. */
function isProse(error: unknown): boolean {
  return error instanceof Error && error.name === "AI_ToolChoiceViolationError";
}

async function openStream(context: AttemptContext, signal: AbortSignal): Promise<AsyncIterable<Part>> {
  const { request, input } = context;
  const { streamText, jsonSchema } = await loadSDK();
  const { toolChoice, ...settings } = request.settings;
  const tools = input.tools.map((tool) => [tool.name, { description: tool.description, inputSchema: jsonSchema(tool.schema) }] as const);
  const result = streamText({
    model: request.model,
    instructions: input.instructions,
    messages: input.messages,
    ...(tools.length === 0 ? {} : { tools: Object.fromEntries(tools), toolChoice }),
    ...settings,
    maxOutputTokens: input.reservation?.maxOutputTokens ?? settings.maxOutputTokens,
    maxRetries: 0,
    abortSignal: signal,
    // Raw chunks make every message of the provider count as a sign of life, also those that say nothing.
    include: { rawChunks: true },
    // Its default prints to the console; errors come as parts of the stream.
    onError: () => {},
  });
  return result.stream;
}

function follow(part: Part, context: AttemptContext): void {
  if (part.type === "tool-input-start") {
    if (part.providerExecuted) return;
    begin(context);
    context.calls.pending(part.id, part.toolName);
  } else if (part.type === "tool-call") startCall(part, context);
  else if (part.type === "finish-step") {
    begin(context);
    context.attempt.usage = part.usage;
    context.attempt.reason = finishReasons[part.finishReason] ?? "other";
  } else {
    const events = prose(part, context.transcript);
    if (events.length > 0) begin(context);
    context.channel.push(...events);
  }
}

const finishReasons: Record<string, FinishReason> = {
  stop: "stop",
  "tool-calls": "tool-calls",
  length: "length",
  "content-filter": "content-filter",
};

function startCall(part: Extract<Part, { type: "tool-call" }>, context: AttemptContext): void {
  if (part.providerExecuted) return;
  begin(context);
  const request = { callID: part.toolCallId, tool: part.toolName, input: part.input, invalid: part.invalid === true };
  const { tool, input } = context.calls.start(request);
  context.transcript.call({ callID: part.toolCallId, tool, input, metadata: part.providerMetadata });
}

function prose(part: Part, transcript: Transcript): TurnEvent[] {
  switch (part.type) {
    case "text-start":
      return transcript.start("text", part.id, part.providerMetadata);
    case "reasoning-start":
      return transcript.start("reasoning", part.id, part.providerMetadata);
    case "text-delta":
      return transcript.delta("text", part.id, part.text, part.providerMetadata);
    case "reasoning-delta":
      return transcript.delta("reasoning", part.id, part.text, part.providerMetadata);
    case "text-end":
      return transcript.end("text", part.id, part.providerMetadata);
    case "reasoning-end":
      return transcript.end("reasoning", part.id, part.providerMetadata);
    default:
      return [];
  }
}

/** The first thing the model says starts the step for the reader. */
function begin({ attempt, channel }: AttemptContext): void {
  if (attempt.shown) return;
  attempt.shown = true;
  channel.push({ type: "step-start" });
}
