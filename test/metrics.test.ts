import { expect, test } from "vitest";
import { createCounts } from "../src/activity/counts.ts";
import { exposition } from "../src/server/exposition.ts";
import { say } from "./helpers/app.ts";
import { parseExposition } from "./helpers/exposition.ts";
import { send } from "./helpers/host.ts";
import { testServer } from "./helpers/server.ts";
import { stalledReader } from "./helpers/stalled.ts";

async function metrics(url: string, headers: Record<string, string> = {}): Promise<Map<string, number>> {
  const reply = await send(`${url}/metrics`, { headers });
  expect([reply.status, reply.headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  return parseExposition(reply.text);
}

test("what turns did, what waits and who reads is told without ids and content", async () => {
  await using server = await testServer({ files: { "secret-name.txt": "secret content" } });
  const { app, model, url, repository } = server;
  const none = await metrics(url);
  expect([none.get("codeport_turns_running"), none.get("codeport_turn_seconds_count")]).toEqual([0, 0]);
  model.calls({ name: "read", input: { filePath: repository.join("secret-name.txt") } }, { usage: { input: 5, output: 2 } });
  model.text("secret answer", { usage: { input: 7, output: 3 } });
  const session = await app.sessions.create(app.directory, { title: "secret title" });
  await app.sessions.prompt(session.id, say("secret question"));
  await app.sessions.prompt(session.id, { ...say("Only stored"), noReply: true });
  using _reader = await stalledReader(url, "SSE");
  await expect.poll(async () => (await metrics(url)).get('codeport_turns_total{outcome="completed"}')).toBe(1);
  await send(`${url}/nowhere`);
  await send(`${url}/session`, { headers: { host: "evil.example" } });
  const { text } = await send(`${url}/metrics`);
  expect(text).not.toMatch(/ses_|msg_|prt_|secret/);
  expect(Object.fromEntries(parseExposition(text))).toMatchObject({
    'codeport_info{version="0.0.0-test"}': 1,
    'codeport_model_calls_total{provider="mock",model="mock-1",outcome="completed"}': 2,
    'codeport_tokens_total{provider="mock",model="mock-1",kind="input"}': 12,
    'codeport_tokens_total{provider="mock",model="mock-1",kind="output"}': 5,
    'codeport_tool_calls_total{tool="read",outcome="completed"}': 1,
    'codeport_subscribers{transport="sse"}': 1,
    codeport_prompts_waiting: 0,
    codeport_evictions_total: 0,
    'codeport_requests_total{status="404"}': 1,
    'codeport_requests_total{status="403"}': 1,
    process_resident_memory_bytes: expect.toSatisfy((bytes) => bytes > 10_000_000),
  });
});

test("a turn that failed and one that was aborted are told apart", async () => {
  await using server = await testServer();
  const { app, model, url } = server;
  model.error(401);
  const session = await app.sessions.create(app.directory, { title: "A session" });
  await app.sessions.prompt(session.id, say("Hi"));
  model.hang();
  const running = app.sessions.prompt(session.id, say("Hi again"));
  await model.received(2);
  await app.sessions.abort(session.id);
  await running;
  const found = async () => [...(await metrics(url)).keys()].filter((name) => name.startsWith("codeport_turns_total"));
  await expect.poll(found).toEqual(['codeport_turns_total{outcome="APIError"}', 'codeport_turns_total{outcome="aborted"}']);
});

test("event-loop delay is measured from the first look on", async () => {
  await using server = await testServer();
  await metrics(server.url);
  await expect.poll(async () => (await metrics(server.url)).has('codeport_event_loop_delay_seconds{quantile="0.99"}')).toBe(true);
});

test("they need the scope read, in all directories", async () => {
  await using server = await testServer({ listen: { password: "secret" } });
  const { app, url } = server;
  expect((await send(`${url}/metrics`)).status).toBe(401);
  const create = (directories?: string[]) => app.tokens.create({ name: "prometheus", scope: "read", directories }, { name: "test" });
  const bearer = ({ secret }: { secret: string }) => ({ authorization: `Bearer ${secret}` });
  expect((await metrics(url, bearer(await create()))).size).toBeGreaterThan(5);
  expect((await send(`${url}/metrics`, { headers: bearer(await create([app.directory])) })).status).toBe(403);
});

test("label values are escaped", () => {
  const text = exposition([{ name: "one", help: "One.", type: "gauge", values: [{ labels: { a: 'b"\\\n' }, value: 1 }] }]);
  expect(text).toBe('# HELP one One.\n# TYPE one gauge\none{a="b\\"\\\\\\n"} 1\n');
});

test("tools that a model makes up do not make series without end", () => {
  const counts = createCounts();
  const call = (name: string) => ({ kind: "tool" as const, key: name, root: "turn", sessionID: "ses_1", name, start: 0, end: 1 });
  for (let number = 0; number < 1_000; number += 1) counts.add(call(`tool-${number}`));
  const { tools } = counts.read();
  expect(tools).toHaveLength(51);
  expect(tools.at(-1)).toEqual({ labels: { tool: "other", outcome: "completed" }, value: 950 });
});
