import { describe, expect, test } from "vitest";
import { createProviderLogins, openCredentials } from "../../src/provider/provider.ts";
import type { Config } from "../../src/schema/config.ts";
import type { ProviderAuthAuthorization } from "../../src/schema/provider.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { ask } from "../helpers/http.ts";
import { type AuthorizationServer, authorizationServer } from "../helpers/oauth.ts";
import { recorder } from "../helpers/provider.ts";
import { getJSON, postJSON, type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

interface Bench extends AsyncDisposable {
  server: TestServer;
  authorization: AuthorizationServer;
  /** The `authorization` header of the last request that reached the provider's models. */
  sent(): string | undefined;
  authorize(method: number): Promise<ProviderAuthAuthorization>;
  callback(body: object): ReturnType<typeof ask>;
  prompt(): Promise<void>;
}

interface BenchOptions {
  /** The variables that its key may stand in. */
  env?: string[];
  change?(oauth: AuthorizationServer["oauth"]): object;
}

/** A provider "acme" with a login at a real authorization server, and an endpoint that notes what it is sent. */
async function bench({ env = ["ACME_KEY"], change = (oauth) => oauth }: BenchOptions = {}): Promise<Bench> {
  const authorization = await authorizationServer();
  const endpoint = await recorder();
  const acme = {
    name: "Acme",
    env,
    options: { baseURL: endpoint.url },
    models: { one: {} },
    oauth: change(authorization.oauth),
  };
  const server = await testServer({ config: { provider: { acme } } as Config, onError: () => {} });
  const call = (step: string, body: object) => ask(`${server.url}/provider/acme/oauth/${step}`, "POST", body);
  return {
    server,
    authorization,
    sent: () => endpoint.headers().authorization,
    authorize: async (method) => {
      const { status, body } = await call("authorize", { method });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body as ProviderAuthAuthorization;
    },
    callback: (body) => call("callback", body),
    async prompt() {
      const { id } = await postJSON<{ id: string }>(`${server.url}/session`, {});
      await ask(`${server.url}/session/${id}/message`, "POST", { model: "acme/one", parts: [{ type: "text", text: "hello" }] });
    },
    async [Symbol.asyncDispose]() {
      for (const resource of [server, endpoint, authorization]) await resource[Symbol.asyncDispose]();
    },
  };
}

const stored = async ({ home }: TestServer) => JSON.parse(await home.read("data/codeport/auth.json"));

describe("a login in the browser", () => {
  verifies(
    ["POST /provider/{id}/oauth/authorize", "POST /provider/{id}/oauth/callback"],
    "with PKCE ends by itself when the browser comes back, and its token is what models are called with",
    async () => {
      await using test = await bench();
      const { url, method } = await test.authorize(0);
      expect(method).toBe("auto");
      const waiting = test.callback({ method: 0 });
      const page = await fetch(url);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("You are logged in")]);
      expect(await waiting).toEqual({ status: 200, body: true });
      expect(await stored(test.server)).toMatchObject({ acme: { type: "oauth", expires: expect.any(Number) } });
      const [token = ""] = [...test.authorization.access];
      await test.prompt();
      expect(test.sent()).toBe(`Bearer ${token}`);
      for (const path of ["/provider", "/config", "/provider/auth"])
        expect(JSON.stringify(await getJSON(test.server.url + path))).not.toMatch(/access-|refresh-/);
      const { connected } = await getJSON<{ connected: string[] }>(`${test.server.url}/provider`);
      expect(connected).toContain("acme");
    },
  );

  verifies(["GET /provider"], "is needed first, also where the provider names no variable", async () => {
    await using test = await bench({ env: [] });
    const list = () => getJSON<{ connected: string[] }>(`${test.server.url}/provider`);
    expect((await list()).connected).not.toContain("acme");
    const message = expect.stringMatching(/has no login\. Log in with "codeport auth login acme"/);
    expect(await ask(`${test.server.url}/provider/acme/test`, "POST", {})).toMatchObject({ status: 400, body: { message } });
    await fetch((await test.authorize(0)).url);
    expect((await list()).connected).toContain("acme");
  });

  verifies(["POST /provider/{id}/oauth/callback"], "ends with the pasted code, or the address it ended at", async () => {
    await using test = await bench({ change: (oauth) => ({ ...oauth, redirectURL: "https://acme.test/code" }) });
    for (const given of [(back: URL) => back.searchParams.get("code"), (back: URL) => back.href]) {
      const { url, method } = await test.authorize(0);
      expect(method).toBe("code");
      expect(await test.callback({ method: 0 })).toMatchObject({ status: 400, body: { name: "ProviderAuthOauthCodeMissing" } });
      const back = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
      expect(await test.callback({ method: 0, code: given(back) })).toEqual({ status: 200, body: true });
    }
    expect(test.authorization.log).toEqual(["code", "code"]);
  });

  test("does not take a stranger's address, a wrong code, or a refusal", async () => {
    await using test = await bench();
    const { url } = await test.authorize(0);
    const back = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
    const foreign = new URL(back);
    foreign.searchParams.set("state", "of-somebody-else");
    expect((await fetch(foreign)).status).toBe(400);
    expect(await test.callback({ method: 0, code: foreign.href })).toMatchObject({ status: 400, body: { data: { field: "code" } } });
    expect(await test.callback({ method: 0, code: "wrong" })).toMatchObject({
      status: 400,
      body: { name: "ProviderAuthOauthCallbackFailed" },
    });
    expect(await test.callback({ method: 0 })).toMatchObject({ status: 400, body: { name: "ProviderAuthOauthMissing" } });
    const again = await test.authorize(0);
    const waiting = test.callback({ method: 0 });
    expect((await fetch(`${again.url}&refuse=1`)).status).toBe(400);
    expect(await waiting).toMatchObject({ status: 400, body: { message: expect.stringContaining("access_denied") } });
    await expect(stored(test.server)).rejects.toThrow("ENOENT");
  });
});

