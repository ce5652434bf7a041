import { AppError, denialOf } from "../schema/error.ts";
import type { Channel } from "./channel.ts";
import { messageOf } from "./failure.ts";
import { type Explained, explainInvalid } from "./invalid.ts";
import type { CallOutcome } from "./results.ts";
import type { TurnEvent, TurnTool, TurnToolResult } from "./turn.ts";

export interface RequestedCall {
  callID: string;
  tool: string;
  input: unknown;
  /** The SDK could not match or parse the call. */
  invalid: boolean;
}

/** The tool calls of one step: each runs on its own as soon as the model has said it, and tells the channel what becomes of it. */
export interface Calls {
  /** The model began to say a call. */
  pending(callID: string, tool: string): void;
  /** Starts the call. Returns the name and input under which it goes into the history. */
  start(call: RequestedCall): { tool: string; input: Record<string, unknown> };
  /** Calls started so far. */
  started(): number;
  /** The ends, as errors, of the calls that the model began but never completed. */
  abandonPending(reason: string, metadata?: Record<string, unknown>): TurnEvent[];
  /** Resolves with what became of them, in the order of the calls, when all have really ended. */
  settled(): Promise<{ outcomes: CallOutcome[]; stopsTurn: boolean }>;
}

interface Running {
  callID: string;
  tool: string;
  input: Record<string, unknown>;
}

type Ending = { outcome: CallOutcome; stopsTurn: boolean };

export function createCalls(tools: TurnTool[], channel: Channel<TurnEvent>, signal: AbortSignal): Calls {
  const known = new Map(tools.map((tool) => [tool.name, tool]));
  const waiting = new Map<string, string>();
  const running: Promise<Ending>[] = [];

  const announce = (callID: string, tool: string): void => {
    if (waiting.has(callID)) return;
    waiting.set(callID, tool);
    channel.push({ type: "tool-pending", callID, tool });
  };

  return {
    pending: announce,
    start(call) {
      announce(call.callID, call.tool);
      waiting.delete(call.callID);
      const tool = known.get(call.tool);
      const valid = tool !== undefined && !call.invalid && isObject(call.input);
      const explained = valid ? undefined : explainInvalid(call, [...known.keys()]);
      const entry = explained
        ? { callID: call.callID, tool: "invalid", input: explained.input }
        : { callID: call.callID, tool: call.tool, input: call.input as Record<string, unknown> };
      running.push(explained ? completeInvalid(entry, explained, channel) : run(entry, tool as TurnTool, { channel, signal }));
      return { tool: entry.tool, input: entry.input };
    },
    started: () => running.length,
    abandonPending(error, metadata) {
      const left = [...waiting];
      waiting.clear();
      return left.map(([callID, tool]) => ({ type: "tool-error", callID, tool, input: {}, error, ...(metadata && { metadata }) }));
    },
    async settled() {
      const endings = await Promise.all(running);
      return { outcomes: endings.map((ending) => ending.outcome), stopsTurn: endings.some((ending) => ending.stopsTurn) };
    },
  };
}

/** Never rejects. The tool starts only after the reader has handled `tool-running`: what acts on the world is on record first. */
async function run(call: Running, tool: TurnTool, context: { channel: Channel<TurnEvent>; signal: AbortSignal }): Promise<Ending> {
  const { channel, signal } = context;
  const progress = progressOf(call.callID, channel);
  await channel.deliver({ type: "tool-running", ...call });
  try {
    signal.throwIfAborted();
    const result = await tool.execute({ callID: call.callID, input: call.input, signal, progress: progress.report });
    progress.stop();
    return complete(call, result, channel);
  } catch (error) {
    const metadata = progress.stop();
    return fail(call, error, { channel, signal, metadata });
  }
}

function complete(call: Running, result: TurnToolResult, channel: Channel<TurnEvent>): Ending {
  channel.push({ type: "tool-completed", ...call, ...result });
  return { outcome: { callID: call.callID, tool: call.tool, result }, stopsTurn: false };
}

function fail(
  call: Running,
  error: unknown,
  context: { channel: Channel<TurnEvent>; signal: AbortSignal; metadata: Record<string, unknown> | undefined },
): Ending {
  const interrupted = context.signal.aborted;
  const text = interrupted && !isCancelled(error) ? "Tool execution aborted" : messageOf(error);
  const more = interrupted ? { interrupted: true } : denialOf(error);
  const metadata = more === undefined ? context.metadata : { ...context.metadata, ...more };
  context.channel.push({ type: "tool-error", ...call, error: text, ...(metadata && { metadata }) });
  const stopsTurn = !interrupted && typeof error === "object" && error !== null && "stopsTurn" in error && error.stopsTurn === true;
  return { outcome: { callID: call.callID, tool: call.tool, result: { error: text } }, stopsTurn };
}

/** A tool may have words of its own for having been stopped. */
function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.data.cancelled === true;
}

async function completeInvalid(call: Running, explained: Explained, channel: Channel<TurnEvent>): Promise<Ending> {
  channel.push({ type: "tool-running", ...call });
  return complete(call, { title: "Invalid Tool", output: explained.output, metadata: { truncated: false } }, channel);
}

/** Updates that the reader has not taken yet are merged into one; after `stop`, which returns the last metadata, none is told. */
function progressOf(callID: string, channel: Channel<TurnEvent>) {
  let latest: { title?: string; metadata?: Record<string, unknown> } = {};
  let queued = false;
  let stopped = false;
  return {
    report(update: { title?: string; metadata?: Record<string, unknown> }): void {
      if (stopped) return;
      latest = { ...latest, ...update };
      if (queued) return;
      queued = true;
      channel.pushLatest(() => {
        queued = false;
        return { type: "tool-progress", callID, ...latest };
      });
    },
    stop(): Record<string, unknown> | undefined {
      stopped = true;
      return latest.metadata;
    },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
