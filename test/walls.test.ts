import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { listen } from "../src/server/listen.ts";
import { createWalls, isLoopback } from "../src/server/walls.ts";
import { type TestHost, testHost } from "./helpers/host.ts";

const walls = createWalls({
  hostname: "box.lan",
  allowedHosts: ["code.example.com", "only.example.com:8443"],
  cors: ["https://app.example.com", "http://dev.test:*", "https://*.corp.example"],
  addresses: () => ["192.168.1.5", "fe80::1"],
});

describe("hosts", () => {
  it.each([
    "localhost",
    "LOCALHOST:4096",
    "127.0.0.1:4096",
    "127.8.9.1",
    "[::1]:4096",
    "192.168.1.5:4096",
    "[fe80::1]:4096",
    "[FE80:0:0::1]",
    "box.lan:1",
    "code.example.com",
    "code.example.com:443",
    "only.example.com:8443",
  ])("%s is ours", (host) => {
    expect(walls.refuse({ host })).toBeUndefined();
  });

  it.each([
    undefined,
    "",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "evil.example/localhost",
    "code.example.com.evil.example",
    "xcode.example.com",
    "only.example.com",
    "only.example.com:80",
    "192.168.1.6:4096",
    "[fe80::2]",
    "0.0.0.0:4096",
    "localhost localhost",
  ])("%s is foreign", (host) => {
    expect(walls.refuse({ host })).toMatchObject({ name: "ForbiddenError", status: 403 });
  });

  it("loopback is told by address, not by prefix", () => {
    expect(["localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1", "[::1]"].every(isLoopback)).toBe(true);
    expect(["127.0.0.1.evil.example", "0.0.0.0", "::", "10.0.0.1", "localhost.evil"].some(isLoopback)).toBe(false);
  });
});

describe("origins", () => {
  it.each([
    "http://localhost:3000",
    "http://127.0.0.1:5173",
    "tauri://localhost",
    "http://tauri.localhost",
    "https://tauri.localhost",
    "https://opencode.ai",
    "https://app.opencode.ai",
    "https://a.b.opencode.ai",
    "https://app.example.com",
    "http://dev.test:8080",
    "https://x.corp.example",
    "http://code.example.com:4096",
    "https://code.example.com:4096",
  ])("%s may call", (origin) => {
    expect(walls.refuse({ host: "code.example.com:4096", origin })).toBeUndefined();
  });

  it.each([
    "null",
    "",
    "http://localhost",
    "https://localhost:3000",
    "http://localhost:3000.evil.com",
    "http://localhost:evil",
    "http://localhost:3000@evil.com",
    "http://localhost:3000/",
    "http://127.0.0.1.evil.com:80",
    "http://opencode.ai",
    "https://opencode.ai.evil.com",
    "https://evilopencode.ai",
    "https://opencode.ai:8443",
    "https://app.example.com.evil.com",
    "https://corp.example",
    "http://dev.test",
    "http://code.example.com:4097",
    "ftp://code.example.com:4096",
    "http://evil.example, http://localhost:3000",
    "chrome-extension://abcdef",
  ])("%s may not", (origin) => {
    expect(walls.refuse({ host: "code.example.com:4096", origin })).toMatchObject({ name: "ForbiddenError" });
  });

  it("count the default port as none when they are our own", () => {
    expect(walls.refuse({ host: "code.example.com:443", origin: "https://code.example.com" })).toBeUndefined();
    expect(walls.refuse({ host: "code.example.com", origin: "https://code.example.com" })).toBeUndefined();
  });

  it("are not sent by an image or script of a foreign page, which is refused all the same", () => {
    const host = "localhost:4096";
    expect(walls.refuse({ host, site: "cross-site", mode: "no-cors" })).toMatchObject({ status: 403 });
    expect(walls.refuse({ host, site: "cross-site", mode: "navigate" })).toBeUndefined();
    expect(walls.refuse({ host, site: "same-site", mode: "no-cors" })).toBeUndefined();
    expect(walls.refuse({ host, site: "none" })).toBeUndefined();
  });

  it.each(["*", "example.com", "https://", "https://a.example/path", "https://*", "https://a.*.example", "null"])(
    "%s is refused as a configured origin",
    (entry) => {
      const create = () => createWalls({ hostname: "localhost", allowedHosts: [], cors: [entry], addresses: () => [] });
      expect(create).toThrow(expect.objectContaining({ name: "ConfigInvalidError", message: expect.stringContaining(entry) }));
    },
  );
});

