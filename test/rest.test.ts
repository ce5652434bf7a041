import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Reply, type SendOptions, testHost } from "./helpers/host.ts";

const json = { "content-type": "application/json" };
const post = (body: string | Buffer, headers: Record<string, string> = json): SendOptions => ({ method: "POST", headers, body });

/** Every error has the one shape: a name, a message, and the message again in data. */
function fault(reply: Reply): { name: string; message: string; data: Record<string, unknown> } {
  const body = reply.json as ReturnType<typeof fault>;
  expect(reply.headers["content-type"]).toBe("application/json");
  expect(body.data.message).toBe(body.message);
  return body;
}

describe("addresses", () => {
  it("find a procedure by its path, and literal segments win over parameters", async () => {
    await using host = await testHost();
    expect((await host.send("/item/status")).json).toBe("status");
    expect((await host.send("/item/one")).json).toEqual({ id: "one", name: "an item" });
    expect((await host.send("/item/one/")).json).toEqual({ id: "one", name: "an item" });
    expect((await host.send("/health")).json).toEqual({ healthy: true });
  });

  it("decode parameters, slashes and UTF-8 included", async () => {
    await using host = await testHost();
    expect((await host.send("/item/a%2Fb%20%C3%A4")).json).toEqual({ id: "a/b ä", name: "an item" });
    const reply = await host.send("/item/%E0%A4%A");
    expect(reply.status).toBe(400);
    expect(fault(reply).message).toContain("%E0%A4%A");
  });

  it("fall back to a parameter when only that address has the method", async () => {
    await using host = await testHost();
    expect((await host.send("/item/status", { method: "DELETE" })).json).toBe(true);
    expect(host.effects.calls).toEqual(["remove status"]);
  });

  it("answer an unknown path with 404 as JSON that names it", async () => {
    await using host = await testHost();
    for (const path of ["/nowhere", "/item/a/b", "/item//", "/", "/trpcx"]) {
      const reply = await host.send(path);
      expect([path, reply.status, fault(reply).name]).toEqual([path, 404, "NotFoundError"]);
      expect(fault(reply).message).toContain(path.replace(/(.)\/$/, "$1"));
    }
  });

  it("answer a wrong method with 405 and the right ones in Allow", async () => {
    await using host = await testHost();
    const reply = await host.send("/item", { method: "PUT" });
    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toBe("GET, POST, HEAD, OPTIONS");
    expect(fault(reply)).toMatchObject({ name: "MethodNotAllowedError", message: expect.stringContaining("PUT") });
    expect((await host.send("/event", { method: "POST" })).headers.allow).toBe("GET, HEAD, OPTIONS");
  });

  it("answer HEAD like GET without a body", async () => {
    await using host = await testHost();
    const reply = await host.send("/item/one", { method: "HEAD" });
    expect([reply.status, reply.bytes.length]).toEqual([200, 0]);
    expect(reply.headers["content-length"]).toBe(String(JSON.stringify({ id: "one", name: "an item" }).length));
  });

  it("live under the base path, and only there", async () => {
    await using host = await testHost({ basePath: "/code/" });
    expect(host.url).toMatch(/\/code$/);
    expect((await host.send("/item/one")).status).toBe(200);
    const outside = await fetch(host.url.replace(/\/code$/, "/item/one"));
    expect(outside.status).toBe(404);
    expect(await outside.json()).toMatchObject({ message: expect.stringContaining("/code/") });
  });

  it("refuse a request target that is not a path", async () => {
    await using host = await testHost();
    const socket = connect(host.listening.port, "127.0.0.1");
    socket.end("GET http://evil.example/item HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/^HTTP\/1.1 400 [\s\S]*must be a path/);
  });
});

describe("queries", () => {
  it("become the types the input asks for", async () => {
    await using host = await testHost();
    const reply = await host.send("/item?limit=5&score=-1.5e1&done=false&loose=true&tag=a&tag=b&rank=2&name=7&other=x");
    expect(reply.json).toEqual({ limit: 5, score: -15, done: false, loose: true, tag: ["a", "b"], rank: [2], name: "7" });
    expect((await host.send("/numbered/12")).json).toBe(12);
  });

  it.each([
    ["/item?limit=abc", "limit", "Query"],
    ["/item?limit=", "limit", "Query"],
    ["/item?limit=1.5", "limit", "Query"],
    ["/item?limit=-1", "limit", "Query"],
    ["/item?limit=0x10", "limit", "Query"],
    ["/item?done=1", "done", "Query"],
    ["/item?done=TRUE", "done", "Query"],
    ["/item?limit=1&limit=2", "limit", "Query"],
    ["/item?rank=1&rank=b", "rank.1", "Query"],
    ["/numbered/twelve", "number", "Params"],
  ])("%s is a 400 that names %s as a fault of the %s", async (path, field, kind) => {
    await using host = await testHost();
    const reply = await host.send(path);
    expect(reply.status).toBe(400);
    expect(fault(reply)).toMatchObject({ name: "BadRequest", _tag: "BadRequest", data: { kind, field } });
    expect(fault(reply).message).toContain(`${field}:`);
  });
});

describe("bodies", () => {
  it("are JSON whatever their content type, and {} when empty", async () => {
    await using host = await testHost();
    const types = ["application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded", "application/octet-stream"];
    for (const type of types) {
      const reply = await host.send("/item", post('{"name":"x","unknown":1}', { "content-type": type }));
      expect(reply.json).toEqual({ input: { name: "x" } });
    }
    expect((await host.send("/item", { method: "POST" })).json).toEqual({ input: {} });
    expect((await host.send("/item", post(" \n"))).json).toEqual({ input: {} });
    expect((await host.send("/item", post('\ufeff{"name":"bom"}'))).json).toEqual({ input: { name: "bom" } });
  });

  it("may use an older spelling where the procedure knows one", async () => {
    await using host = await testHost();
    expect((await host.send("/say", post('"hello"'))).json).toBe("hello");
  });

  it.each([
    ['{"name": "x",}', 1, 14, 13],
    ['{\n  "name": oops\n}', 2, 11, 12],
    ['{"name": "x"', 1, 13, 12],
    ["{'name': 1}", 1, 2, 1],
    ['{"name": 1} x', 1, 13, 12],
    ['// no\n{"name": 1}', 1, 1, 0],
  ])("malformed JSON %j is a 400 at line %i, column %i", async (body, line, column, offset) => {
    await using host = await testHost();
    const reply = await host.send("/item", post(body));
    expect(reply.status).toBe(400);
    expect(fault(reply)).toMatchObject({ name: "BadRequest", data: { kind: "Payload", line, column, offset } });
    expect(fault(reply).message).toContain(`line ${line}, column ${column} (offset ${offset})`);
    expect(host.effects.calls).toEqual([]);
  });

  it.each(["[]", "null", "3", '"text"'])("%s is a 400, since only an object can be an input", async (body) => {
    await using host = await testHost();
    const reply = await host.send("/item", post(body));
    expect(reply.status).toBe(400);
    expect(fault(reply).message).toContain("must be a JSON object");
  });

  it("name the field that does not fit", async () => {
    await using host = await testHost();
    const deep = await host.send("/item", post('{"parent":{"id":5}}'));
    expect(deep.status).toBe(400);
    expect(fault(deep)).toMatchObject({ data: { kind: "Payload", field: "parent.id" } });
    const missing = await host.send("/say", post("{}"));
    expect(fault(missing)).toMatchObject({ data: { kind: "Payload", field: "text" } });
  });

  it("never override a path parameter, and cannot reach a prototype", async () => {
    await using host = await testHost();
    expect((await host.send("/item/mine", post('{"id":"theirs"}'))).json).toEqual({ id: "mine", name: "replaced" });
    const hostile = '{"__proto__":{"name":"polluted"},"parent":{"id":"p","\\u005f_proto__":{"x":1}}}';
    expect((await host.send("/item", post(hostile))).json).toEqual({ input: { parent: { id: "p" } } });
    expect((await host.send("/item?__proto__=x&constructor=y")).json).toEqual({});
  });

  it("that are not UTF-8, or compressed, are refused", async () => {
    await using host = await testHost();
    expect(fault(await host.send("/item", post(Buffer.from([0x22, 0xff, 0x22])))).message).toContain("UTF-8");
    expect(fault(await host.send("/item", post("x", { "content-encoding": "gzip" }))).message).toContain("gzip");
  });

  it("over the limit are a 413 while they are still being sent", async () => {
    await using host = await testHost({ maxBody: 1_000 });
    for (const headers of [{ "content-length": "1000000" }, { "transfer-encoding": "chunked" }]) {
      const sent = request(`${host.url}/item`, { method: "POST", headers, agent: false });
      sent.on("error", () => {});
      sent.write(`{"name":"${"x".repeat(2_000)}`);
      // The body never ends: the answer cannot have waited for it.
      const [response] = await once(sent, "response");
      expect(response.statusCode).toBe(413);
      const body = JSON.parse(Buffer.concat(await response.toArray()).toString());
      expect(body).toMatchObject({ name: "PayloadTooLargeError", data: { limit: 1_000 } });
      sent.destroy();
    }
    expect((await host.send("/item", post(`{"name":"${"x".repeat(900)}"}`))).status).toBe(200);
    expect(host.effects.calls).toEqual(["create"]);
  });
});

describe("answers", () => {
  it("carry an error's own status and name, and no internals", async () => {
    await using host = await testHost();
    const missing = await host.send("/item/missing");
    expect([missing.status, fault(missing).name, fault(missing).message]).toEqual([404, "NotFoundError", "Item not found: missing"]);
    const broken = await host.send("/item/broken");
    expect([broken.status, fault(broken).name]).toEqual([500, "UnknownError"]);
    expect(broken.text).not.toContain("secret");
    expect(host.faults).toEqual([expect.objectContaining({ message: "secret internals" })]);
  });

  it("have no body at 204, and null for a procedure without a result", async () => {
    await using host = await testHost();
    const touched = await host.send("/item/one/touch", { method: "POST" });
    expect([touched.status, touched.bytes.length, touched.headers["content-type"]]).toEqual([204, 0, undefined]);
    expect((await host.send("/nothing", { method: "POST" })).text).toBe("null");
  });

  it("carry the security headers and those of the procedure", async () => {
    await using host = await testHost();
    const { headers } = await host.send("/item");
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-next-cursor": "next" });
    expect((await host.send("/nowhere")).headers["x-content-type-options"]).toBe("nosniff");
  });

  it("are compressed above a kilobyte for clients that take gzip", async () => {
    await using host = await testHost();
    const zipped = await host.send("/big", { headers: { "accept-encoding": "br, gzip" } });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(zipped.bytes).toString())).toHaveLength(5_000);
    for (const accepted of ["br", "gzip;q=0", "identity"]) {
      expect((await host.send("/big", { headers: { "accept-encoding": accepted } })).headers["content-encoding"]).toBeUndefined();
    }
    expect((await host.send("/item", { headers: { "accept-encoding": "gzip" } })).headers["content-encoding"]).toBeUndefined();
  });

  it("know the directory: query before header before the server's own", async () => {
    await using host = await testHost();
    const where = async (query: string, header?: string) => {
      const reply = await host.send(`/where${query}`, header === undefined ? {} : { headers: { "x-opencode-directory": header } });
      return (reply.json as { directory: string }).directory;
    };
    expect(await where("?directory=%2Fwork%2Fa%20b", "/work/c")).toBe("/work/a b");
    expect(await where("", "/work/c")).toBe("/work/c");
    expect(await where("", "%2Fwork%2F%C3%A4")).toBe("/work/ä");
    expect(await where("", "/work/100%")).toBe("/work/100%");
    expect(await where("?directory=sub")).toBe("/work/sub");
    expect(await where("?directory=")).toBe("/work");
    expect((await host.send("/where?directory=a%00b")).status).toBe(400);
  });
});

