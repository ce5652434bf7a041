import type { Attempt, AttemptContext, AttemptInput } from "./attempt.ts";
import { createCalls } from "./calls.ts";
import { createChannel } from "./channel.ts";
import { toolMessages } from "./results.ts";
import { linkedController } from "./signal.ts";
import { readModel } from "./stream.ts";
import { createTranscript } from "./transcript.ts";
import type { ModelOutcome, TurnEvent, TurnRequest } from "./turn.ts";
import { toTokens } from "./usage.ts";

/**
 * One model call and its tools. Yields what happens as it happens and returns when the stream and every tool have ended; leaving
 * it early aborts both. A failure is returned, not thrown.
 */
export async function* runAttempt(request: TurnRequest, input: AttemptInput): AsyncGenerator<TurnEvent, Attempt> {
  using turn = linkedController(input.signal);
  const channel = createChannel<TurnEvent>();
  const calls = createCalls(input.tools, channel, turn.signal);
  const attempt = createAttempt();
  const context = { request, input: { ...input, signal: turn.signal }, channel, transcript: createTranscript(), calls, attempt };
  const work = perform(context).finally(() => channel.close());
  try {
    yield* channel;
  } finally {
    turn.abort();
    await work;
  }
  return attempt;
}

/** An attempt of which nothing is known yet but, maybe, that it cannot be made. */
export function createAttempt(failure?: Attempt["failure"]): Attempt {
  return {
    messages: [],
    calls: 0,
    shown: false,
    unended: [],
    rejected: false,
    answered: false,
    reason: "other",
    usage: undefined,
    failure,
  };
}

async function perform(context: AttemptContext): Promise<void> {
  const { attempt, calls, transcript, request } = context;
  attempt.failure = await readModel(context);
  await context.input.reservation?.settle(outcomeOf(context));
  endOpen(context);
  const { outcomes, stopsTurn } = await calls.settled();
  attempt.calls = calls.started();
  attempt.rejected = stopsTurn;
  attempt.answered = outcomes.some(
    ({ tool, result }) => !("error" in result) && context.input.tools.some(({ name, final }) => final && name === tool),
  );
  attempt.messages = [...transcript.message(), ...toolMessages(outcomes, request.model.provider)];
}

function outcomeOf({ attempt, transcript }: AttemptContext): ModelOutcome {
  const { usage, failure, shown } = attempt;
  const { statusCode = 0 } = failure?.error.name === "APIError" ? failure.error.data : {};
  return {
    tokens: (usage?.inputTokens ?? usage?.outputTokens) === undefined ? undefined : toTokens(usage),
    error: failure?.error.name,
    refused: !shown && (statusCode >= 400 || failure?.error.name === "ContextOverflowError"),
    said: Buffer.byteLength(JSON.stringify(transcript.message())),
  };
}

/** What is open when the model's stream has ended is ended too if it is to be kept, else left to whoever decides about a retry. */
function endOpen({ attempt, calls, transcript, channel, input }: AttemptContext): void {
  const kept = !attempt.failure || calls.started() > 0 || input.signal.aborted;
  const interrupted = input.signal.aborted;
  const ends = [
    ...transcript.endAll(),
    ...(interrupted
      ? calls.abandonPending("Tool execution aborted", { interrupted: true })
      : calls.abandonPending("The model's answer broke off before this call was complete; it was not run.")),
  ];
  if (!kept) attempt.unended = ends;
  else channel.push(...ends);
}
