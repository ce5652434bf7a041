import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ModelMessage } from "ai";
import type { MessageError, Tokens } from "../schema/message.ts";

/**
 * A turn as a stream of facts, in the order they happened. Whoever pulls the stream saves and publishes them; the loop
 * itself knows no session, no store and no host. It never throws for what a model or a tool did: a failed turn ends with
 * `turn-error`, an aborted one too (MessageAbortedError), after it has closed every open part.
 */
export type TurnEvent =
  /** A model request is about to be written. One per step; a retry of the same step does not repeat it. */
  | { type: "step" }
  /** The model began to answer. Carries nothing else. */
  | { type: "step-start" }
  | { type: "text-start" | "reasoning-start"; id: string }
  | { type: "text-delta" | "reasoning-delta"; id: string; delta: string }
  /** The whole text, so that the reader need not add up deltas. Sent on abort and failure too. */
  | { type: "text-end" | "reasoning-end"; id: string; text: string; metadata?: Record<string, unknown> }
  | { type: "tool-pending"; callID: string; tool: string }
  | { type: "tool-running"; callID: string; tool: string; input: Record<string, unknown>; metadata?: Record<string, unknown> }
  | { type: "tool-progress"; callID: string; title?: string; metadata?: Record<string, unknown> }
  | ({ type: "tool-completed"; callID: string; tool: string; input: Record<string, unknown> } & TurnToolResult)
  | { type: "tool-error"; callID: string; tool: string; input: Record<string, unknown>; error: string; metadata?: Record<string, unknown> }
  /** What this step's attempt produced so far is void (a retry follows): parts since `step-start` are to be removed. */
  | { type: "step-discard" }
  | { type: "step-finish"; reason: FinishReason; tokens: Tokens; cost: number }
  /** The attempt failed and will be repeated at `next` (epoch ms). */
  | { type: "retry"; attempt: number; message: string; next: number; error: MessageError }
  /** `tokens` and `cost`: what an aborted step is known to have used; it has no `step-finish`. */
  | { type: "turn-error"; error: MessageError; tokens?: Tokens; cost?: number }
  /** The last event of a turn that did not fail. `rejected`: a person refused a permission, the turn stops there. `outgrown`: `outgrown()` said so after a step that asked for tools; the turn can be taken up again with a shorter conversation. */
  | { type: "turn-finish"; reason: FinishReason | "rejected" | "max-steps" | "outgrown" };

export type FinishReason = "stop" | "tool-calls" | "length" | "content-filter" | "other" | "unknown";

export interface TurnToolResult {
  title: string;
  output: string;
  metadata: Record<string, unknown>;
  attachments?: { mime: string; url: string; filename?: string }[];
}

export interface TurnTool {
  name: string;
  description: string;
  /** JSON Schema of the input, given to the model. */
  schema: Record<string, unknown>;
  /** A successful call ends the turn after its step: its result is the answer. */
  final?: boolean;
  /**
   * Runs one call. `input` is the model's JSON, not yet validated: the tool validates and throws. A thrown error becomes a
   * tool-error that the model reads; an error whose `stopsTurn` is true ends the turn after this step.
   */
  execute(call: {
    callID: string;
    input: unknown;
    signal: AbortSignal;
    progress(update: { title?: string; metadata?: Record<string, unknown> }): void;
  }): Promise<TurnToolResult>;
}

export interface TurnRequest {
  model: LanguageModelV4;
  /** System texts, in order; joined by blank lines. */
  system: string[];
  messages: ModelMessage[];
  tools: TurnTool[];
  settings: {
    temperature?: number;
    topP?: number;
    maxOutputTokens?: number;
    /** `required`: the model has to call a tool in every step. */
    toolChoice?: "auto" | "required";
    providerOptions?: Record<string, never>;
    headers?: Record<string, string>;
  };
  /**
   * What was said to the model since it was asked last, to be told with the next request. Asked before each step but the first, and
   * once more when the turn would end by itself: with something new it goes on.
   */
  incoming?(): Promise<ModelMessage[]>;
  /** What the turn may spend; without it there is no limit. */
  budget?: TurnBudget;
  /** Dollars for a call's tokens. */
  price(tokens: Tokens): number;
  /** Asked after each step that asked for tools, with what the step used: whether the conversation has become too long for another one. */
  outgrown?(tokens: Tokens): boolean;
  /** At most this many model calls; the last one is made without tools. */
  maxSteps?: number;
  retry: RetryPolicy;
  patience: Patience;
  signal: AbortSignal;
}

/** How long a call of a model may take, in milliseconds (false: for ever). Past a limit the attempt counts as failed, and may be repeated. */
export interface Patience {
  /** Without a byte from the model. */
  idle: number | false;
  /** Until the first of them; `idle` unless told. */
  first?: number | false;
  /** From beginning to end; for ever unless told. */
  whole?: number | false;
}

/** Asked before every model call, a repeated one too. */
export interface TurnBudget {
  /**
   * Takes hold of what the call can come to at most; waits while that is held by calls that still run. `refused`: there is no room for
   * it, or the signal aborted; the turn ends with that error. Throws only what the store throws.
   */
  reserve(call: {
    system: string;
    messages: ModelMessage[];
    tools: TurnTool[];
    signal: AbortSignal;
  }): Promise<Reservation | { refused: MessageError }>;
}

export interface Reservation {
  /** The longest answer that is paid for. */
  maxOutputTokens?: number;
  /** Called once, when the model's stream has ended, whichever way. */
  settle(outcome: ModelOutcome): Promise<void>;
}

/** What a model call came to. */
export interface ModelOutcome {
  /** As the provider reported; undefined where it did not. */
  tokens: Tokens | undefined;
  /** The provider answered with an error and nothing else. */
  refused: boolean;
  /** The name of the fault that ended the stream; undefined when it ended as it should. */
  error?: string;
  /** Bytes of what the model said. */
  said: number;
}

export interface RetryPolicy {
  /** Attempts in all for one step. */
  attempts: number;
  /** First delay in ms; doubled each time up to `maximum`. A `retry-after` or `retry-after-ms` header of the answer wins. */
  initial: number;
  maximum: number;
}
