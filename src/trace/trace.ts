import { setTimeout as delay } from "node:timers/promises";
import type { Activities } from "../activity/activity.ts";
import { type CollectorOptions, collectorOf, send } from "./export.ts";
import { type Span, toSpan } from "./span.ts";

/**
 * Tells a collector of OpenTelemetry of turns and what they consist of. Nothing that works waits for it: spans wait in a bounded queue, and the
 * oldest are dropped when the collector is away for long.
 */
export interface Traces extends AsyncDisposable {
  /** Begins to tell the collector that the configuration names, unless the environment named one already. */
  open(config: CollectorOptions["config"]): void;
  /** Spans that were sent, and those that were dropped. */
  stats(): { sent: number; dropped: number };
}

export interface TraceOptions extends Pick<CollectorOptions, "env" | "version"> {
  activities: Pick<Activities, "follow">;
  /** Milliseconds between two sendings; 2 s unless told. */
  interval?: number;
  /** Milliseconds that the collector has for what is left when the server ends; 2 s unless told. */
  goodbye?: number;
  /** Told when the collector does not take spans, once until it does again. */
  onError(error: unknown): void;
}

/** Spans that wait to be sent: some megabytes. */
const most = 4_096;
const batch = 512;
/** Milliseconds that the collector has for a batch. */
const patience = 10_000;

export function createTraces(options: TraceOptions): Traces {
  const { env, version, activities } = options;
  let exporter: Exporter | undefined;
  let following: Disposable | undefined;
  const open: Traces["open"] = (config) => {
    const collector = exporter === undefined ? collectorOf({ env, version, config }) : undefined;
    if (collector === undefined) return;
    const opened = createExporter((spans, signal) => send(collector, spans, signal), options);
    exporter = opened;
    following = activities.follow((activity) => opened.add(toSpan(activity)));
  };
  open(undefined);
  return {
    open,
    stats: () => exporter?.stats() ?? { sent: 0, dropped: 0 },
    async [Symbol.asyncDispose]() {
      following?.[Symbol.dispose]();
      await exporter?.close();
    },
  };
}

interface Exporter {
  add(span: Span): void;
  stats(): { sent: number; dropped: number };
  /** Sends what is left, as far as the time allows. */
  close(): Promise<void>;
}

type Send = (spans: Span[], signal: AbortSignal) => Promise<"taken" | "refused">;

function createExporter(sendTo: Send, { interval = 2_000, goodbye = 2_000, onError }: TraceOptions): Exporter {
  const closing = new AbortController();
  let waiting: Span[] = [];
  let isDown = false;
  const stats = { sent: 0, dropped: 0 };

  async function flush(signal: AbortSignal): Promise<void> {
    while (waiting.length > 0) {
      const spans = waiting.slice(0, batch);
      const answer = await sendTo(spans, signal);
      const sent = new Set(spans);
      waiting = waiting.filter((span) => !sent.has(span));
      stats[answer === "taken" ? "sent" : "dropped"] += spans.length;
      if (answer === "refused") throw new Error("The collector of traces refuses what it is sent: is the endpoint one of OTLP over HTTP?");
      isDown = false;
    }
  }

  /** `cutOff`: ends the attempt early. */
  async function attempt(cutOff: AbortSignal, milliseconds: number): Promise<void> {
    try {
      await flush(AbortSignal.any([cutOff, AbortSignal.timeout(milliseconds)]));
    } catch (error) {
      if (cutOff.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      if (!isDown)
        onError(
          new Error(`The collector of traces is not to be had (${reason}): turns go on, their oldest spans are dropped in time.`, {
            cause: error,
          }),
        );
      isDown = true;
    }
  }

  const repeat = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await delay(interval, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      if (!closing.signal.aborted) await attempt(closing.signal, patience);
    }
  };
  const repeating = repeat();

  return {
    add(span) {
      waiting.push(span);
      if (waiting.length <= most) return;
      waiting.shift();
      stats.dropped += 1;
    },
    stats: () => ({ ...stats }),
    async close() {
      closing.abort();
      await repeating;
      await attempt(new AbortController().signal, goodbye);
      stats.dropped += waiting.length;
    },
  };
}
