import { once } from "node:events";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { createTRPCClient, createWSClient, httpBatchLink, type TRPCClientError, type TRPCLink, wsLink } from "@trpc/client";
import superjson from "superjson";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { listen } from "../src/server/listen.ts";
import { createFixture } from "./helpers/fixture-router.ts";
import { type TestHost, testHost } from "./helpers/host.ts";
import { scope } from "./helpers/store.ts";

type Router = ReturnType<typeof createFixture>["router"];

interface Client extends AsyncDisposable {
  trpc: ReturnType<typeof createTRPCClient<Router>>;
}

function overSocket(host: TestHost, connectionParams?: Record<string, string>): Client {
  const client = createWSClient({ url: `${host.url.replace("http", "ws")}/trpc`, connectionParams: connectionParams ?? null });
  return clientOf(wsLink({ client, transformer: superjson }), () => client.close());
}

function overHttp(host: TestHost): Client {
  return clientOf(httpBatchLink({ url: `${host.url}/trpc`, transformer: superjson }));
}

function clientOf(link: TRPCLink<Router>, close?: () => unknown): Client {
  return {
    trpc: createTRPCClient<Router>({ links: [link] }),
    [Symbol.asyncDispose]: async () => {
      await close?.();
    },
  };
}

/** The ids of the first events of a subscription. */
function eventIds(client: Client, count: number): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  const ids: string[] = [];
  const subscription = client.trpc.events.subscribe(undefined, {
    onData(event) {
      ids.push((event as { id: string }).id);
      if (ids.length < count) return;
      subscription.unsubscribe();
      resolve(ids);
    },
    onError: reject,
  });
  return promise;
}

const edited = (host: TestHost, file: string) => host.log.append([{ type: "file.edited", properties: { file } }], { scope });

describe.each([
  ["HTTP", overHttp],
  ["WebSocket", overSocket],
])("tRPC over %s", (_name, connect) => {
  it("calls procedures", async () => {
    await using host = await testHost();
    await using client = connect(host);
    const [one, two] = await Promise.all([client.trpc.get.query({ id: "one" }), client.trpc.replace.mutate({ id: "two" })]);
    expect([one.id, two.name]).toEqual(["one", "replaced"]);
  });

  it("gives errors their name, data and status, and no internals", async () => {
    await using host = await testHost();
    await using client = connect(host);
    const missing = await client.trpc.get.query({ id: "missing" }).catch((error: TRPCClientError<Router>) => error);
    expect(missing).toMatchObject({
      message: "Item not found: missing",
      data: { httpStatus: 404, name: "NotFoundError", code: "NOT_FOUND" },
    });
    const broken = await client.trpc.get.query({ id: "broken" }).catch((error: TRPCClientError<Router>) => error);
    expect(broken).toMatchObject({ data: { httpStatus: 500, name: "UnknownError" } });
    expect(JSON.stringify(broken)).not.toContain("secret");
    expect(host.faults).toEqual([expect.objectContaining({ message: "secret internals" })]);
  });

  it("names the field of an input that does not fit", async () => {
    await using host = await testHost();
    await using client = connect(host);
    const error = await client.trpc.list.query({ limit: -1 }).catch((failure: TRPCClientError<Router>) => failure);
    expect(error).toMatchObject({ data: { httpStatus: 400, name: "BadRequest", data: { field: "limit" } } });
  });
});

describe("tRPC over HTTP", () => {
  it("takes the directory from its header", async () => {
    await using host = await testHost();
    const headers = { "x-opencode-directory": "/work/a" };
    const link = httpBatchLink<Router>({ url: `${host.url}/trpc`, transformer: superjson, headers });
    expect(await createTRPCClient<Router>({ links: [link] }).where.query({})).toEqual({ directory: "/work/a" });
  });

  it("streams subscriptions", async () => {
    await using host = await testHost();
    await edited(host, "1");
    const response = await fetch(`${host.url}/trpc/events`, { headers: { accept: "text/event-stream" } });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes("id: 1\n") && host.effects.calls.length === 1) {
        host.effects.calls.push("appended");
        await edited(host, "2");
      }
      if (text.includes("id: 2\n")) break;
    }
    expect(text).toContain("file.edited");
  });

  it("refuses a batch that holds a long call, and executes none of it", async () => {
    await using host = await testHost();
    await using client = overHttp(host);
    const outcomes = await Promise.allSettled([client.trpc.wait.mutate({}), client.trpc.create.mutate({})]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { data: { httpStatus: 400, name: "BadRequest" } } });
      expect(outcome).toMatchObject({ reason: { message: expect.stringContaining("wait may take minutes") } });
    }
    expect(host.effects.calls).toEqual([]);
    host.effects.release.abort();
    expect(await client.trpc.wait.mutate({})).toBe("waited");
  });

  it("refuses bodies over the limit and malformed ones", async () => {
    await using host = await testHost({ maxBody: 1_000 });
    const large = await host.send("/trpc/create", {
      method: "POST",
      body: `{"json":{"name":"${"x".repeat(2_000)}"}}`,
      headers: { "content-type": "application/json" },
    });
    expect(large.status).toBe(413);
    expect(large.text).toContain("PayloadTooLargeError");
    const malformed = await host.send("/trpc/create", { method: "POST", body: "{oops", headers: { "content-type": "application/json" } });
    expect([malformed.status, malformed.text]).toEqual([400, expect.stringContaining("BadRequest")]);
    const unknown = await host.send("/trpc/nowhere");
    expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining("NotFoundError")]);
    expect(host.effects.calls).toEqual([]);
  });

  it("ends subscriptions in order when the server closes", async () => {
    await using host = await testHost({ grace: 20_000 });
    const response = await fetch(`${host.url}/trpc/events`, { headers: { accept: "text/event-stream" } });
    const text = response.text();
    await expect.poll(() => host.effects.calls).toEqual(["subscribe"]);
    await host.listening.close();
    expect(await text).toContain("connected");
  });
});

