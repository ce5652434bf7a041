import type { Span } from "./span.ts";

/** Where traces go: OTLP over HTTP, as JSON. */
export interface Collector {
  url: string;
  headers: Record<string, string>;
  service: string;
  version: string;
}

/** The collector that the variables of OpenTelemetry name; undefined when they name none. */
export function collectorOf(env: NodeJS.ProcessEnv, version: string): Collector | undefined {
  if (env.OTEL_SDK_DISABLED === "true") return undefined;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || (base && `${base.replace(/\/+$/, "")}/v1/traces`);
  if (!url) return undefined;
  const headers = pairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS || env.OTEL_EXPORTER_OTLP_HEADERS || "");
  return { url, headers, service: env.OTEL_SERVICE_NAME || "codeport", version };
}

/** `name=value,name=value`, percent-encoded. */
function pairs(text: string): Record<string, string> {
  const entries = text.split(",").filter((pair) => pair.includes("="));
  return Object.fromEntries(
    entries.map((pair) => [pair.slice(0, pair.indexOf("=")).trim(), decode(pair.slice(pair.indexOf("=") + 1).trim())]),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const patience = 10_000;

/** Throws Error when the collector does not take them. */
export async function send({ url, headers, service, version }: Collector, spans: Span[]): Promise<void> {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  const body = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "codeport", version }, spans }] }] };
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patience),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The collector of traces answered ${response.status}.`);
}
