import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { testHost } from "./helpers/host.ts";

/** Sends bytes as they are; what the server says until it hangs up. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("an address that is too long, headers that are too large and what is no HTTP at all are named", async () => {
  await using host = await testHost();
  const long = await host.send(`/item?name=${"x".repeat(17_000)}`);
  expect([long.status, long.json]).toEqual([
    414,
    expect.objectContaining({ name: "UriTooLongError", data: expect.objectContaining({ limit: 16_384 }) }),
  ]);
  const { port } = host.listening;
  const large = await raw(port, `GET /item HTTP/1.1\r\nhost: localhost\r\nx-large: ${"x".repeat(60_000)}\r\n\r\n`);
  expect(large).toMatch(/^HTTP\/1\.1 431 .*"name":"HeadersTooLargeError"/s);
  const nonsense = await raw(port, "nonsense\r\n\r\n");
  expect(nonsense).toMatch(/^HTTP\/1\.1 400 .*"name":"BadRequest"/s);
  expect((await host.send("/item")).status).toBe(200);
});

test("a body, a batch and a frame have their limits", async () => {
  await using host = await testHost({ maxBody: 1_000 });
  expect((await host.send("/item", { method: "POST", body: "x".repeat(1_001) })).json).toMatchObject({ name: "PayloadTooLargeError" });
  const names = Array.from({ length: 101 }, () => "list").join(",");
  const batch = await host.send(`/trpc/${names}?batch=1&input=%7B%7D`);
  expect([batch.status, batch.text]).toEqual([400, expect.stringContaining("101 calls")]);
  for (const path of ["/trpc", "/ws"]) {
    const socket = new WebSocket(host.url.replace("http", "ws") + path);
    await once(socket, "open");
    socket.send("x".repeat(1_001));
    expect((await once(socket, "close"))[0]).toBe(1009);
  }
  expect(host.effects.calls).toEqual([]);
});

test("no answer can be framed, sniffed or loaded by another site, whatever it is", async () => {
  await using host = await testHost({ password: "secret" });
  for (const path of ["/item", "/nowhere", "/global/health", "/trpc/list", "/event"]) {
    expect((await host.send(path)).headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
      "cross-origin-resource-policy": "same-site",
    });
  }
});
