import type { ModelMessage } from "ai";
import type { Attempt } from "./attempt.ts";
import { aborted, type Failure, toFailure } from "./failure.ts";
import lastStep from "./last-step.md";
import { retryDelay, wait } from "./retry.ts";
import { loadSDK } from "./sdk.ts";
import { type LinkedController, linkedController } from "./signal.ts";
import { createAttempt, runAttempt } from "./step.ts";
import type { FinishReason, TurnEvent, TurnRequest } from "./turn.ts";
import { toTokens } from "./usage.ts";

export { type CallOutcome, toolMessages } from "./results.ts";

/**
 * Runs a turn: model calls, each followed by the tools it asked for, until the model asks for none. Yields what happens, in
 * order, and never throws for what a model or a tool did. Ids of texts and reasonings are unique within a step's attempt.
 * `return()` aborts the model request and the tools at once, also while a `next()` waits.
 */
export function runTurn(request: TurnRequest): AsyncGenerator<TurnEvent> {
  const turn = linkedController(request.signal);
  const events = guarded(request, turn);
  const leave = (): void => {
    turn.abort();
    // A generator that was never started runs no `finally`.
    turn[Symbol.dispose]();
  };
  return {
    next: () => events.next(),
    return(value) {
      leave();
      return events.return(value);
    },
    throw(error) {
      leave();
      return events.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined);
    },
  };
}

async function* guarded(request: TurnRequest, turn: LinkedController): AsyncGenerator<TurnEvent> {
  using _ = turn;
  try {
    yield* steps(request, turn.signal);
  } catch (error) {
    yield { type: "turn-error", error: toFailure(error, request.model.provider).error };
  }
}

async function* steps(request: TurnRequest, signal: AbortSignal): AsyncGenerator<TurnEvent> {
  const messages = [...request.messages];
  // Before the first request, so that its time does not count as the model's silence.
  await loadSDK();
  // Failures in a row: a step that broke off after it had started tools goes on as a new step, and still counts.
  const failures = { count: 0 };
  for (let number = 1; ; number++) {
    const last = request.maxSteps !== undefined && number >= request.maxSteps;
    if (signal.aborted) return yield { type: "turn-error", error: aborted };
    yield { type: "step" };
    const attempt = yield* attempts({ request, messages, last, signal, failures });
    if (signal.aborted && (attempt.failure || attempt.calls > 0))
      return yield { type: "turn-error", error: aborted, ...usageOf(attempt, request) };
    if (attempt.failure && (attempt.calls === 0 || failures.count >= request.retry.attempts || !attempt.failure.retryable)) {
      return yield* fail(attempt, attempt.failure, request);
    }
    yield { type: "step-finish", reason: reasonOf(attempt), ...usageOf(attempt, request) };
    const ending = endOf(attempt, last && request.tools.length > 0);
    if (ending && (last || !mayGoOn(ending))) return yield ending;
    if (!ending && !attempt.failure && request.outgrown?.(toTokens(attempt.usage)))
      return yield { type: "turn-finish", reason: "outgrown" };
    if (attempt.failure) yield* pause(attempt.failure, { request, signal, failures });
    const incoming = signal.aborted ? [] : ((await request.incoming?.()) ?? []);
    if (ending && incoming.length === 0) return yield ending;
    messages.push(...attempt.messages, ...incoming);
  }
}

interface StepContext {
  request: TurnRequest;
  messages: ModelMessage[];
  last: boolean;
  signal: AbortSignal;
  failures: { count: number };
}

/** One step: repeats the model call while it fails in a way that passes and has started no tool. */
async function* attempts(context: StepContext): AsyncGenerator<TurnEvent, Attempt> {
  const { request, messages, last, signal, failures } = context;
  const instructions = [...request.system, ...(last && request.tools.length > 0 ? [lastStep.trim()] : [])].join("\n\n");
  for (;;) {
    const tools = last ? [] : request.tools;
    const reservation = await request.budget?.reserve({ system: instructions, messages, tools, signal });
    if (reservation && "refused" in reservation) return createAttempt({ error: reservation.refused, retryable: false });
    const attempt = yield* runAttempt(request, { messages, instructions, tools, reservation, signal });
    failures.count = attempt.failure ? failures.count + 1 : 0;
    if (!attempt.failure?.retryable || attempt.calls > 0) return attempt;
    if (signal.aborted || failures.count >= request.retry.attempts) return attempt;
    if (attempt.shown) yield { type: "step-discard" };
    yield* pause(attempt.failure, { request, signal, failures });
    if (signal.aborted) return { ...attempt, unended: [] };
  }
}

async function* pause(failure: Failure, context: Pick<StepContext, "request" | "signal" | "failures">): AsyncGenerator<TurnEvent> {
  const { request, signal, failures } = context;
  const delay = retryDelay(failures.count, request.retry, failure.headers);
  const message = "message" in failure.error.data ? String(failure.error.data.message) : failure.error.name;
  yield { type: "retry", attempt: failures.count, message, next: Date.now() + delay, error: failure.error };
  await wait(delay, signal);
}

/** The turn ends here for a failure; what was shown is kept. */
async function* fail(attempt: Attempt, failure: Failure, request: TurnRequest): AsyncGenerator<TurnEvent> {
  yield* attempt.unended;
  if (attempt.calls > 0) yield { type: "step-finish", reason: "other", ...usageOf(attempt, request) };
  yield { type: "turn-error", error: failure.error };
}

function endOf(attempt: Attempt, withoutTools: boolean): TurnEvent | undefined {
  if (attempt.rejected) return { type: "turn-finish", reason: "rejected" };
  if (attempt.failure) return undefined;
  if (attempt.answered) return { type: "turn-finish", reason: "stop" };
  if (attempt.reason === "content-filter") {
    return {
      type: "turn-error",
      error: { name: "ContentFilterError", data: { message: "The provider's content filter stopped the answer." } },
    };
  }
  if (withoutTools) return { type: "turn-finish", reason: "max-steps" };
  return attempt.calls === 0 ? { type: "turn-finish", reason: attempt.reason } : undefined;
}

/** A turn that failed, was refused or has used up its steps is over, whatever was said in the meantime. */
function mayGoOn(ending: TurnEvent): boolean {
  return ending.type === "turn-finish" && ending.reason !== "rejected" && ending.reason !== "max-steps";
}

/** Some servers say `stop` for an answer that asks for tools. */
function reasonOf(attempt: Attempt): FinishReason {
  if (attempt.failure) return "other";
  return attempt.calls > 0 && (attempt.reason === "stop" || attempt.reason === "other") ? "tool-calls" : attempt.reason;
}

function usageOf(attempt: Attempt, request: TurnRequest) {
  const tokens = toTokens(attempt.usage);
  return { tokens, cost: attempt.usage ? request.price(tokens) : 0 };
}
