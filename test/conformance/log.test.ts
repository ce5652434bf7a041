import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ask } from "../helpers/http.ts";
import { getJSON, type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

/** The lines of the server's log. The server has ended: everything it had to say is written. */
async function linesOf({ home }: TestServer): Promise<Record<string, unknown>[]> {
  const directory = home.join("state", "codeport", "log");
  const names = (await readdir(directory).catch(() => [])).sort();
  const texts = await Promise.all(names.map((name) => home.read(`state/codeport/log/${name}`)));
  return texts.flatMap((text) => text.split("\n").filter((line) => line !== "")).map((line) => JSON.parse(line));
}

/** What is in the log after these calls. The home is kept until it was read. */
async function logged(calls: (url: string) => Promise<void>, options: Parameters<typeof testServer>[0] = {}) {
  await using server = await testServer(options);
  await calls(server.url);
  await server.listening.close();
  await server.app.serverLog[Symbol.asyncDispose]();
  return linesOf(server);
}

describe("the server's log", () => {
  verifies(["POST /log"], "takes a client's line with its level, service and extra, and does not tell of the request", async () => {
    const line = { service: "editor", level: "warn", message: "slow", extra: { ms: 1200, place: { file: "a.ts" } } };
    const lines = await logged(async (url) => {
      expect(await ask(`${url}/log`, "POST", line)).toEqual({ status: 200, body: true });
    });
    expect(lines).toEqual([
      { time: expect.any(String), level: "warn", service: "editor", msg: "slow", extra: { ms: 1200, place: { file: "a.ts" } } },
    ]);
  });

  verifies(["POST /log"], "cannot be steered or flooded by what is sent", async () => {
    const message = `\u001b[2Jgone\n{"level":"error","msg":"forged"}\u202e${"x".repeat(100_000)}`;
    const deep = JSON.parse(`${'{"a":'.repeat(30)}1${"}".repeat(30)}`);
    const extra = { deep, list: Array.from({ length: 1000 }, () => "y".repeat(1000)) };
    const lines = await logged(async (url) => {
      await ask(`${url}/log`, "POST", { service: "s\u0007", level: "info", message, extra });
    });
    expect(lines).toHaveLength(1);
    const text = JSON.stringify(lines[0]);
    expect(text.length).toBeLessThan(30_000);
    expect(lines[0]?.msg).toMatch(/^\\u001b\[2Jgone\\n\{"level":"error","msg":"forged"\}\\u202ex+…$/);
    expect(lines[0]?.service).toBe("s\\u0007");
  });

  test.each([
    ["level", { service: "a", level: "loud", message: "m" }],
    ["service", { level: "info", message: "m" }],
    ["message", { service: "a", level: "info", message: 1 }],
    ["extra", { service: "a", level: "info", message: "m", extra: "x" }],
  ])("refuses a line whose %s is wrong, by its name", async (field, line) => {
    const lines = await logged(async (url) => {
      expect(await ask(`${url}/log`, "POST", line)).toMatchObject({ status: 400, body: { name: "BadRequest", data: { field } } });
    });
    expect(lines).toEqual([]);
  });

  verifies(["serve: order of a request"], "tells of requests by method, address, status and time, and of nothing they carry", async () => {
    const lines = await logged(async (url) => {
      const { id } = (await ask(`${url}/session`, "POST", { title: "My private title" })).body as { id: string };
      await getJSON(`${url}/session/${id}?directory=`);
      await ask(`${url}/file/src%2Fprivate.txt`, "GET");
      await ask(`${url}/nothing/at/all?of=private`, "GET");
      await ask(`${url}/trpc/global.health?input=private`, "GET");
    });
    const requests = lines.map(({ method, path, status }) => [method, path, status]);
    expect(requests.slice(0, 2)).toEqual([
      ["POST", "/session", 200],
      ["GET", expect.stringMatching(/^\/session\/ses_\w+$/), 200],
    ]);
    expect(requests.slice(3)).toEqual([
      ["GET", "/nothing/at/all", 404],
      ["GET", "/trpc/global.health", 400],
    ]);
    expect(lines.every(({ ms, msg }) => typeof ms === "number" && msg === "request")).toBe(true);
    expect(JSON.stringify(lines)).not.toContain("rivate");
  });

  test("leaves out what is below its level", async () => {
    const lines = await logged(
      async (url) => {
        for (const level of ["debug", "info", "warn", "error"]) await ask(`${url}/log`, "POST", { service: "a", level, message: level });
      },
      { serverLog: { level: "warn" } },
    );
    expect(lines.map(({ msg }) => msg)).toEqual(["warn", "error"]);
  });
});