const hostile: Record<string, Record<string, string>> = {
  "a foreign origin": { origin: "https://evil.example" },
  "a sandboxed origin": { origin: "null" },
  "a look-alike origin": { origin: "http://localhost:3000.evil.com" },
  "a rebound name": { host: "evil.example:4096" },
  "a rebound name with its own origin": { host: "evil.example:4096", origin: "http://evil.example:4096" },
};
const bodies: Record<string, { type?: string; body?: string }> = {
  "no body": {},
  "text/plain": { type: "text/plain", body: '{"name":"x"}' },
  "a form": { type: "application/x-www-form-urlencoded", body: "name=x" },
  JSON: { type: "application/json", body: '{"name":"x"}' },
};
const addresses: [string, string][] = [
  ["POST", "/item"],
  ["DELETE", "/item/one"],
  ["GET", "/event"],
  ["GET", "/global/event"],
  ["POST", "/trpc/create"],
  ["POST", "/trpc/create,remove?batch=1"],
  ["GET", "/trpc/events"],
  ["GET", "/doc"],
];

describe("a request from outside the walls executes nothing", () => {
  describe.each(Object.entries(hostile))("with %s", (_name, headers) => {
    it.each(Object.entries(bodies))("and %s", async (_kind, { type, body }) => {
      await using host = await testHost();
      for (const [method, path] of addresses) {
        const reply = await host.send(path, { method, body, headers: { ...headers, ...(type && { "content-type": type }) } });
        expect([method, path, reply.status]).toEqual([method, path, 403]);
        expect(reply.json).toMatchObject({ name: "ForbiddenError", data: { message: expect.any(String) } });
        expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
      }
      expect(host.effects.calls).toEqual([]);
    });

    it("and an upgrade to WebSocket", async () => {
      await using host = await testHost();
      expect(await upgradeStatus(host, "/trpc", headers)).toBe(403);
      expect(host.effects.calls).toEqual([]);
    });

    it("and its preflight gets no allow headers", async () => {
      await using host = await testHost();
      const reply = await host.send("/item", { method: "OPTIONS", headers: { ...headers, "access-control-request-method": "POST" } });
      expect(reply.status).toBe(403);
      expect(Object.keys(reply.headers).filter((name) => name.startsWith("access-control-allow"))).toEqual([]);
    });
  });

  it("while a listed origin, the server's own page and a program get through", async () => {
    await using host = await testHost();
    const own = host.url;
    const welcome: Record<string, string>[] = [{ origin: "http://localhost:3000" }, { origin: own }, {}];
    for (const headers of welcome) {
      expect((await host.send("/item", { method: "POST", headers, body: "{}" })).status).toBe(200);
      expect(await upgradeStatus(host, "/trpc", headers)).toBe(101);
    }
    expect(host.effects.calls).toHaveLength(3);
  });

  it("and a name of this machine's own interfaces is not outside", async () => {
    await using host = await testHost();
    const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
    for (const { address, family } of own) {
      const name = family === "IPv6" ? `[${address}]` : address;
      expect((await host.send("/item", { headers: { host: `${name}:4096` } })).status).toBe(200);
    }
  });
});

describe("CORS", () => {
  it("answers a preflight with what was asked for", async () => {
    await using host = await testHost({ cors: ["https://app.example.com"] });
    const headers = { origin: "https://app.example.com", "access-control-request-headers": "x-one, content-type" };
    const reply = await host.send("/anything", { method: "OPTIONS", headers });
    expect(reply.status).toBe(204);
    expect(reply.headers).toMatchObject({
      "access-control-allow-origin": "https://app.example.com",
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, HEAD, PUT, PATCH, POST, DELETE",
      "access-control-allow-headers": "x-one, content-type",
      "access-control-max-age": "86400",
      vary: expect.stringContaining("Origin"),
    });
  });

  it("is on every answer to a listed origin, errors included, and Vary on every answer", async () => {
    await using host = await testHost({ password: "secret" });
    for (const path of ["/item", "/nowhere", "/trpc/list"]) {
      const reply = await host.send(path, { headers: { origin: "http://localhost:3000" } });
      expect([reply.status, reply.headers["access-control-allow-origin"]]).toEqual([401, "http://localhost:3000"]);
    }
    for (const path of ["/item", "/trpc/list"]) expect((await host.send(path)).headers.vary).toContain("Origin");
    expect((await host.send("/item")).headers["access-control-allow-origin"]).toBeUndefined();
  });
});

