import { type EventLog, every } from "../event/log.ts";
import type { AnyEvent } from "../schema/event.ts";
import { type Collector, collectorOf, send } from "./export.ts";
import { type Span, stepSpan, toolSpan, turnSpan } from "./span.ts";

export interface TraceOptions {
  log: Pick<EventLog, "readOn">;
  env: NodeJS.ProcessEnv;
  version: string;
  /** Milliseconds between two sendings; 2 s unless told. */
  interval?: number;
  /** Told when the collector does not take spans, once until it does again. */
  onError(error: unknown): void;
}

/** Spans that wait to be sent; beyond them the oldest are dropped: a collector that is away must not fill the memory. */
const most = 4_096;
const batch = 512;

/**
 * Tells a collector of turns, their steps (model calls) and tool calls: names, ids, times and numbers, never what was said. It reads the log,
 * so nothing that works waits for it. Undefined when no collector is configured.
 */
export function createTraces(options: TraceOptions): AsyncDisposable | undefined {
  const collector = collectorOf(options.env, options.version);
  return collector && follow(collector, options);
}

function follow(collector: Collector, { log, interval = 2_000, onError }: TraceOptions): AsyncDisposable {
  const stop = new AbortController();
  const read = createReader();
  let waiting: Span[] = [];
  let isDown = false;

  const entries = log.readOn({ signal: stop.signal });
  const take = async (): Promise<void> => {
    for await (const { event, milestone } of entries) waiting = [...waiting, ...read(event, milestone === "finished")].slice(-most);
  };
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const spans = waiting.slice(0, batch);
      try {
        await send(collector, spans);
      } catch (error) {
        if (!isDown) onError(error);
        isDown = true;
        return;
      }
      isDown = false;
      const sent = new Set(spans);
      waiting = waiting.filter((span) => !sent.has(span));
    }
  };
  const running = take().catch(onError);
  const periodic = every(interval, flush, onError);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await periodic.stop();
      await flush();
    },
  };
}

/** Events to spans; knows of each session the turn that it is in. */
function createReader(): (event: AnyEvent, isFinished: boolean) => Span[] {
  const turns = new Map<string, { messageID: string; start: number; error?: string }>();
  return (event, isFinished) => {
    if (event.type === "message.updated" && event.properties.info.role === "assistant") {
      const message = event.properties.info;
      const known = turns.get(message.sessionID);
      const begun = known?.messageID === message.parentID ? known : { messageID: message.parentID, start: message.time.created };
      turns.set(message.sessionID, { ...begun, error: message.error?.name });
      return isFinished ? [stepSpan(message)] : [];
    }
    if (event.type === "message.part.updated" && event.properties.part.type === "tool") {
      const { part } = event.properties;
      const span = toolSpan(part, turns.get(part.sessionID)?.messageID ?? part.messageID);
      return span === undefined ? [] : [span];
    }
    if (event.type !== "session.idle") return [];
    const { sessionID } = event.properties;
    const turn = turns.get(sessionID);
    turns.delete(sessionID);
    return turn === undefined ? [] : [turnSpan({ sessionID, ...turn, end: Date.now() })];
  };
}