describe("a login with a code", () => {
  verifies(
    ["POST /provider/{id}/oauth/authorize", "POST /provider/{id}/oauth/callback"],
    "ends when it was entered on any device",
    async () => {
      await using test = await bench();
      test.authorization.device("authorization_pending", "authorization_pending");
      const { url, method, instructions } = await test.authorize(1);
      expect({ url, method, instructions }).toEqual({
        url: "http://127.0.0.1/activate",
        method: "auto",
        instructions: "Enter code: WDJB-MJHT",
      });
      expect(await test.callback({ method: 1 })).toEqual({ status: 200, body: true });
      expect(test.authorization.log).toEqual(["device", "authorization_pending", "authorization_pending", "code"]);
      await test.prompt();
      expect(test.sent()).toBe(`Bearer ${[...test.authorization.access][0]}`);
    },
  );

  test.each(["access_denied", "expired_token"] as const)("that is %s fails by that name", async (reason) => {
    await using test = await bench();
    test.authorization.device("authorization_pending", reason);
    await test.authorize(1);
    const answer = await test.callback({ method: 1 });
    expect(answer).toMatchObject({
      status: 400,
      body: { name: "ProviderAuthOauthCallbackFailed", message: expect.stringContaining(reason) },
    });
  });

  test("asks less often when it is told to slow down, and when nobody answers", async () => {
    await using authorization = await authorizationServer();
    await using directory = await temporaryDirectory();
    const waits: number[] = [];
    const wait = async (milliseconds: number) => void waits.push(milliseconds);
    await using logins = createProviderLogins(openCredentials(directory.join("auth.json")), { wait });
    authorization.device("authorization_pending", "slow_down", "authorization_pending", "slow_down");
    await logins.authorize({ providerID: "acme", oauth: authorization.oauth }, "device");
    await logins.callback("acme", undefined);
    expect(waits).toEqual([10, 10, 5010, 5010, 10_010]);
  });
});

describe("a token of a login", () => {
  test("that is due is renewed once for all who ask, and stored", async () => {
    await using authorization = await authorizationServer();
    await using directory = await temporaryDirectory();
    const credentials = openCredentials(directory.join("auth.json"));
    await using logins = createProviderLogins(credentials);
    const place = { providerID: "acme", oauth: authorization.oauth };
    authorization.lifetime(30);
    await loginAt(authorization, logins);
    authorization.lifetime(3600);
    const tokens = await Promise.all(Array.from({ length: 8 }, () => logins.access(place)));
    expect(new Set(tokens).size).toBe(1);
    expect(authorization.log).toEqual(["code", "refresh"]);
    expect(await logins.access(place)).toBe(tokens[0]);
    expect(await credentials.get("acme")).toMatchObject({ access: tokens[0] });
    expect(authorization.log).toEqual(["code", "refresh"]);
  });

  test("that cannot be renewed asks for a new login, and goes to no other server", async () => {
    await using authorization = await authorizationServer();
    await using other = await authorizationServer();
    await using directory = await temporaryDirectory();
    await using logins = createProviderLogins(openCredentials(directory.join("auth.json")));
    authorization.lifetime(1);
    await loginAt(authorization, logins);
    await expect(logins.access({ providerID: "acme", oauth: other.oauth })).rejects.toMatchObject({ name: "ProviderAuthError" });
    expect(other.log).toEqual([]);
    authorization.revoke();
    await expect(logins.access({ providerID: "acme", oauth: authorization.oauth })).rejects.toMatchObject({
      name: "ProviderAuthError",
      message: expect.stringContaining("Log in again"),
    });
  });

  test("that ends during a turn is renewed before the next call of it", async () => {
    await using test = await bench();
    test.authorization.lifetime(30);
    const { url } = await test.authorize(0);
    await fetch(url);
    test.authorization.lifetime(3600);
    await test.prompt();
    expect(test.authorization.log).toEqual(["code", "refresh"]);
    expect(test.sent()).toBe(`Bearer ${[...test.authorization.access][1]}`);
  });
});

async function loginAt(authorization: AuthorizationServer, logins: ReturnType<typeof createProviderLogins>): Promise<void> {
  const { url } = await logins.authorize({ providerID: "acme", oauth: authorization.oauth }, "browser");
  await fetch(url);
  await logins.callback("acme", undefined);
}

describe("what is asked wrongly", () => {
  test.each([
    ["authorize", "acme", { method: 7 }, 400, "method"],
    ["authorize", "acme", { method: 2 }, 400, "method"],
    ["authorize", "acme", {}, 400, "method"],
    ["callback", "acme", { method: "0" }, 400, "method"],
    ["authorize", "nobody", { method: 0 }, 404, undefined],
  ])("%s of %s with %o is refused", async (...[step, id, body, status, field]) => {
    await using test = await bench();
    const answer = await ask(`${test.server.url}/provider/${id}/oauth/${step}`, "POST", body);
    expect(answer).toMatchObject({ status, body: { data: field === undefined ? {} : { field } } });
  });

  test("a callback without a login under way says how to begin one", async () => {
    await using test = await bench();
    const answer = await test.callback({ method: 0 });
    expect(answer).toMatchObject({
      status: 400,
      body: { name: "ProviderAuthOauthMissing", message: expect.stringContaining("oauth/authorize") },
    });
  });
});
