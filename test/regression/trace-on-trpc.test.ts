import { expect, test } from "vitest";
import { send } from "../helpers/host.ts";
import { testServer } from "../helpers/server.ts";

test("methods that tRPC does not know are refused with a 405, TRACE too", async () => {
  await using server = await testServer();
  for (const method of ["TRACE", "PUT", "PROPFIND"]) {
    const reply = await send(`${server.url}/trpc/config.model?input=%7B`, { method });
    expect([method, reply.status, reply.headers.allow]).toEqual([method, 405, "GET, HEAD, POST"]);
  }
});