const basic = (text: string, scheme = "Basic") => ({ authorization: `${scheme} ${Buffer.from(text).toString("base64")}` });

describe("the password", () => {
  it("is needed on every host, and its absence is told in the one error shape", async () => {
    await using host = await testHost({ password: "se:cret" });
    for (const [method, path] of [...addresses, ["GET", "/nowhere"] as const]) {
      const reply = await host.send(path, { method });
      expect([path, reply.status]).toEqual([path, 401]);
      expect(reply.json).toMatchObject({ name: "UnauthorizedError", _tag: "UnauthorizedError", data: { message: expect.any(String) } });
      expect(reply.headers["www-authenticate"]).toMatch(/Basic .*Bearer /);
    }
    expect(await upgradeStatus(host, "/trpc", {})).toBe(401);
    expect(host.effects.calls).toEqual([]);
  });

  it("comes as Basic in any spelling of the scheme, as Bearer, or as auth_token", async () => {
    await using host = await testHost({ password: ">>>p:ä", username: "me" });
    const token = Buffer.from("me:>>>p:ä").toString("base64");
    expect(token).toContain("+");
    for (const scheme of ["Basic", "basic", "BASIC", "Bearer"]) {
      expect((await host.send("/item", { headers: basic("me:>>>p:ä", scheme) })).status).toBe(200);
    }
    expect((await host.send(`/item?auth_token=${encodeURIComponent(token)}`)).json).toEqual({});
    expect((await host.send(`/item?auth_token=${token}`)).status).toBe(200);
    expect(await upgradeStatus(host, `/trpc?auth_token=${encodeURIComponent(token)}`, {})).toBe(101);
    expect((await host.send("/trpc/where?input=%7B%22json%22%3A%7B%7D%7D", { headers: basic("me:>>>p:ä") })).status).toBe(200);
  });

  it.each(["opencode:wrong", "other:secret", "opencode:secret ", "opencode:", "secret", ""])("is not %j", async (text) => {
    await using host = await testHost({ password: "secret" });
    const reply = await host.send("/item", { headers: basic(text) });
    expect(reply.status).toBe(401);
    expect(reply.text).not.toContain("secret");
  });

  it("is not asked of a health check from this machine, nor of a preflight", async () => {
    await using host = await testHost({ password: "secret" });
    expect((await host.send("/global/health")).status).toBe(200);
    expect((await host.send("/global/health", { method: "POST" })).status).toBe(401);
    expect((await host.send("/item", { method: "OPTIONS" })).status).toBe(204);
  });

  it("must be set where other machines can connect", async () => {
    const app = {} as Parameters<typeof listen>[0];
    const { router } = (await import("./helpers/fixture-router.ts")).createFixture();
    const options = { router, port: 0, anyPort: true, cors: [], allowedHosts: [] };
    for (const hostname of ["0.0.0.0", "::", "192.168.1.5"]) {
      await expect(listen(app, { ...options, hostname, password: "" })).rejects.toMatchObject({
        name: "ConfigInvalidError",
        message: expect.stringContaining("OPENCODE_SERVER_PASSWORD"),
      });
    }
    await using open = await listen(app, { ...options, hostname: "0.0.0.0", unsafeNoPassword: true });
    expect(open.url).toBe(`http://0.0.0.0:${open.port}`);
  });
});

/** The status an upgrade is answered with; 101 when it succeeds. */
async function upgradeStatus(host: TestHost, path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(host.url.replace("http", "ws") + path, { headers });
  socket.on("error", () => {});
  const status = await Promise.race([
    once(socket, "open").then(() => 101),
    once(socket, "unexpected-response").then(([, response]) => response.statusCode as number),
  ]);
  socket.terminate();
  return status;
}
