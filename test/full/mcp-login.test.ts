import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import type { McpOAuthConfig } from "../../src/schema/config.ts";
import type { MCPStatus } from "../../src/schema/service.ts";
import { say, textOf, watch } from "../helpers/app.ts";
import { listen, localServer, remoteServer } from "../helpers/mcp.ts";
import { type ProtectedServer, protectedServer } from "../helpers/mcp-login.ts";
import { getJSON, postJSON, type TestServer, testServer } from "../helpers/server.ts";

const configOf = (remote: { url: string }, oauth?: McpOAuthConfig | false) => ({
  mcp: { far: { type: "remote" as const, url: remote.url, ...(oauth !== undefined && { oauth }) } },
});
const statusOf = (server: TestServer) => getJSON<Record<string, MCPStatus>>(`${server.url}/mcp`);
const start = (server: TestServer) => postJSON<{ authorizationUrl: string; oauthState: string }>(`${server.url}/mcp/far/auth`, {});

/** What a failed POST answers with, and its status. */
async function refusal(url: string, body: object = {}): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return { ...((await response.json()) as object), status: response.status };
}

/** The address to which the authorization server sends the browser. */
async function consent(authorizationUrl: string): Promise<URL> {
  const response = await fetch(authorizationUrl, { redirect: "manual" });
  expect(response.status, await response.text()).toBe(302);
  return new URL(response.headers.get("location") ?? "");
}

const loginsOf = async (server: TestServer) => server.home.read("data/codeport/mcp-auth.json").catch(() => "");

