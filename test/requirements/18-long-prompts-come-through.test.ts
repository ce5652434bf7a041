import { request } from "node:http";
import { describe, expect, it } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, textOf } from "../helpers/app.ts";
import { postJSON, type TestServer, testServer } from "../helpers/server.ts";

/** As patient as the default fetch, which waits 300 s for headers and for each piece of a body, on a clock that runs a thousand times faster. */
const patience = 200;

/** The default fetch has its dispatcher where Node keeps it; another one of its kind differs in nothing but its patience. */
async function impatientFetch(url: string, body: unknown): Promise<Response> {
  const global = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
  const dispatcher = new global.constructor({ headersTimeout: patience, bodyTimeout: patience });
  const headers = { "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body), dispatcher } as RequestInit);
}

async function prompted(server: TestServer): Promise<{ path: string; answer: Promise<Response> }> {
  const { id } = await postJSON<Session>(`${server.url}/session`, { title: "Long" });
  const path = `${server.url}/session/${id}/message`;
  server.model.hang("It took long.");
  const answer = impatientFetch(path, say("think"));
  answer.catch(() => {});
  await server.model.received(1);
  return { path, answer };
}

/** Longer than the caller would wait for a silent server. */
const long = () => new Promise((resolve) => setTimeout(resolve, 3 * patience));

describe("a prompt that takes three times as long as its caller waits for a sign of life", () => {
  it("is answered, through the default fetch", async () => {
    await using server = await testServer({ listen: { keepAlive: patience / 6 } });
    const { answer } = await prompted(server);
    await long();
    server.model.finish();
    const response = await answer;
    expect(response.status).toBe(200);
    expect(textOf((await response.json()) as MessageWithParts)).toBe("It took long.");
  });

  it("would be cut without the bytes that keep it alive", async () => {
    await using server = await testServer({ listen: { keepAlive: 100 * patience } });
    const { answer } = await prompted(server);
    await expect(answer).rejects.toThrow("fetch failed");
    server.model.finish();
  });

  it("gets spaces, which JSON allows before a value, beginning long before a default client gives up", async () => {
    await using server = await testServer({ listen: { keepAlive: 10 } });
    const { id } = await postJSON<Session>(`${server.url}/session`, {});
    server.model.hang("Text.");
    const pieces: string[] = [];
    const asked = server.model.received(1);
    const body = await new Promise<string>((resolve, reject) => {
      const call = request(`${server.url}/session/${id}/message`, { method: "POST", headers: { "content-type": "application/json" } });
      call.on("error", reject).on("response", (response) => {
        response.setEncoding("utf8").on("data", (piece: string) => {
          if (pieces.push(piece) === 3) void asked.then(() => server.model.finish());
        });
        response.on("end", () => resolve(pieces.join("")));
      });
      call.end(JSON.stringify(say("think")));
    });
    expect(body).toMatch(/^ {3,}\{/);
    expect(textOf(JSON.parse(body))).toBe("Text.");
  });

  it("tells its failure in the body when it fails after the first of them", async () => {
    await using server = await testServer({ listen: { keepAlive: 10 }, retry: { attempts: 1, initial: 1, maximum: 1 } });
    const { answer, path } = await prompted(server);
    const response = await answer;
    await fetch(path.replace(/message$/, "abort"), { method: "POST" });
    expect(((await response.json()) as MessageWithParts).info).toMatchObject({ error: { name: "MessageAbortedError" } });
  });
});
