import { describe, expect, it } from "vitest";
import { appRouter } from "../../routers/index.ts";
import { restRoutes } from "../../src/server/rest.ts";
import { type Reply, type SendOptions, send } from "../helpers/host.ts";
import { testServer } from "../helpers/server.ts";

/** Every REST address of the router, with something in place of its parameters. */
const routes = [...restRoutes(appRouter)].map(({ method, path }) => ({ method, path: path.replace(/\{\w+(\.\.\.)?\}/g, "some") }));
const streams = ["/event", "/events", "/global/event", "/doc"].map((path) => ({ method: "GET", path }));
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

function expectError(reply: Reply, status: number, name: string): Record<string, unknown> {
  expect({ status: reply.status, type: reply.headers["content-type"] }, reply.text).toEqual({ status, type: "application/json" });
  const body = reply.json as { name: string; message: string; data: Record<string, unknown> };
  expect(body).toMatchObject({ name, message: expect.stringMatching(/./), data: { message: body.message } });
  expect(reply.text).not.toMatch(/\bat .*\.(ts|js):\d+/);
  return body.data;
}

describe("one error shape everywhere", () => {
  it("an unknown path is a 404 as JSON, whatever asks for it", async () => {
    await using server = await testServer();
    const unknown = [
      "/nothing",
      "/session/ses_x/nothing",
      "/sessions",
      "/index.html",
      "/assets/app.js",
      "/.env",
      "/v1/models",
      "/find/nothing",
      "/%20",
    ];
    const browser = { accept: "text/html,application/xhtml+xml" };
    for (const path of unknown) {
      for (const method of methods) {
        expectError(
          await send(server.url + path, { method, headers: browser, body: method === "GET" ? undefined : "{" }),
          404,
          "NotFoundError",
        );
      }
    }
    expect((await send(`${server.url}/nothing`, { method: "HEAD" })).status).toBe(404);
  });

  it("a wrong method is a 405 that lists the right ones, at every address", async () => {
    await using server = await testServer();
    const known = [...routes, ...streams];
    for (const path of new Set(known.map((route) => route.path))) {
      const wrong = await send(server.url + path, { method: "TRACE" });
      const data = expectError(wrong, 405, "MethodNotAllowedError");
      const right = known.filter((route) => route.path === path).map(({ method }) => method);
      expect(data.allow, path).toEqual(expect.arrayContaining(right));
      expect(wrong.headers.allow?.split(", "), path).toEqual(data.allow);
      const others = methods.filter((method) => !(data.allow as string[]).includes(method));
      for (const method of others) expectError(await send(server.url + path, { method }), 405, "MethodNotAllowedError");
    }
  });

  it("malformed JSON is a 400 with the place of the fault, at every address that takes a body", async () => {
    await using server = await testServer();
    const malformed: [string, { line: number; column: number; offset: number }][] = [
      ['{"a": 1,\n "b": }', { line: 2, column: 7, offset: 15 }],
      ["{", { line: 1, column: 2, offset: 1 }],
      ["parts=hello", { line: 1, column: 1, offset: 0 }],
    ];
    const taking = routes.filter(({ method }) => method !== "GET" && method !== "HEAD");
    expect(taking.length).toBeGreaterThan(20);
    for (const { method, path } of taking) {
      for (const [body, place] of malformed) {
        expect(expectError(await send(server.url + path, { method, body }), 400, "BadRequest"), `${method} ${path}`).toMatchObject(place);
      }
      // A terminal client's response may be any JSON.
      const others = path === "/tui/control/response" ? [] : ["[]", "1", "null", '"text"'];
      for (const body of [...others, Buffer.from([0x22, 0xff, 0x22])]) {
        const reply = await send(server.url + path, { method, body });
        expect([reply.status, (reply.json as { name: string }).name], `${method} ${path} ${body}: ${reply.text}`).toEqual([
          400,
          "BadRequest",
        ]);
      }
    }
  });

  it("and so is what other hosts refuse: walls, password, size, a stream's cursor, tRPC", async () => {
    await using server = await testServer({ listen: { password: "peel", maxBody: 100 } });
    const ask = (path: string, options: SendOptions = {}) =>
      send(server.url + path, { ...options, headers: { authorization: `Basic ${btoa("opencode:peel")}`, ...options.headers } });
    expectError(await send(`${server.url}/session`), 401, "UnauthorizedError");
    expectError(await ask("/session", { headers: { host: "evil.example" } }), 403, "ForbiddenError");
    expectError(await ask("/session", { method: "POST", body: `{"title":"${"x".repeat(200)}"}` }), 413, "PayloadTooLargeError");
    expectError(await ask("/event?after=x"), 400, "BadRequest");
    expectError(await ask("/session/%ff"), 400, "BadRequest");
    const { status, json } = await ask("/trpc/no.such");
    expect([status, json]).toEqual([
      404,
      { error: { json: expect.objectContaining({ data: expect.objectContaining({ name: "NotFoundError" }) }) } },
    ]);
  });
});