describe("a login at an MCP server", () => {
  it("is asked for, made in a browser that comes back to this machine, and then tools run with its token", async () => {
    await using remote = await protectedServer();
    await using server = await testServer({ config: configOf(remote) });
    expect(await statusOf(server)).toEqual({ far: { status: "needs_auth" } });
    expect(remote.log, "nothing is registered unasked").toEqual([]);
    const { authorizationUrl, oauthState } = await start(server);
    expect(Object.fromEntries(new URL(authorizationUrl).searchParams)).toMatchObject({ code_challenge_method: "S256", state: oauthState });
    const waiting = postJSON(`${server.url}/mcp/far/auth/authenticate`, {});
    const page = await fetch(authorizationUrl);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("You are logged in");
    expect(await waiting).toEqual({ status: "connected" });
    server.model.calls({ name: "far_add", input: { a: 1, b: 2 } }).text("3");
    const { id } = await postJSON<{ id: string }>(`${server.url}/session`, { title: "MCP" });
    expect(textOf(await postJSON(`${server.url}/session/${id}/message`, say("go")))).toBe("3");
    expect(remote.requests.at(-1)?.authorization).toMatch(/^Bearer /);
    expect(remote.log).toEqual(["register", "code"]);
  });

  it("is kept in a file of its owner's, survives a restart, is refreshed, and asked for again when that fails", async () => {
    await using remote = await protectedServer();
    await using server = await testServer({ config: configOf(remote) });
    await login(server, remote);
    const file = server.home.join("data/codeport/mcp-auth.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.stringify([await statusOf(server), await getJSON(`${server.url}/config`)])).not.toContain("access_token");
    remote.expireAccess();
    expect(await reconnected(server)).toEqual({ far: { status: "connected" } });
    expect(remote.log).toEqual(["register", "code", "refresh"]);
    remote.revoke();
    expect(await reconnected(server)).toEqual({ far: { status: "needs_auth" } });
    expect(remote.log.at(-1)).toBe("refused");
    expect(await loginsOf(server)).not.toContain("access_token");
  });

  it("is refreshed in the middle of a turn, once for all calls", async () => {
    await using remote = await protectedServer();
    await using server = await testServer({ config: configOf(remote) });
    await login(server, remote);
    remote.expireAccess();
    const call = (a: number) => ({ name: "far_add", input: { a, b: 2 }, id: `call ${a}` });
    server.model.calls([call(1), call(2), call(3)]).text("done");
    const { id } = await postJSON<{ id: string }>(`${server.url}/session`, { title: "MCP" });
    await postJSON(`${server.url}/session/${id}/message`, say("go"));
    expect(await toolStates(server, id)).toMatchObject([{ output: "sum 3" }, { output: "sum 4" }, { output: "sum 5" }]);
    expect(remote.log.filter((entry) => entry === "refresh")).toHaveLength(1);
    remote.revoke();
    server.model.calls(call(4)).text("a pity");
    await postJSON(`${server.url}/session/${id}/message`, say("go"));
    expect((await toolStates(server, id)).at(-1)).toMatchObject({
      error: 'The MCP server "far" failed during the call. It needs a login.',
    });
    expect(await statusOf(server)).toEqual({ far: { status: "needs_auth" } });
  });

  it("takes the code by hand, alone or with the address around it, once", async () => {
    await using remote = await protectedServer();
    await using server = await testServer({ config: configOf(remote) });
    const callback = `${server.url}/mcp/far/auth/callback`;
    expect(await refusal(callback, { code: "x" })).toMatchObject({ status: 400, message: expect.stringContaining("POST /mcp/far/auth") });
    const code = (await consent((await start(server)).authorizationUrl)).searchParams.get("code");
    expect(await postJSON(callback, { code })).toEqual({ status: "connected" });
    expect(await refusal(callback, { code })).toMatchObject({ status: 400 });
    const address = (await consent((await start(server)).authorizationUrl)).href;
    expect(await refusal(callback, { code: address.replace(/state=[^&]*/, "state=other") })).toMatchObject({
      status: 400,
      message: "code: this address belongs to another login.",
    });
    expect(await postJSON(callback, { code: address })).toEqual({ status: "connected" });
    expect(remote.log, "a client is registered once").toEqual(["register", "code", "code"]);
  });

  it("refuses a stranger's callback, a wrong code, and a second start ends the first", async () => {
    await using remote = await protectedServer();
    await using server = await testServer({ config: configOf(remote) });
    const first = await consent((await start(server)).authorizationUrl);
    const stranger = await fetch(first.href.replace(/state=[^&]*/, "state=guessed"));
    expect(stranger.status).toBe(400);
    expect((await fetch(new URL("/other", first))).status).toBe(404);
    const { authorizationUrl } = await start(server);
    expect((await fetch(first).catch(() => undefined))?.ok ?? false).toBe(false);
    const { mcp } = await server.app.instance(server.repository.path);
    const waiting = mcp.auth.authenticate("far").catch((error: unknown) => error);
    const place = await consent(authorizationUrl);
    place.searchParams.set("code", "guessed");
    expect((await fetch(place)).status).toBe(400);
    expect(await waiting).toMatchObject({ name: "BadRequest", message: expect.stringContaining('The login of "far" failed.') });
    expect(await statusOf(server)).toEqual({ far: { status: "needs_auth" } });
  });

  it("tells watchers its address when nobody was given it", async () => {
    await using remote = await protectedServer();
    await using server = await testServer({ config: configOf(remote) });
    using events = watch(server.app);
    const waiting = postJSON(`${server.url}/mcp/far/auth/authenticate`, {});
    const { properties } = await events.until("mcp.browser.open.failed");
    expect(properties.mcpName).toBe("far");
    await fetch(properties.url);
    expect(await waiting).toEqual({ status: "connected" });
  });

  it("is forgotten when it is told to", async () => {
    await using remote = await protectedServer();
    await using server = await testServer({ config: configOf(remote) });
    const stored = () => getJSON(`${server.url}/mcp/auth`);
    expect(await stored()).toEqual([]);
    await login(server, remote);
    expect(await stored()).toEqual(["far"]);
    const response = await fetch(`${server.url}/mcp/far/auth`, { method: "DELETE" });
    expect(await response.json()).toEqual({ success: true });
    expect(await stored()).toEqual([]);
    expect(await statusOf(server)).toEqual({ far: { status: "needs_auth" } });
    expect(await loginsOf(server)).not.toMatch(/access_token|client_id/);
  });

  it("uses the client, the secret and the port that are configured", async () => {
    const client = { id: "mine", secret: "hush" };
    await using remote = await protectedServer({ client });
    await using spare = await freePort();
    const { port } = spare;
    await spare[Symbol.asyncDispose]();
    const oauth = { clientId: client.id, clientSecret: client.secret, scope: "tools", callbackPort: port };
    await using server = await testServer({ config: configOf(remote, oauth) });
    const { authorizationUrl } = await start(server);
    const place = await consent(authorizationUrl);
    expect(place.origin).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(place)).status).toBe(200);
    expect(await postJSON(`${server.url}/mcp/far/connect`, {})).toBe(true);
    expect(remote.log).toEqual(["code"]);
    expect(await loginsOf(server)).not.toContain("hush");
  });

  it("needs a client id where the server registers none, and a port that is taken is named", async () => {
    await using remote = await protectedServer({ client: { id: "mine", secret: "hush" } });
    await using server = await testServer({ config: configOf(remote) });
    expect(await statusOf(server)).toEqual({ far: { status: "needs_client_registration", error: expect.stringContaining("clientId") } });
    expect(await refusal(`${server.url}/mcp/far/auth`)).toMatchObject({ status: 400, _tag: "McpUnsupportedOAuthError" });
    await using taken = await freePort();
    const oauth = { clientId: "mine", clientSecret: "hush", callbackPort: taken.port };
    await postJSON(`${server.url}/mcp`, { name: "far", config: { ...configOf(remote, oauth).mcp.far } });
    expect(await refusal(`${server.url}/mcp/far/auth`)).toMatchObject({
      status: 409,
      message: expect.stringContaining(`Port ${taken.port}`),
    });
  });

  it("is not for servers on this machine, nor where it is switched off", async () => {
    await using remote = await protectedServer();
    await using open = await remoteServer();
    const local = { here: localServer("good", { enabled: false }), open: { type: "remote" as const, url: open.url } };
    await using server = await testServer({ config: { mcp: { ...local, ...configOf(remote, false).mcp } } });
    expect(await statusOf(server)).toEqual({
      here: { status: "disabled" },
      open: { status: "connected" },
      far: { status: "failed", error: "It answered HTTP 401." },
    });
    for (const name of ["here", "far", "open"]) {
      expect(await refusal(`${server.url}/mcp/${name}/auth`)).toMatchObject({
        status: 400,
        _tag: "McpUnsupportedOAuthError",
        error: expect.stringContaining(`"${name}"`),
      });
    }
  });
});

async function toolStates(server: TestServer, sessionID: string) {
  const { items } = await server.app.sessions.messages(sessionID);
  return items.flatMap(({ parts }) => parts).flatMap((part) => (part.type === "tool" ? [part.state] : []));
}

async function login(server: TestServer, remote: ProtectedServer): Promise<void> {
  const waiting = start(server).then(async ({ authorizationUrl }) => {
    const done = postJSON(`${server.url}/mcp/far/auth/authenticate`, {});
    expect((await fetch(authorizationUrl)).status).toBe(200);
    return done;
  });
  expect(await waiting).toEqual({ status: "connected" });
  expect(remote.log).toEqual(["register", "code"]);
}

/** The status after the server has been met anew, with what is stored. */
async function reconnected(server: TestServer): Promise<Record<string, MCPStatus>> {
  await postJSON(`${server.url}/mcp/far/disconnect`, {});
  await postJSON(`${server.url}/mcp/far/connect`, {});
  return statusOf(server);
}

/** A port that something listens on until it is disposed. */
async function freePort(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer();
  const origin = await listen(server);
  return {
    port: Number(new URL(origin).port),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
