import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { Span } from "../src/trace/span.ts";
import { say, testApp } from "./helpers/app.ts";

/** A collector of OpenTelemetry as a server: what it was sent. */
async function collector(status = 200) {
  const spans: Span[] = [];
  const requests: { url?: string; headers: IncomingMessage["headers"]; text: string }[] = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    requests.push({ url: request.url, headers: request.headers, text });
    if (status === 200) spans.push(...JSON.parse(text).resourceSpans[0].scopeSpans[0].spans);
    response.writeHead(status).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    spans,
    requests,
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("a turn is told as a span with its steps and their tools below, and no content", async () => {
  await using to = await collector();
  {
    await using place = await testApp({
      files: { "secret-name.txt": "secret content" },
      variables: { OTEL_EXPORTER_OTLP_ENDPOINT: `${to.url}/`, OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20b", OTEL_SERVICE_NAME: "mine" },
    });
    const { app, model } = place;
    model.calls({ name: "read", input: { filePath: place.repository.join("secret-name.txt") } }).text("secret answer");
    const session = await app.sessions.create(app.directory, { title: "secret title" });
    await app.sessions.prompt(session.id, say("secret question"));
  }
  const [turn, ...others] = ["turn", "step", "tool read"].map((name) => to.spans.filter((span) => span.name === name));
  const [steps = [], tools = []] = others;
  expect([turn?.length, steps.length, tools.length]).toEqual([1, 2, 1]);
  expect(new Set(to.spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(steps.map(({ parentSpanId }) => parentSpanId)).toEqual([turn?.[0]?.spanId, turn?.[0]?.spanId]);
  expect(tools[0]?.parentSpanId).toBe(steps[0]?.spanId);
  expect(steps[0]?.attributes).toContainEqual({ key: "gen_ai.request.model", value: { stringValue: "mock-1" } });
  for (const { startTimeUnixNano, endTimeUnixNano, traceId, spanId } of to.spans) {
    expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
    expect([traceId, spanId]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{16}$/)]);
  }
  const [request] = to.requests;
  expect(request).toMatchObject({ url: "/v1/traces", headers: { "x-key": "a b", "content-type": "application/json" } });
  expect(request?.text).toContain('"mine"');
  expect(to.requests.map(({ text }) => text).join()).not.toContain("secret");
});

test("a collector that refuses costs nothing but a line in the log", async () => {
  await using to = await collector(500);
  await using place = await testApp({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: to.url } });
  const { app, model } = place;
  model.text("Fine.");
  const session = await app.sessions.create(app.directory, { title: "A session" });
  expect((await app.sessions.prompt(session.id, say("Hi"))).info).toMatchObject({ finish: "stop" });
});
