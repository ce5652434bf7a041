import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { createClient } from "../src/client/client.ts";
import { restClient } from "./helpers/request.ts";
import { testServer } from "./helpers/server.ts";

const key = "sk-abcdefghijklmnop-1234";

/** A provider that takes no key, and repeats the one it was sent. */
async function refusingProvider(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(({ headers }, response) => {
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: `Refused: ${headers.authorization}` } }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, [Symbol.asyncDispose]: async () => void server.close() };
}

describe("the keys of providers", () => {
  test("are listed masked, with where they come from and which is sent", async () => {
    await using server = await testServer({ variables: { ANTHROPIC_API_KEY: key } });
    await using client = createClient({ url: server.url, directory: server.app.directory });
    await client.api.auth.set.mutate({ providerID: "anthropic", auth: { type: "api", key: "sk-stored-and-long-5678" } });
    await client.api.auth.set.mutate({ providerID: "unheard-of", auth: { type: "api", key: "short" } });
    const keys = await client.api.auth.list.query();
    expect(keys.filter(({ providerID }) => providerID !== "mock")).toMatchObject([
      { providerID: "anthropic", source: "stored", type: "key", masked: "sk-…5678", used: true },
      { providerID: "anthropic", source: "env", variable: "ANTHROPIC_API_KEY", masked: "sk-…1234", used: false },
      { providerID: "unheard-of", source: "stored", masked: "…", used: true },
    ]);
    const { secret } = await server.app.tokens.create({ scope: "read" }, { name: "test" });
    expect(await restClient(server.url, { authorization: `Bearer ${secret}` })("GET /auth")).toMatchObject({ status: 403 });
  });

  test("are tried without being stored: what the provider says is told, without the key", async () => {
    await using refusing = await refusingProvider();
    const strict = { npm: "@ai-sdk/openai-compatible", options: { baseURL: refusing.url }, models: { "strict-1": {} } };
    await using server = await testServer();
    await using client = createClient({ url: server.url, directory: server.app.directory });
    await client.api.global.updateConfig.mutate({ config: { provider: { strict } } });
    const call = restClient(server.url);
    server.model.text("ok");
    const good = await client.api.provider.test.mutate({ providerID: "mock", key });
    expect(good).toMatchObject({ ok: true, providerID: "mock", modelID: "mock-1" });
    const bad = await call("POST /provider/strict/test", { key });
    expect(bad).toMatchObject({ status: 200, body: { ok: false, error: { status: 401, message: "Refused: Bearer …" } } });
    expect(await readFile(server.home.join("data", "auth.json"), "utf8").catch(() => "")).not.toContain(key);
    expect(await call("POST /provider/none/test", {})).toMatchObject({ status: 404 });
    expect(await call("POST /provider/mock/test", { modelID: "none" })).toMatchObject({ status: 400 });
    expect(await call("POST /provider/mock/test", { key: "two words" })).toMatchObject({ status: 400, body: { field: "key" } });
    expect(await call("POST /provider/anthropic/test", {})).toMatchObject({ status: 400, body: { name: "ProviderAuthError" } });
  });
});

test("a configuration file has a JSON schema", async () => {
  await using server = await testServer();
  const { status, body } = await restClient(server.url)<{ $defs: { Config: { properties: object } } }>("GET /config/schema");
  expect(status).toBe(200);
  expect(Object.keys(body.$defs.Config.properties)).toEqual(expect.arrayContaining(["model", "provider", "permission", "budget"]));
});