describe("long answers", () => {
  it("send spaces while they wait, and then their JSON", async () => {
    await using host = await testHost({ keepAlive: 5 });
    const sent = request(`${host.url}/wait`, { method: "POST", agent: false }).end();
    const [response] = await once(sent, "response");
    const [first] = await once(response, "data");
    expect([response.statusCode, first.toString().trim()]).toEqual([200, ""]);
    host.effects.release.abort();
    expect(JSON.parse(Buffer.concat(await response.toArray()).toString())).toBe("waited");
  });

  it("have their own status as long as no byte was due, and tell a later error in the body", async () => {
    await using host = await testHost({ keepAlive: 5 });
    expect((await host.send("/wait", post('{"fail":"early"}'))).status).toBe(409);
    const sent = request(`${host.url}/wait`, { method: "POST", agent: false }).end('{"fail":"late"}');
    const [response] = await once(sent, "response");
    host.effects.release.abort();
    const body = JSON.parse(Buffer.concat(await response.toArray()).toString());
    expect([response.statusCode, body.name, body.message]).toEqual([200, "ConflictError", "late"]);
  });

  it("abort the procedure's signal when the client goes away", async () => {
    await using host = await testHost({ keepAlive: 5 });
    const sent = request(`${host.url}/wait`, { method: "POST", agent: false }).end();
    sent.on("error", () => {});
    await once(sent, "response");
    sent.destroy();
    await expect.poll(() => host.effects.aborted).toBe(1);
    expect(host.faults).toEqual([]);
  });
});
