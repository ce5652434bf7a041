import { monitorEventLoopDelay } from "node:perf_hooks";
import { AppError } from "../schema/error.ts";
import type { Endpoint, Host } from "./exchange.ts";
import { exposition, type Metric } from "./exposition.ts";
import { countTurns } from "./turn-counts.ts";

const nanoseconds = 1e-9;
const quantiles = [0.5, 0.9, 0.99];

/** `GET /metrics` for Prometheus. What is counted is counted from the first look on: a server that nobody looks at does not count. */
export function createMetrics(host: Host): Endpoint {
  const { app } = host;
  const turns = countTurns(app.log, (error) => app.serverLog.fault(error));
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  return async ({ principal, response }) => {
    if (!principal.scopes.includes("read") || principal.directories !== undefined)
      throw new AppError("ForbiddenError", 'This needs the scope "read", in all directories.', { scope: "read" });
    const body = exposition([...(await state(host)), ...turns(), ...loop(delay)]);
    delay.reset();
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" }).end(body);
  };
}

async function state({ app, quota, requests }: Host): Promise<Metric[]> {
  const { running, waiting } = app.sessions.turns();
  const { now, evicted } = app.log.readers();
  const gauge = (name: string, help: string, value: number): Metric => ({ name, help, type: "gauge", values: [{ value }] });
  return [
    { name: "codeport_info", help: "The version.", type: "gauge", values: [{ labels: { version: app.version }, value: 1 }] },
    gauge("codeport_turns_running", "Turns that run now.", running),
    gauge("codeport_turns_waiting", "Sessions whose turn waits for a place.", waiting),
    gauge("codeport_prompts_waiting", "Prompts that were accepted and not taken up.", await app.sessions.waitingPrompts()),
    gauge("codeport_subscribers", "Event streams and WebSockets that are open.", quota.subscribers()),
    gauge("codeport_log_readers", "Readers of the log, those inside the server too.", now),
    { name: "codeport_readers_evicted_total", help: "Readers that were too slow.", type: "counter", values: [{ value: evicted }] },
    {
      name: "codeport_requests_total",
      help: "Answered requests.",
      type: "counter",
      values: [...requests].map(([status, value]) => ({ labels: { status }, value })),
    },
    gauge("process_resident_memory_bytes", "Memory of the process.", process.memoryUsage.rss()),
    gauge("process_start_time_seconds", "When the process started.", Date.now() / 1000 - process.uptime()),
  ];
}

function loop(delay: ReturnType<typeof monitorEventLoopDelay>): Metric[] {
  const name = "codeport_event_loop_delay_seconds";
  const at = (quantile: number) => ({ labels: { quantile: String(quantile) }, value: delay.percentile(quantile * 100) * nanoseconds });
  return [{ name, help: "How late timers were since the last look.", type: "summary", values: delay.count > 0 ? quantiles.map(at) : [] }];
}
