import { createOpencodeClient } from "@opencode-ai/sdk";
import { createOpencodeClient as createOpencodeClientV2 } from "@opencode-ai/sdk/v2";
import { describe, expect } from "vitest";
import { type AuthorizationServer, authorizationServer } from "../helpers/oauth.ts";
import { dataOf } from "../helpers/sdk.ts";
import { postJSON, type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

/** A server with a provider "acme" that people log in at. */
async function serverWithLogin(authorization: AuthorizationServer): Promise<TestServer> {
  const acme = {
    name: "Acme",
    env: ["ACME_KEY"],
    options: { baseURL: "http://127.0.0.1:9/v1" },
    models: { one: {} },
    oauth: authorization.oauth,
  };
  return testServer({ config: { provider: { acme } } });
}

/** The browser of whoever logs in. */
async function visit(url: string): Promise<void> {
  const page = await fetch(url);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("You are logged in")]);
}

const question = { path: "/tui/anything", body: { name: "marmalade" } };

describe("@opencode-ai/sdk", () => {
  verifies("client: official SDK", "logs in at a provider", async () => {
    await using authorization = await authorizationServer();
    await using server = await serverWithLogin(authorization);
    const client = createOpencodeClient({ baseUrl: server.url });
    expect(dataOf(await client.provider.auth()).acme?.[0]).toMatchObject({ type: "oauth" });
    const { url, method } = dataOf(await client.provider.oauth.authorize({ path: { id: "acme" }, body: { method: 0 } }));
    expect(method).toBe("auto");
    const waiting = client.provider.oauth.callback({ path: { id: "acme" }, body: { method: 0 } });
    await visit(url);
    expect(dataOf(await waiting)).toBe(true);
    expect(dataOf(await client.provider.list()).connected).toContain("acme");
  });

  verifies("client: official SDK", "takes what a terminal client is asked, and answers it", async () => {
    await using server = await testServer();
    const client = createOpencodeClient({ baseUrl: server.url });
    const answer = postJSON(`${server.url}/tui/control`, question);
    expect(dataOf(await client.tui.control.next())).toEqual(question);
    expect(dataOf(await client.tui.control.response({ body: { spread: true } }))).toBe(true);
    expect(await answer).toEqual({ spread: true });
  });
});

describe("@opencode-ai/sdk/v2", () => {
  verifies("client: official SDK v2", "logs in at a provider", async () => {
    await using authorization = await authorizationServer();
    await using server = await serverWithLogin(authorization);
    const client = createOpencodeClientV2({ baseUrl: server.url });
    const { url } = dataOf(await client.provider.oauth.authorize({ providerID: "acme", method: 0 })) ?? {};
    const waiting = client.provider.oauth.callback({ providerID: "acme", method: 0 });
    await visit(url ?? "");
    expect(dataOf(await waiting)).toBe(true);
    expect(dataOf(await client.provider.list()).connected).toContain("acme");
  });

  verifies("client: official SDK v2", "takes what a terminal client is asked, and answers it", async () => {
    await using server = await testServer();
    const client = createOpencodeClientV2({ baseUrl: server.url });
    const answer = postJSON(`${server.url}/tui/control`, question);
    expect(dataOf(await client.tui.control.next())).toEqual(question);
    expect(dataOf(await client.tui.control.response({ body: { spread: true } }))).toBe(true);
    expect(await answer).toEqual({ spread: true });
  });
});
