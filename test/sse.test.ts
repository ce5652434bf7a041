import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { describe, expect, it } from "vitest";
import type { EventLog } from "../src/event/log.ts";
import { type TestHost, testHost } from "./helpers/host.ts";
import { scope } from "./helpers/store.ts";

interface Frame {
  id?: string;
  /** The parsed data. */
  data?: { type?: string; properties?: { file?: string }; payload?: Frame["data"]; [key: string]: unknown };
  comment?: string;
}

interface Reader extends AsyncDisposable {
  response: IncomingMessage;
  sent: ClientRequest;
  next(): Promise<Frame | undefined>;
  take(count: number): Promise<Frame[]>;
}

/** An SSE client that shows every line it got. */
async function open(host: TestHost, path: string, headers: Record<string, string> = {}): Promise<Reader> {
  const sent = request(host.url + path, { headers, agent: false }).end();
  sent.on("error", () => {});
  const [response]: IncomingMessage[] = await once(sent, "response");
  if (response === undefined) throw new Error("no response");
  const frames = parse(response);
  const next = async () => (await frames.next()).value as Frame | undefined;
  return {
    response,
    sent,
    next,
    take: async (count) => {
      const taken: Frame[] = [];
      for (let frame = await next(); frame !== undefined; frame = await next()) {
        taken.push(frame);
        if (taken.length === count) break;
      }
      return taken;
    },
    [Symbol.asyncDispose]: async () => {
      sent.destroy();
    },
  };
}

async function* parse(response: IncomingMessage): AsyncGenerator<Frame> {
  let text = "";
  for await (const chunk of response.iterator({ destroyOnReturn: false })) {
    const parts = (text + chunk).split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) yield frameOf(part);
  }
}

function frameOf(part: string): Frame {
  const frame: Frame = {};
  for (const line of part.split("\n")) {
    if (line.startsWith("id: ")) frame.id = line.slice(4);
    else if (line.startsWith("data: ")) frame.data = JSON.parse(line.slice(6));
    else if (line.startsWith(": ")) frame.comment = line.slice(2);
    else throw new Error(`unexpected line ${line}`);
  }
  return frame;
}

const edited = (log: EventLog, file: string, directory = scope.directory) =>
  log.append([{ type: "file.edited", properties: { file } }], { scope: { ...scope, directory } });
const fileOf = (frame: Frame | undefined) => frame?.data?.properties?.file ?? frame?.data?.payload?.properties?.file;

describe("GET /event", () => {
  it("starts with server.connected, at the log's position, and then tells each event once with its position", async () => {
    await using host = await testHost();
    await edited(host.log, "before");
    await using reader = await open(host, "/event");
    expect(reader.response.headers).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    expect(reader.response.headers["content-encoding"]).toBeUndefined();
    expect(await reader.next()).toEqual({
      id: "1",
      data: { id: expect.stringMatching(/^evt_/), type: "server.connected", properties: {} },
    });
    const [entry] = await edited(host.log, "after");
    expect(await reader.next()).toEqual({ id: "2", data: entry?.event });
  });

  it("gives live events no id, since they cannot be resumed from", async () => {
    await using host = await testHost();
    await using reader = await open(host, "/events");
    await reader.next();
    host.log.publish({ type: "tui.prompt.append", properties: { text: "a\nb" } }, scope);
    expect(await reader.next()).toEqual({ data: { id: expect.any(String), type: "tui.prompt.append", properties: { text: "a\nb" } } });
  });

  it("tells only the directory's own events, and those of no directory", async () => {
    await using host = await testHost();
    await using reader = await open(host, "/event?directory=/work/mine");
    await reader.next();
    await edited(host.log, "theirs", "/work/theirs");
    await edited(host.log, "mine", "/work/mine");
    host.log.publish({ type: "global.disposed", properties: {} });
    expect(fileOf(await reader.next())).toBe("mine");
    expect((await reader.next())?.data?.type).toBe("global.disposed");
  });

  it("refuses a directory outside the roots", async () => {
    await using host = await testHost();
    const reply = await host.send("/event?directory=/etc");
    expect([reply.status, reply.json]).toMatchObject([403, { name: "ForbiddenError" }]);
  });

  it("beats while nothing happens", async () => {
    await using host = await testHost({ heartbeat: 5 });
    await using reader = await open(host, "/event");
    const types = (await reader.take(3)).map((frame) => frame.data?.type);
    expect(types).toEqual(["server.connected", "server.heartbeat", "server.heartbeat"]);
  });

  it("resumes after Last-Event-ID, which wins over ?after=, without gap or duplicate", async () => {
    await using host = await testHost();
    for (const file of ["1", "2", "3"]) await edited(host.log, file);
    const cases: [string, Record<string, string>, string[]][] = [
      ["/event?after=0", {}, ["1", "2", "3", "4"]],
      ["/event", { "last-event-id": "1" }, ["2", "3", "4"]],
      ["/event?after=0", { "last-event-id": "2" }, ["3", "4"]],
      ["/event?after=3", {}, ["4"]],
    ];
    const readers = await Promise.all(cases.map(([path, headers]) => open(host, path, headers)));
    const connected = await Promise.all(readers.map((reader) => reader.next()));
    // Not the newest position: who loses the connection now has still seen nothing.
    expect(connected.map((frame) => frame?.id)).toEqual(["0", "1", "2", "3"]);
    await edited(host.log, "4");
    for (const [at, reader] of readers.entries()) {
      const files = cases[at]?.[2] ?? [];
      expect((await reader.take(files.length)).map(fileOf)).toEqual(files);
      await reader[Symbol.asyncDispose]();
    }
  });

  it.each([
    ["?after=-1", {}, "after", '"-1"'],
    ["?after=1.5", {}, "after", '"1.5"'],
    ["?after=", {}, "after", '""'],
    ["?after=99999999999999999999", {}, "after", "99999999999999999999"],
    ["", { "last-event-id": "evt_1" }, "Last-Event-ID", '"evt_1"'],
    ["?after=8", {}, "after", "8 is beyond the end of the log, which is at 1"],
  ])("answers %s %j with a 400 that names it", async (query, headers, field, named) => {
    await using host = await testHost();
    await edited(host.log, "1");
    for (const path of ["/event", "/global/event"]) {
      const reply = await host.send(path + query, { headers });
      expect([reply.status, reply.json]).toMatchObject([400, { name: "BadRequest", data: { field } }]);
      expect((reply.json as { message: string }).message).toContain(named);
    }
  });

  it("ends with the instance of its directory", async () => {
    await using host = await testHost();
    await using reader = await open(host, "/event");
    host.log.publish({ type: "server.instance.disposed", properties: { directory: scope.directory } }, scope);
    expect((await reader.take(9)).map((frame) => frame.data?.type)).toEqual(["server.connected", "server.instance.disposed"]);
  });

  it("answers HEAD with headers only", async () => {
    await using host = await testHost();
    const reply = await host.send("/event", { method: "HEAD" });
    expect([reply.status, reply.headers["content-type"], reply.bytes.length]).toEqual([200, "text/event-stream", 0]);
  });
});

