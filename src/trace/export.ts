import type { Span } from "./span.ts";

/** Where traces go: OTLP over HTTP, as JSON. */
export interface Collector {
  url: string;
  headers: Record<string, string>;
  service: string;
  version: string;
}

/** The collector that the configuration names; the variables of OpenTelemetry win over it. Undefined when neither names one. */
export function collectorOf({ env, version, config }: CollectorOptions): Collector | undefined {
  if (env.OTEL_SDK_DISABLED === "true" || env.OTEL_TRACES_EXPORTER === "none") return undefined;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT || config?.endpoint;
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || (base && `${base.replace(/\/+$/, "")}/v1/traces`);
  if (!url) return undefined;
  const headers = { ...config?.headers, ...pairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS || env.OTEL_EXPORTER_OTLP_HEADERS || "") };
  return { url, headers, service: env.OTEL_SERVICE_NAME || "codeport", version };
}

export interface CollectorOptions {
  env: NodeJS.ProcessEnv;
  version: string;
  config?: { endpoint: string; headers?: Record<string, string> };
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

/** What is worth sending again, by the protocol. */
const passing = new Set([408, 429, 502, 503, 504]);

/** `refused`: the collector will not take them, now or later. Throws Error when it is worth trying again. */
export async function send(
  { url, headers, service, version }: Collector,
  spans: Span[],
  signal: AbortSignal,
): Promise<"taken" | "refused"> {
  const resource = {
    attributes: [
      { key: "service.name", value: { stringValue: service } },
      { key: "service.version", value: { stringValue: version } },
    ],
  };
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "codeport", version }, spans }] }] }),
    // The headers may hold a key: it goes where it was meant to go, or nowhere.
    redirect: "error",
    signal,
  });
  await response.body?.cancel();
  if (passing.has(response.status)) throw new Error(`The collector of traces answered ${response.status}.`);
  return response.ok ? "taken" : "refused";
}
