import { once } from "node:events";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { testServer } from "../helpers/server.ts";

it("a call without an input, and one whose input is null, are calls with no input on both of tRPC's transports", async () => {
  await using server = await testServer();
  for (const input of ["", "?input=null", "?input=%7B%7D"]) {
    const response = await fetch(`${server.url}/trpc/global.health${input}`);
    expect(await response.json()).toMatchObject({ result: { data: { json: { healthy: true } } } });
  }
  const refused = await (await fetch(`${server.url}/trpc/session.get?input=null`)).json();
  expect(refused).toMatchObject({ error: { json: { message: expect.stringMatching(/^The input: .*expected object/) } } });

  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`);
  await once(socket, "open");
  for (const params of [{ path: "global.health" }, { path: "global.health", input: null }]) {
    socket.send(JSON.stringify({ id: 7, method: "query", params }));
    const [data] = await once(socket, "message");
    expect(JSON.parse(String(data))).toMatchObject({ id: 7, result: { data: { json: { healthy: true } } } });
  }
  socket.close();
});
