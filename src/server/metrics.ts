import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Counts } from "../activity/activity.ts";
import { AppError } from "../schema/error.ts";
import type { Endpoint, Host } from "./exchange.ts";
import { exposition, type Metric } from "./exposition.ts";

/** Milliseconds between the timers by which the event loop is measured. */
const resolution = 10;
const quantiles = [0.5, 0.9, 0.99, 1];

/** `GET /metrics` for Prometheus: totals since the start, and the state now. The event loop is watched from the first look on. */
export function createMetrics(host: Host): Endpoint {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  return async ({ principal, response }) => {
    if (!principal.scopes.includes("read") || principal.directories !== undefined)
      throw new AppError("ForbiddenError", 'This needs the scope "read", in all directories.', { scope: "read" });
    const body = exposition([
      ...(await stateOf(host)),
      ...turnMetrics(host.app.activities.counts()),
      ...hostMetrics(host),
      loopMetric(delay),
    ]);
    delay.reset();
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" }).end(body);
  };
}

async function stateOf({ app }: Host): Promise<Metric[]> {
  const { running, waiting } = app.sessions.turns();
  return [
    { name: "codeport_info", help: "The version.", type: "gauge", values: [{ labels: { version: app.version }, value: 1 }] },
    one("codeport_turns_running", "Turns that run now.", running),
    one("codeport_turns_waiting", "Sessions whose next turn waits for a place.", waiting),
    one(
      "codeport_prompts_waiting",
      "Prompts that were accepted and not taken up, of all servers of the store.",
      await app.sessions.waitingPrompts(),
    ),
  ];
}

function turnMetrics(counts: Counts): Metric[] {
  const turns = counts.turns.reduce((sum, { value }) => sum + value, 0);
  const seconds = "codeport_turn_seconds";
  return [
    counter("codeport_turns_total", "Turns that ended.", counts.turns),
    {
      name: seconds,
      help: "What they took.",
      type: "summary",
      values: [
        { suffix: "_sum", value: counts.turnSeconds },
        { suffix: "_count", value: turns },
      ],
    },
    counter("codeport_model_calls_total", "Calls of models that ended, repeated ones too.", counts.calls),
    counter("codeport_tokens_total", "Tokens that providers reported.", counts.tokens),
    counter("codeport_cost_dollars_total", "What they cost.", counts.cost),
    counter("codeport_tool_calls_total", "Tool calls of turns that ended.", counts.tools),
    counter("codeport_wait_seconds_total", "What turns waited for people.", counts.waits),
  ];
}

function hostMetrics({ app, quota, requests }: Host): Metric[] {
  const { now, evicted } = app.log.readers();
  const { sent, dropped } = app.traces.stats();
  const subscribers = Object.entries(quota.subscribers()).map(([transport, value]) => ({ labels: { transport }, value }));
  return [
    { name: "codeport_subscribers", help: "Event streams and WebSockets that are open.", type: "gauge", values: subscribers },
    one("codeport_log_readers", "Readers of the log, those inside the server too.", now),
    counter("codeport_evictions_total", "Readers that were too slow and were closed.", [{ value: evicted }]),
    counter(
      "codeport_requests_total",
      "Requests that are over.",
      [...requests].map(([status, value]) => ({ labels: { status }, value })),
    ),
    counter("codeport_spans_total", "Spans for the collector of traces.", [
      { labels: { fate: "sent" }, value: sent },
      { labels: { fate: "dropped" }, value: dropped },
    ]),
    one("process_resident_memory_bytes", "Memory of the process.", process.memoryUsage.rss()),
    one("process_start_time_seconds", "When the process started.", Math.round(Date.now() - process.uptime() * 1000) / 1000),
  ];
}

/** What is measured is the time between two timers: what exceeds the resolution is delay. */
function loopMetric(delay: ReturnType<typeof monitorEventLoopDelay>): Metric {
  const late = (quantile: number) => Math.max(0, delay.percentile(quantile * 100) / 1e9 - resolution / 1000);
  const values = quantiles.map((quantile) => ({ labels: { quantile: String(quantile) }, value: late(quantile) }));
  const help = "How late timers were since the last look.";
  return { name: "codeport_event_loop_delay_seconds", help, type: "summary", values: delay.count > 0 ? values : [] };
}

function one(name: string, help: string, value: number): Metric {
  return { name, help, type: "gauge", values: [{ value }] };
}

function counter(name: string, help: string, values: Metric["values"]): Metric {
  return { name, help, type: "counter", values };
}
