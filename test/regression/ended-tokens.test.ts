import { expect, it } from "vitest";
import { send } from "../helpers/host.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

const actor = { name: "test" };

async function holder({ app }: TestServer, scope: "prompt" | "admin") {
  const { token, secret } = await app.tokens.create({ scope }, actor);
  return { id: token.id, headers: { authorization: `Bearer ${secret}` } };
}

it("a ticket opens nothing once its token was revoked", async () => {
  await using server = await testServer({ listen: { password: "a password" } });
  const { id, headers } = await holder(server, "admin");
  const [one, other] = [server.app.tokens.tickets, server.app.tokens.tickets].map((tickets) =>
    tickets.issue({ name: `token ${id}`, scopes: ["read", "prompt", "admin"], token: id }),
  );
  expect((await send(`${server.url}/token?ticket=${one?.ticket}`)).status).toBe(200);
  await server.app.tokens.revoke(id, actor);
  expect((await send(`${server.url}/token?ticket=${other?.ticket}`)).status).toBe(401);
  expect((await send(`${server.url}/token`, { headers })).status).toBe(401);
});

it("who waits for what may never come, or for a turn, waits no longer than the token lasts", async () => {
  await using server = await testServer({ listen: { password: "a password" } });
  const { app, url, model } = server;
  const { id, headers } = await holder(server, "prompt");
  const session = await app.sessions.create(server.repository.path, {});
  model.hang();
  const body = JSON.stringify({ parts: [{ type: "text", text: "hi" }] });
  const ended = Promise.all([
    expect(send(`${url}/tui/control/next`, { headers })).rejects.toThrow(),
    expect(send(`${url}/trpc/tui.next`, { headers })).rejects.toThrow(),
    expect(send(`${url}/session/${session.id}/message`, { method: "POST", headers, body })).rejects.toThrow(),
  ]);
  await model.received(1);
  await app.tokens.revoke(id, actor);
  await ended;
  expect(Object.keys(await app.sessions.status(server.repository.path))).toEqual([session.id]);
});
