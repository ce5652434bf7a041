import { expect, it } from "vitest";
import { send } from "../helpers/host.ts";
import { testServer } from "../helpers/server.ts";

it("a procedure whose name is percent-encoded has the limits of its name", async () => {
  await using server = await testServer({ listen: { limits: { subscribers: 1 } } });
  const first = await fetch(`${server.url}/trpc/event%2Esubscribe`);
  expect(first.status).toBe(200);
  expect((await send(`${server.url}/trpc/event%2esubscribe`)).status).toBe(429);
  await first.body?.cancel();

  const json = { "content-type": "application/json" };
  const batch = { method: "POST", headers: json, body: '{"0":{"json":{}},"1":{"json":{}}}' };
  const long = await send(`${server.url}/trpc/session%2Eprompt,session%2Ecreate?batch=1`, batch);
  expect([long.status, long.text]).toEqual([400, expect.stringContaining("cannot share a batch")]);
  const key = { ...json, "idempotency-key": "a" };
  const keyed = await send(`${server.url}/trpc/session%2Ecreate%2csession%2Ecreate?batch=1`, { ...batch, headers: key });
  expect([keyed.status, keyed.text]).toEqual([400, expect.stringContaining("not in a batch")]);
});
