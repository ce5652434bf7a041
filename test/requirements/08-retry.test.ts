import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say } from "../helpers/app.ts";
import { postJSON, type TestServer, testServer } from "../helpers/server.ts";

interface Answer {
  status: number;
  text: string;
  replayed: boolean;
}

async function call(url: string, method: string, path: string, options: { body?: unknown; key?: string } = {}): Promise<Answer> {
  const { body, key } = options;
  const headers = { ...(body === undefined ? {} : { "content-type": "application/json" }), ...(key ? { "idempotency-key": key } : {}) };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(url + path, init);
  return { status: response.status, text: await response.text(), replayed: response.headers.get("idempotency-replayed") === "true" };
}

const post = (url: string, path: string, body: unknown, key?: string) => call(url, "POST", path, { body, key });
const sessionsOf = async (test: TestServer) => test.app.sessions.list({ directory: test.repository.path });

describe("the same Idempotency-Key sent twice", () => {
  it("has one effect and one answer, status and body, also at once", async () => {
    await using test = await testServer();
    const key = randomUUID();
    const first = await post(test.url, "/session", { title: "Once" }, key);
    const second = await post(test.url, "/session", { title: "Once" }, key);
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(second).toEqual({ ...first, replayed: true });
    expect(await sessionsOf(test)).toHaveLength(1);

    const other = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(test.url, "/session", { title: "At once" }, other)));
    expect(await sessionsOf(test)).toHaveLength(2);
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200, ...(answers.some(({ status }) => status === 409) ? [409] : [])]),
    );
    expect(new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text)).size).toBe(1);
  });

  it("is answered over tRPC as over REST, by the same store", async () => {
    await using test = await testServer();
    const key = randomUUID();
    const rest: Session = JSON.parse((await post(test.url, "/session", { title: "Both" }, key)).text);
    const trpc = await post(test.url, "/trpc/session.create", { json: { title: "Both" } }, key);
    expect(trpc).toMatchObject({ status: 200, replayed: true });
    expect(JSON.parse(trpc.text).result.data.json).toEqual(rest);
    expect(
      (await post(test.url, "/trpc/session.create,session.create?batch=1", { 0: { json: {} }, 1: { json: {} } }, randomUUID())).status,
    ).toBe(400);
    expect(await sessionsOf(test)).toHaveLength(1);
  });

  it("with another request is refused with 422, and a bad key with 400", async () => {
    await using test = await testServer();
    const key = randomUUID();
    await post(test.url, "/session", { title: "One" }, key);
    const other = await post(test.url, "/session", { title: "Two" }, key);
    expect([other.status, JSON.parse(other.text).name]).toEqual([422, "IdempotencyKeyError"]);
    expect(await sessionsOf(test)).toHaveLength(1);
    for (const bad of ["a b", "x".repeat(256)]) expect((await post(test.url, "/session", {}, bad)).status).toBe(400);
    // Another procedure has keys of its own; an input that was refused has not used the key up.
    const renew = randomUUID();
    expect((await post(test.url, "/session", { title: 7 }, renew)).status).toBe(400);
    expect((await post(test.url, "/session", { title: "Seven" }, renew)).status).toBe(200);
  });

  it("is answered with 409 while the first is under way, then with its answer; a caller that went away finds it too", async () => {
    await using test = await testServer();
    test.model.hang("thinking").text("The second try of the first turn.");
    const session = await postJSON<Session>(`${test.url}/session`, {});
    const [path, key, leaving] = [`/session/${session.id}/message`, randomUUID(), new AbortController()];
    const headers = { "content-type": "application/json", "idempotency-key": key };
    const gone = fetch(test.url + path, { method: "POST", headers, body: JSON.stringify(say("Hello")), signal: leaving.signal });
    await test.model.received(1);
    const early = await post(test.url, path, say("Hello"), key);
    expect([early.status, JSON.parse(early.text).data.reason]).toEqual([409, "running"]);
    leaving.abort();
    await expect(gone).rejects.toThrow();
    test.model.drop();
    const again = async (): Promise<Answer> => {
      const answer = await post(test.url, path, say("Hello"), key);
      return answer.status === 409 ? again() : answer;
    };
    const answer = await again();
    expect(answer.status).toBe(200);
    const messages = JSON.parse((await call(test.url, "GET", `/session/${session.id}/message`)).text) as MessageWithParts[];
    expect(messages.filter(({ info }) => info.role === "user")).toHaveLength(1);
    expect(await post(test.url, path, say("Hello"), key)).toEqual({ ...answer, replayed: true });
  });

  it("keeps faults too, save those that ask to try again", async () => {
    await using test = await testServer();
    const session = await postJSON<Session>(`${test.url}/session`, {});
    const missing = await call(test.url, "DELETE", "/session/ses_000000000000aaaaaaaaaaaaaa", { key: "gone" });
    expect(missing).toMatchObject({ status: 404, replayed: false });
    expect((await call(test.url, "DELETE", "/session/ses_000000000000aaaaaaaaaaaaaa", { key: "gone" })).text).toBe(missing.text);
    test.model.hang("busy");
    await postJSON(`${test.url}/session/${session.id}/prompt_async`, say("work"));
    await test.model.received(1);
    const shell = { agent: "build", command: "echo free" };
    expect((await post(test.url, `/session/${session.id}/shell`, shell, "shell")).status).toBe(409);
    await post(test.url, `/session/${session.id}/abort`, {});
    expect((await post(test.url, `/session/${session.id}/shell`, shell, "shell")).status).toBe(200);
  });

  it("answers nothing of a session that was erased", async () => {
    await using test = await testServer();
    const session: Session = JSON.parse((await post(test.url, "/session", { title: "Private" }, "create")).text);
    expect(await call(test.url, "DELETE", `/session/${session.id}`, { key: "delete" })).toMatchObject({ status: 200, text: "true" });
    const again = await post(test.url, "/session", { title: "Private" }, "create");
    expect([again.status, JSON.parse(again.text).data.reason]).toEqual([409, "erased"]);
    expect(await call(test.url, "DELETE", `/session/${session.id}`, { key: "delete" })).toEqual({
      status: 200,
      text: "true",
      replayed: true,
    });
  });
});

describe("the same messageID sent twice", () => {
  it("has one effect and the same answer, also at once and without a key", async () => {
    await using test = await testServer();
    test.model.text("One answer.");
    const session = await postJSON<Session>(`${test.url}/session`, {});
    const body = { messageID: "msg_000000000001aaaaaaaaaaaaaa", ...say("Hello") };
    const answers = await Promise.all([1, 2, 3].map(() => post(test.url, `/session/${session.id}/message`, body)));
    const later = await post(test.url, `/session/${session.id}/message`, body);
    expect(new Set([...answers, later].map(({ text }) => text)).size).toBe(1);
    expect(test.model.requests()).toHaveLength(1);
  });
});
