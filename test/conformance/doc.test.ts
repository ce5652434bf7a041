import { describe, expect } from "vitest";
import { send } from "../helpers/host.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const browser = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

/** Everything a page's HTML names to be loaded. */
function loadedBy(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = ""]) => address).filter((address) => address !== "data:,");
}

describe("the document and its pages", () => {
  verifies("GET /doc", "is OpenAPI 3.1 to programs, whatever they accept, and with ?format=json to everyone", async () => {
    await using server = await testServer();
    for (const [path, accept] of [
      ["/doc", "application/json"],
      ["/doc", "*/*"],
      ["/doc?format=json", browser.accept],
    ] as const) {
      const { status, headers, json } = await send(server.url + path, { headers: { accept } });
      expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
      expect(json).toMatchObject({ openapi: expect.stringMatching(/^3\.1/), info: { title: "codeport", version: "0.0.0-test" } });
      expect(headers.vary).toContain("Accept");
    }
    const { status, json } = await send(`${server.url}/doc?format=yaml`);
    expect([status, json]).toMatchObject([400, { name: "BadRequest", data: { field: "format" } }]);
  });

  verifies("GET /doc", "is an explorer to browsers, all of it from this server, under any base path", async () => {
    await using server = await testServer({ listen: { basePath: "/code" } });
    const { origin } = new URL(server.url);
    for (const path of ["/doc", "/trpc"]) {
      const { status, headers, text } = await send(server.url + path, { headers: browser });
      expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
      expect(headers["content-security-policy"]).toMatch(
        /^default-src 'none'; .*script-src 'self'; style-src 'self'; .*connect-src 'self'/,
      );
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
      const files = loadedBy(text);
      expect(files.length).toBeGreaterThan(1);
      for (const file of files) {
        expect(file).toMatch(/^\/code\/doc\/[\w.-]+$/);
        const { status, headers } = await send(origin + file, { headers: { "accept-encoding": "gzip" } });
        expect([status, headers["content-encoding"]]).toEqual([200, "gzip"]);
        const again = await send(origin + file, { headers: { "if-none-match": headers.etag ?? "" } });
        expect([again.status, again.bytes.length]).toEqual([304, 0]);
      }
      expect(text).toContain('data-document="/code/doc');
    }
    const unknown = await send(`${server.url}/doc/..%2F..%2Fpackage.json`);
    expect([unknown.status, unknown.json]).toMatchObject([404, { name: "NotFoundError" }]);
  });

  verifies("GET /doc", "needs the password like everything else", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    for (const path of ["/doc", "/trpc", "/doc/procedures.js"]) {
      expect((await send(server.url + path)).status).toBe(401);
      const headers = { authorization: `Basic ${Buffer.from("opencode:secret").toString("base64")}` };
      expect((await send(server.url + path, { headers })).status).toBe(200);
    }
  });

  verifies("GET /doc", "lists the procedures too, each with its input, and they run as listed", async () => {
    await using server = await testServer();
    const { json } = await send(`${server.url}/trpc`);
    const list = json as { path: string; type: string; rest?: string; scope: string; input?: { properties?: object } }[];
    const create = list.find(({ path }) => path === "session.create");
    expect(create).toMatchObject({
      type: "mutation",
      rest: "POST /session",
      scope: "prompt",
      input: { properties: { title: { type: "string" } } },
    });
    expect(list.find(({ path }) => path === "event.subscribe")).toMatchObject({ type: "subscription" });
    const body = JSON.stringify({ json: { title: "By the list" } });
    const made = await send(`${server.url}/trpc/${create?.path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(made.json).toMatchObject({ result: { data: { json: { title: "By the list" } } } });
    expect((await send(`${server.url}/session`)).json).toMatchObject([{ title: "By the list" }]);
  });

  verifies("serve: NamedError", "each kind of fault is { name, message, data } with its status", async () => {
    await using server = await testServer({ listen: { maxBody: 1_000 } });
    const faults: [string, Parameters<typeof send>[1], number, string][] = [
      ["/nowhere", {}, 404, "NotFoundError"],
      ["/session/ses_unknown", {}, 404, "NotFoundError"],
      ["/session", { method: "PUT" }, 405, "MethodNotAllowedError"],
      ["/session", { method: "POST", body: "{" }, 400, "BadRequest"],
      ["/session", { method: "POST", body: '{"title":7}' }, 400, "BadRequest"],
      ["/session", { method: "POST", body: JSON.stringify({ title: "x".repeat(2_000) }) }, 413, "PayloadTooLargeError"],
      ["/path?directory=/etc", {}, 403, "ForbiddenError"],
      ["/session?limit=x", {}, 400, "BadRequest"],
      ["/session", { headers: { origin: "https://evil.example" } }, 403, "ForbiddenError"],
      ["/%ff", {}, 400, "BadRequest"],
    ];
    for (const [path, options, status, name] of faults) {
      const reply = await send(server.url + path, options);
      expect([path, reply.status, reply.headers["content-type"]]).toEqual([path, status, "application/json"]);
      const body = reply.json as { name: string; message: string; data: { message: string } };
      expect(body).toMatchObject({ name, message: expect.stringMatching(/\w/), data: { message: body.message } });
      expect(JSON.stringify(body)).not.toMatch(/node_modules|at \w+ \(|\.ts:\d/);
    }
  });
});
