import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const nanoseconds = z.string().regex(/^\d{19}$/);
const text = z.object({ stringValue: z.string() });
const value = z.union([
  text.strict(),
  z.object({ intValue: z.string().regex(/^-?\d+$/) }).strict(),
  z.object({ doubleValue: z.number() }).strict(),
  z.object({ arrayValue: z.object({ values: z.array(text) }) }).strict(),
]);
const attributes = z.array(z.object({ key: z.string().min(1), value }).strict());

const Span = z
  .object({
    traceId: z.string().regex(/^(?!0{32})[0-9a-f]{32}$/),
    spanId: z.string().regex(/^(?!0{16})[0-9a-f]{16}$/),
    parentSpanId: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    name: z.string().min(1),
    kind: z.int().min(1).max(5),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes,
    status: z.object({ code: z.int().min(0).max(2), message: z.string().optional() }).strict(),
  })
  .strict()
  .refine(({ startTimeUnixNano: start, endTimeUnixNano: end }) => BigInt(end) >= BigInt(start));

/** `ExportTraceServiceRequest` of OTLP 1 in its JSON encoding, as far as it is used. */
const Export = z
  .object({
    resourceSpans: z.array(
      z.object({
        resource: z.object({ attributes }).strict(),
        scopeSpans: z.array(z.object({ scope: z.object({ name: z.string(), version: z.string() }), spans: z.array(Span) }).strict()),
      }),
    ),
  })
  .strict();

export type CollectedSpan = z.infer<typeof Span>;

export interface TestCollector extends AsyncDisposable {
  url: string;
  /** What was taken, span by span. */
  spans: CollectedSpan[];
  requests: { path?: string; headers: IncomingMessage["headers"]; text: string }[];
  /** The status of what is sent from now on; `silence`: no answer at all. */
  answer(status: number | "silence"): void;
}

/** A collector of OpenTelemetry as a real server. It takes only what is OTLP: anything else is answered 400, and throws when the collector is disposed of. */
export async function collector(first: number | "silence" = 200): Promise<TestCollector> {
  const spans: CollectedSpan[] = [];
  const requests: TestCollector["requests"] = [];
  const faults: unknown[] = [];
  let status = first;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ path: request.url, headers: request.headers, text: body });
    if (status === "silence") return;
    const parsed = Export.safeParse(JSON.parse(body));
    if (!parsed.success) faults.push(parsed.error);
    else if (status === 200)
      spans.push(...parsed.data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(parsed.success ? status : 400).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    answer(next) {
      status = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      if (faults.length > 0) throw faults[0];
    },
  };
}
