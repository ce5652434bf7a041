import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { createClient } from "../src/cli/client.ts";
import { reach } from "../src/cli/connect.ts";
import { temporaryDirectory } from "./helpers/directory.ts";
import { testServer } from "./helpers/server.ts";

/** A certificate of this test's own, and its key. */
async function certificate() {
  await using directory = await temporaryDirectory();
  const words =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost";
  execFileSync("openssl", [...words.split(" "), "-addext", "subjectAltName=IP:127.0.0.1"], { cwd: directory.path, stdio: "ignore" });
  const [cert, key] = await Promise.all(["cert.pem", "key.pem"].map((name) => readFile(directory.join(name))));
  if (cert === undefined || key === undefined) throw new Error("openssl made no certificate");
  return { cert, key };
}

async function call(url: string, options: RequestOptions, body?: unknown): Promise<{ status?: number; body: string }> {
  const sent = request(url, { agent: false, ...options, headers: { "content-type": "application/json" } });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, "response");
  return { status: response.statusCode, body: await text(response) };
}

test("REST, the WebSocket and links to the server itself work over TLS, and it closes in order", async () => {
  const tls = await certificate();
  await using server = await testServer({ listen: { tls } });
  expect(server.url).toMatch(/^https:/);
  const trust = { ca: tls.cert };
  expect(await call(`${server.url}/global/health`, trust)).toMatchObject({ status: 200 });
  const session = JSON.parse((await call(`${server.url}/session`, { ...trust, method: "POST" }, {})).body);
  const shared = JSON.parse((await call(`${server.url}/session/${session.id}/share`, { ...trust, method: "POST" })).body);
  expect(shared.share.url).toMatch(new RegExp(`^${server.url}/share/`));
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, trust);
  await once(socket, "open");
  const closed = once(socket, "close");
  await server.listening.close();
  await closed;
});

test("a key that does not belong to the certificate is refused with a reason", async () => {
  const [{ cert }, { key }] = [await certificate(), await certificate()];
  await expect(testServer({ listen: { tls: { cert, key } } })).rejects.toMatchObject({
    name: "ConfigInvalidError",
    message: expect.stringContaining("certificate"),
  });
});

test("a command that does not trust the certificate says so, and how it would", async () => {
  await using server = await testServer({ listen: { tls: await certificate() } });
  await using client = createClient({ url: server.url });
  await expect(reach(client.api, server.url)).rejects.toMatchObject({
    kind: "connect",
    message: expect.stringMatching(/is not trusted \(self-signed certificate\)\. NODE_EXTRA_CA_CERTS/),
  });
});