describe("GET /global/event", () => {
  it("tells the events of all served directories in their wrapper, with the same ids", async () => {
    await using host = await testHost({ heartbeat: 60_000 });
    await using reader = await open(host, "/global/event");
    expect(await reader.next()).toEqual({
      id: "0",
      data: { payload: { id: expect.any(String), type: "server.connected", properties: {} } },
    });
    const [one] = await edited(host.log, "a", "/work/one");
    await edited(host.log, "elsewhere", "/etc");
    await edited(host.log, "b", "/work/two");
    host.log.publish({ type: "global.disposed", properties: {} });
    expect(await reader.next()).toEqual({ id: "1", data: { directory: "/work/one", project: "global", payload: one?.event } });
    expect(await reader.next()).toMatchObject({ id: "3", data: { directory: "/work/two", payload: { properties: { file: "b" } } } });
    expect(await reader.next()).toEqual({ data: { payload: expect.objectContaining({ type: "global.disposed" }) } });
  });
});

describe("a slow reader", () => {
  it("is told where to resume and closed, while others get everything", async () => {
    await using host = await testHost({ limits: { soft: 100_000, hard: 200_000 } });
    await using slow = await open(host, "/event");
    slow.response.pause();
    await using fast = await open(host, "/event");
    await fast.next();
    const count = 300;
    const large = "x".repeat(50_000);
    for (let at = 1; at <= count; at += 1) {
      await edited(host.log, `${at}${large}`);
      expect((await fast.next())?.id).toBe(String(at));
    }
    const frames = await slow.take(count * 2);
    const last = frames.at(-1);
    expect(last).toEqual({ id: frames.at(-2)?.id, comment: `too slow, resume after ${last?.id}` });
    expect(Number(last?.id)).toBeLessThan(count);
    await using again = await open(host, "/event", { "last-event-id": String(last?.id) });
    await again.next();
    expect((await again.next())?.id).toBe(String(Number(last?.id) + 1));
  });
});

describe("closing", () => {
  it("by the client releases its reader", async () => {
    await using host = await testHost();
    const released = new Promise<void>((resolve) => {
      const { read } = host.log;
      host.log.read = (options) => {
        options.signal?.addEventListener("abort", () => resolve());
        return read(options);
      };
    });
    const reader = await open(host, "/event");
    await reader.next();
    await reader[Symbol.asyncDispose]();
    await released;
    expect(host.faults).toEqual([]);
  });

  it("by the server ends streams in order, lets running requests end, and accepts no more", async () => {
    const host = await testHost({ grace: 20_000 });
    await using reader = await open(host, "/event");
    await reader.next();
    const waiting = host.send("/wait", { method: "POST" });
    await expect.poll(() => host.effects.calls).toEqual(["wait"]);
    const closed = host.listening.close();
    expect(await reader.next()).toBeUndefined();
    await expect(host.send("/item")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    host.effects.release.abort();
    expect((await waiting).json).toBe("waited");
    await closed;
    await host[Symbol.asyncDispose]();
  });

  it("does not wait for ever: a request that outlasts the grace is cut off", async () => {
    await using host = await testHost({ grace: 20 });
    const waiting = host.send("/wait", { method: "POST" });
    const outcome = waiting.catch((error: NodeJS.ErrnoException) => error.code);
    await expect.poll(() => host.effects.calls).toEqual(["wait"]);
    await host.listening.close();
    expect(await outcome).toBe("ECONNRESET");
    await expect.poll(() => host.effects.aborted).toBe(1);
  });
});
