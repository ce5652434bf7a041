import { expect, test } from "vitest";
import type { Activity } from "../src/activity/activity.ts";
import { createTraces } from "../src/trace/trace.ts";
import { say, testApp, watch } from "./helpers/app.ts";
import { type CollectedSpan, collector } from "./helpers/collector.ts";

const attribute = (span: CollectedSpan | undefined, key: string) =>
  Object.values(span?.attributes.find((found) => found.key === key)?.value ?? {})[0];

test("a turn is told as a span with its steps, and below them model calls, tools and what they waited for; no content", async () => {
  await using to = await collector();
  {
    await using place = await testApp({
      files: { "secret-name.txt": "secret content" },
      config: { permission: { read: "ask" } },
      variables: { OTEL_EXPORTER_OTLP_ENDPOINT: `${to.url}/`, OTEL_EXPORTER_OTLP_HEADERS: "x-key=a%20b", OTEL_SERVICE_NAME: "mine" },
    });
    const { app, model } = place;
    using events = watch(app);
    model.calls({ name: "read", input: { filePath: place.repository.join("secret-name.txt") } }).text("secret answer");
    const session = await app.sessions.create(app.directory, { title: "secret title" });
    const answer = app.sessions.prompt(session.id, say("secret question"));
    await app.permissions.reply((await events.until("permission.asked")).properties.id, { reply: "once" });
    await answer;
  }
  const named = (name: string) => to.spans.filter((span) => span.name === name);
  const [[turn], steps, calls, [tool], [wait]] = ["turn", "step", "chat mock-1", "execute_tool read", "wait read"].map(
    named,
  ) as CollectedSpan[][] as [CollectedSpan[], CollectedSpan[], CollectedSpan[], CollectedSpan[], CollectedSpan[]];
  expect([to.spans.length, steps.length, calls.length]).toEqual([7, 2, 2]);
  expect(new Set(to.spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(turn?.parentSpanId).toBeUndefined();
  expect(steps.map(({ parentSpanId }) => parentSpanId)).toEqual([turn?.spanId, turn?.spanId]);
  expect(new Set(calls.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(steps.map(({ spanId }) => spanId)));
  expect(tool?.parentSpanId).toBe(steps[0]?.spanId);
  expect(wait?.parentSpanId).toBe(tool?.spanId);
  expect([attribute(calls[0], "gen_ai.request.model"), attribute(calls[0], "gen_ai.usage.input_tokens")]).toEqual(["mock-1", "100"]);
  const [request] = to.requests;
  expect(request).toMatchObject({ path: "/v1/traces", headers: { "x-key": "a b", "content-type": "application/json" } });
  expect(request?.text).toContain('"mine"');
  expect(to.requests.map(({ text }) => text).join()).not.toContain("secret");
});

test("a sub-agent's turn is a part of the turn that started it; a failed one says so", async () => {
  await using to = await collector();
  {
    await using place = await testApp({ variables: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${to.url}/there` } });
    const { app, model } = place;
    model.calls({ name: "task", input: { description: "Look", prompt: "Look around", subagent_type: "general" } });
    model.error(401).text("Never mind.");
    const session = await app.sessions.create(app.directory, { title: "A session" });
    await app.sessions.prompt(session.id, say("Hi"));
  }
  const [inner, outer] = to.spans.filter(({ name }) => name === "turn");
  expect([inner?.parentSpanId, inner?.traceId]).toEqual([outer?.spanId, outer?.traceId]);
  expect([inner?.status, outer?.status]).toEqual([{ code: 2, message: "APIError" }, { code: 1 }]);
  expect(to.requests[0]?.path).toBe("/there");
});

test("a collector that is not there costs a turn nothing", async () => {
  const to = await collector();
  await to[Symbol.asyncDispose]();
  await using place = await testApp({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: to.url } });
  const { app, model } = place;
  model.text("Fine.");
  const session = await app.sessions.create(app.directory, { title: "A session" });
  expect((await app.sessions.prompt(session.id, say("Hi"))).info).toMatchObject({ finish: "stop" });
});

test("one that never answers does not hold up the end of the server", async () => {
  await using to = await collector("silence");
  const { traces, errors, tell } = told(to);
  tell(1);
  await expect.poll(() => to.requests.length).toBe(1);
  await traces[Symbol.asyncDispose]();
  expect(traces.stats()).toEqual({ sent: 0, dropped: 1 });
  expect(errors).toHaveLength(1);
});

/** Activities that a test tells, and what becomes of them. */
function told(options: { url: string; config?: boolean }) {
  const followers = new Set<(activity: Activity) => void>();
  const errors: unknown[] = [];
  const traces = createTraces({
    activities: {
      follow(listener) {
        followers.add(listener);
        return { [Symbol.dispose]: () => void followers.delete(listener) };
      },
    },
    env: options.config ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: options.url },
    version: "1",
    interval: 1,
    goodbye: 20,
    onError: (error) => errors.push(error),
  });
  const tell = (count: number) => {
    for (let number = 0; number < count; number += 1) {
      const activity: Activity = {
        kind: "turn",
        key: `${number}`,
        root: `${number}`,
        sessionID: "ses_1",
        name: "build",
        start: 1.7e12,
        end: 1.7e12,
      };
      for (const follower of followers) follower(activity);
    }
  };
  return { traces, errors, tell };
}

test("while a collector is away the newest spans wait, the oldest are dropped and counted; one line says so", async () => {
  await using to = await collector(503);
  const { traces, errors, tell } = told(to);
  await using _traces = traces;
  tell(5_000);
  await expect.poll(() => to.requests.length).toBeGreaterThan(2);
  expect(errors).toHaveLength(1);
  to.answer(200);
  await expect.poll(() => traces.stats()).toEqual({ sent: 4_096, dropped: 904 });
  expect(to.spans).toHaveLength(4_096);
});

test("what a collector refuses for good is not sent again", async () => {
  await using to = await collector(404);
  const { traces, errors, tell } = told(to);
  await using _traces = traces;
  tell(3);
  await expect.poll(() => traces.stats()).toEqual({ sent: 0, dropped: 3 });
  expect(String(errors)).toContain("OTLP over HTTP");
});

test("the configuration may name the collector", async () => {
  await using to = await collector();
  const { traces, tell } = told({ ...to, config: true });
  await using _traces = traces;
  tell(1);
  traces.open({ endpoint: to.url, headers: { authorization: "Bearer key" } });
  tell(1);
  await expect.poll(() => traces.stats()).toEqual({ sent: 1, dropped: 0 });
  expect(to.requests[0]?.headers.authorization).toBe("Bearer key");
});
