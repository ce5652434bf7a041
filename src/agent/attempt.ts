import type { LanguageModelUsage, ModelMessage } from "ai";
import type { Calls } from "./calls.ts";
import type { Channel } from "./channel.ts";
import type { Failure } from "./failure.ts";
import type { Transcript } from "./transcript.ts";
import type { FinishReason, Reservation, TurnEvent, TurnRequest, TurnTool } from "./turn.ts";

export interface AttemptInput {
  messages: ModelMessage[];
  instructions: string;
  tools: TurnTool[];
  /** What the call may spend. */
  reservation?: Reservation;
  /** Aborts the whole turn: the request and the tools. */
  signal: AbortSignal;
}

/** What one model call, with the tools it started, came to. */
export interface Attempt {
  /** What it adds to the history: the model's message and the tools' answers. */
  messages: ModelMessage[];
  /** Tool calls started; all have ended. */
  calls: number;
  /** Whether the reader has seen anything of it. */
  shown: boolean;
  /** The ends of what is still open, for a reader who is to keep it. Empty unless the attempt failed before a tool was started. */
  unended: TurnEvent[];
  /** A tool's error asked for the end of the turn. */
  rejected: boolean;
  /** A call of a tool whose result is the answer succeeded. */
  answered: boolean;
  reason: FinishReason;
  usage: LanguageModelUsage | undefined;
  failure: Failure | undefined;
}

export interface AttemptContext {
  request: TurnRequest;
  input: AttemptInput;
  channel: Channel<TurnEvent>;
  transcript: Transcript;
  calls: Calls;
  attempt: Attempt;
}