describe("tRPC over WebSocket", () => {
  it("streams subscriptions", async () => {
    await using host = await testHost();
    await using client = overSocket(host);
    await edited(host, "1");
    const ids = eventIds(client, 2);
    await expect.poll(() => host.effects.calls).toEqual(["subscribe"]);
    await edited(host, "2");
    expect(await ids).toEqual(["1", "2"]);
  });

  it("takes the directory from the connection's parameters, or its address", async () => {
    await using host = await testHost();
    await using client = overSocket(host, { directory: "/work/a" });
    expect(await client.trpc.where.query({})).toEqual({ directory: "/work/a" });
    const socket = await dial(host, "/trpc?directory=/work/b");
    socket.send(JSON.stringify({ id: 1, method: "query", params: { path: "where", input: { json: {} } } }));
    const [message] = await once(socket, "message");
    expect(JSON.parse(String(message))).toMatchObject({ result: { data: { json: { directory: "/work/b" } } } });
    socket.terminate();
  });

  it("refuses an upgrade anywhere else, and any other protocol", async () => {
    await using host = await testHost();
    for (const [path, status] of [
      ["/other", 404],
      ["/trpc/events", 404],
      ["/item", 404],
    ] as const) {
      const socket = new WebSocket(host.url.replace("http", "ws") + path);
      socket.on("error", () => {});
      const [, response] = await once(socket, "unexpected-response");
      expect(response.statusCode).toBe(status);
      expect(JSON.parse(Buffer.concat(await response.toArray()).toString())).toMatchObject({ name: "NotFoundError" });
    }
    const reply = await host.send("/item/one", {
      headers: { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "" },
    });
    expect(reply.json).toEqual({ id: "one", name: "an item" });
  });

  it("closes a connection whose message is over the limit, and only that one", async () => {
    await using host = await testHost({ maxBody: 1_000 });
    const [large, other] = [await dial(host, "/trpc"), await dial(host, "/trpc")];
    large.send("x".repeat(2_000));
    expect((await once(large, "close"))[0]).toBe(1009);
    expect(other.readyState).toBe(WebSocket.OPEN);
    other.terminate();
    expect(host.faults).toEqual([]);
  });

  it("cuts off a client that does not read", async () => {
    await using host = await testHost({ maxBody: 1_000 });
    const socket = await dial(host, "/trpc");
    const gone = once(socket, "close");
    socket.send(JSON.stringify({ id: 1, method: "subscription", params: { path: "flood", input: { json: {} } } }));
    socket.pause();
    await expect.poll(() => host.effects.calls, { timeout: 10_000 }).toEqual(["flood ended"]);
    socket.resume();
    expect((await gone)[0]).toBe(1006);
  });

  it("says goodbye to its clients when the server closes", async () => {
    await using host = await testHost();
    const socket = await dial(host, "/trpc");
    const gone = once(socket, "close");
    await host.listening.close();
    expect((await gone)[0]).toBe(1001);
  });
});

describe("the address", () => {
  const options = { router: createFixture().router, hostname: "127.0.0.1", cors: [], allowedHosts: [], onRequest: () => {} };
  const app = {} as Parameters<typeof listen>[0];

  it.each([-1, 65_536, 1.5, Number.NaN])("port %d is refused", async (port) => {
    await expect(listen(app, { ...options, port })).rejects.toMatchObject({
      name: "ConfigInvalidError",
      message: expect.stringContaining(`${port} is not a port`),
    });
  });

  it("that is taken is refused by name, never replaced by another", async () => {
    await using first = await listen(app, { ...options, port: 0, anyPort: true });
    await expect(listen(app, { ...options, port: first.port })).rejects.toMatchObject({
      name: "ServiceUnavailableError",
      message: expect.stringContaining(`127.0.0.1 port ${first.port}: another program`),
    });
    const hostname = "no-such-host.invalid";
    await expect(listen(app, { ...options, hostname, port: first.port, unsafeNoPassword: true })).rejects.toMatchObject({
      name: "ServiceUnavailableError",
    });
  });

  it("with port 0 is never 4096 when that is taken", async () => {
    // Whoever has the port, this test or another program, it is taken.
    const holder = createServer().on("error", () => {});
    await new Promise((resolve) => holder.listen(4096, "127.0.0.1").once("listening", resolve).once("error", resolve));
    await using listening = await listen(app, { ...options, port: 0 });
    expect(listening.port).not.toBe(4096);
    holder.close();
  });

  const hasIPv6 = Object.values(networkInterfaces()).some((entries) => entries?.some(({ address }) => address === "::1"));
  it.runIf(hasIPv6)("is bracketed in the URL when it is IPv6", async () => {
    await using listening = await listen(app, { ...options, hostname: "::1", port: 0, anyPort: true });
    expect(listening.url).toBe(`http://[::1]:${listening.port}`);
    expect((await fetch(`${listening.url}/nowhere`)).status).toBe(404);
  });
});

async function dial(host: TestHost, path: string): Promise<WebSocket> {
  const socket = new WebSocket(host.url.replace("http", "ws") + path);
  await once(socket, "open");
  return socket;
}
