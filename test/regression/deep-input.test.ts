import { expect, it } from "vitest";
import { send } from "../helpers/host.ts";
import { testServer } from "../helpers/server.ts";

const nested = (levels: number) => `{"metadata":{"a":${"[".repeat(levels)}${"]".repeat(levels)}}}`;

it("an input that is nested too deep to be stored is refused, and names the field; what people nest is taken", async () => {
  await using server = await testServer();
  const create = (body: string, path = "/session") => send(`${server.url}${path}`, { method: "POST", body });
  expect((await create(nested(50))).status).toBe(200);
  expect(await create(nested(300))).toMatchObject({ status: 400, json: { name: "BadRequest", data: { field: "metadata" } } });
  // So deep that it is refused before it is read: the place is told instead of the field.
  expect(await create(nested(5_000))).toMatchObject({ status: 400, json: { name: "BadRequest", data: { line: 1 } } });
  const headers = { "content-type": "application/json" };
  const overTrpc = await fetch(`${server.url}/trpc/session.create`, { method: "POST", headers, body: `{"json":${nested(5_000)}}` });
  expect(overTrpc.status).toBe(400);
});
