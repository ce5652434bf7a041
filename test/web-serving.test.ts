import { existsSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { testServer } from "./helpers/server.ts";

const folder = new URL("../dist/web/", import.meta.url);
const asset = existsSync(folder) ? readdirSync(new URL("assets/", folder)).find((name) => /^index-.*\.js$/.test(name)) : undefined;
const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** As it is written: `fetch` would put the path in order first. */
function raw(url: string, path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path }, async (response) => {
      let body = "";
      for await (const chunk of response) body += String(chunk);
      resolve({ status: response.statusCode ?? 0, body });
    });
    sent.on("error", reject).end();
  });
}

describe("the web interface is served", () => {
  test("as one page for every place in it, with the address it lives under, and no password", async () => {
    expect(asset, "run: npm run build:web").toBeDefined();
    await using server = await testServer({ listen: { basePath: "/code", password: "secret" } });
    for (const path of ["/web/", "/web", "/web/session/ses_1?tab=changes", "/web/files/a.b/c.md"]) {
      const response = await fetch(server.url + path);
      expect(response.headers.get("content-security-policy"), path).toMatch(/base-uri 'self'; .*script-src 'self';/);
      expect(response.headers.get("cache-control")).toBe("no-cache");
      expect(await response.text()).toContain('<base href="/code/web/">');
      const again = await fetch(server.url + path, { headers: { "if-none-match": response.headers.get("etag") ?? "" } });
      expect(again.status).toBe(304);
      expect(again.headers.get("content-security-policy")).toBe(response.headers.get("content-security-policy"));
      const head = await fetch(server.url + path, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
    }
    const refused = await fetch(`${server.url}/session`, { headers: { "sec-fetch-dest": "empty" } });
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="codeport"']);
  });

  test("with assets that are kept for ever, in the smallest form that is taken", async () => {
    await using server = await testServer();
    const sizes: number[] = [];
    for (const encoding of ["br", "gzip", "identity"]) {
      const response = await fetch(`${server.url}/web/assets/${asset}`, { headers: { "accept-encoding": encoding } });
      expect(response.headers.get("content-type")).toMatch(/^text\/javascript/);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(response.headers.get("content-encoding")).toBe(encoding === "identity" ? null : encoding);
      sizes.push(Number(response.headers.get("content-length")));
    }
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
    const missing = await fetch(`${server.url}/web/assets/index-00000000.js`);
    expect([missing.status, await missing.json()]).toMatchObject([404, { name: "NotFoundError" }]);
  });

  test("and nothing but it", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    const paths = [
      "/web/../session",
      "/web/..%2f..%2fpackage.json",
      "/web/%2e%2e/%2e%2e/package.json",
      "/web/assets%2f..%2f..%2f..%2fpackage.json",
    ];
    for (const path of paths) {
      const { status, body } = await raw(server.url, path);
      expect(body, path).not.toContain('"dependencies"');
      expect(status === 404 || body.includes("<base"), path).toBe(true);
    }
    const posted = await fetch(`${server.url}/web/`, { method: "POST" });
    expect(posted.status).toBe(401);
  });

  test("to browsers that ask for the server itself; programs are told what there is", async () => {
    await using server = await testServer({ listen: { basePath: "/code", password: "secret" } });
    const page = await fetch(`${server.url}/`, { headers: browser, redirect: "manual" });
    expect([page.status, page.headers.get("location")]).toEqual([302, "/code/web/"]);
    const program = await fetch(`${server.url}/`);
    expect([program.status, await program.json()]).toMatchObject([404, { name: "NotFoundError" }]);
  });
});
