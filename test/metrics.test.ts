import { expect, test } from "vitest";
import { exposition } from "../src/server/exposition.ts";
import { say } from "./helpers/app.ts";
import { send } from "./helpers/host.ts";
import { testServer } from "./helpers/server.ts";
import { stalledReader } from "./helpers/stalled.ts";

async function metrics(url: string, headers: Record<string, string> = {}): Promise<Map<string, number>> {
  const reply = await send(`${url}/metrics`, { headers });
  expect([reply.status, reply.headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  const lines = reply.text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

test("what turns did, what waits and who reads is told without ids", async () => {
  await using server = await testServer();
  const { app, model, url } = server;
  expect((await metrics(url)).get("codeport_turns_running")).toBe(0);
  model.text("Hello.", { usage: { input: 7, output: 3 } });
  const session = await app.sessions.create(app.directory, { title: "A session" });
  await app.sessions.prompt(session.id, say("Hi"));
  await app.sessions.prompt(session.id, { ...say("Only stored"), noReply: true });
  using _reader = await stalledReader(url, "SSE");
  await expect.poll(async () => (await metrics(url)).get('codeport_steps_total{outcome="stop"}')).toBe(1);
  const found = await metrics(url);
  expect(found.get('codeport_tokens_total{kind="input"}')).toBe(7);
  expect(found.get('codeport_tokens_total{kind="output"}')).toBe(3);
  expect(found.get("codeport_subscribers")).toBe(1);
  expect(found.get("codeport_prompts_waiting")).toBe(0);
  expect(found.get("codeport_readers_evicted_total")).toBe(0);
  expect(found.get('codeport_requests_total{status="200"}')).toBeGreaterThan(1);
  expect(found.get("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
  expect([...found.keys()].join()).not.toMatch(/ses_|msg_|prt_/);
});

test("event-loop delay is measured from the first look on", async () => {
  await using server = await testServer();
  await metrics(server.url);
  await expect.poll(async () => (await metrics(server.url)).get('codeport_event_loop_delay_seconds{quantile="0.99"}')).toBeGreaterThan(0);
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
