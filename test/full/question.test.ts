import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { QuestionRequest } from "../../src/schema/question.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, type TestApp, testApp, textOf, watch } from "../helpers/app.ts";
import { mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";
import { follow, getJSON, postJSON, testServer, trpcClient } from "../helpers/server.ts";

const options = [
  { label: "A", description: "the a" },
  { label: "B", description: "the b" },
];
const asking = { name: "question", input: { questions: [{ question: "Which one?", header: "Pick", options }] } };

/** The tool part of a turn that asked. */
function toolOf({ items }: { items: MessageWithParts[] }) {
  return items.flatMap(({ parts }) => parts).find((part) => part.type === "tool");
}

/** Starts a turn that asks; resolves when the question is told. */
async function asked(server: TestApp) {
  using events = watch(server.app);
  const session = await server.app.sessions.create(server.repository.path, { title: "Q" });
  const answer = server.app.sessions.prompt(session.id, say("ask me"));
  // Who deletes the session is not interested in the answer.
  answer.catch(() => {});
  const { properties: request } = await events.until("question.asked", ({ properties }) => properties.sessionID === session.id);
  return { session, answer, request };
}

describe("a question", () => {
  test("is asked, listed and answered over REST as the reference does it", async () => {
    await using server = await testServer();
    server.model.calls(asking).text("All done.");
    using stream = follow(server.url);
    await stream.until(({ type }) => type === "server.connected");
    const session = await postJSON<Session>(`${server.url}/session`, { title: "T" });
    const answer = postJSON<MessageWithParts>(`${server.url}/session/${session.id}/message`, say("ask"));
    await stream.until(({ type }) => type === "question.asked");
    const [request] = await getJSON<QuestionRequest[]>(`${server.url}/question`);
    expect(request).toEqual({
      id: expect.stringMatching(/^que_/),
      sessionID: session.id,
      questions: [{ question: "Which one?", header: "Pick", options }],
      tool: { messageID: expect.stringMatching(/^msg_/), callID: expect.any(String) },
    });
    expect(await postJSON(`${server.url}/question/${request?.id}/reply`, { answers: [["A"]] })).toBe(true);
    expect(textOf(await answer)).toBe("All done.");
    expect(await getJSON(`${server.url}/question`)).toEqual([]);
    expect(toolOf({ items: await getJSON(`${server.url}/session/${session.id}/message`) })).toMatchObject({
      tool: "question",
      state: {
        status: "completed",
        output: `User has answered your questions: "Which one?"="A". You can now continue with the user's answers in mind.`,
        title: "Asked 1 question",
        metadata: { answers: [["A"]], truncated: false },
      },
    });
    const told = stream.events.map(({ event }) => event).filter(({ type }) => type.startsWith("question."));
    expect(told.map(({ type, properties }) => ({ type, properties }))).toEqual([
      { type: "question.asked", properties: request },
      { type: "question.replied", properties: { sessionID: session.id, requestID: request?.id, answers: [["A"]] } },
    ]);
  });

  test("is answered over tRPC by a client that connected later, and the second answer is told that it came late", async () => {
    await using server = await testServer();
    server.model.calls(asking).text("Thanks.");
    const { answer, request } = await asked(server);
    await using client = trpcClient(server.url);
    const [waiting] = await client.trpc.question.list.query();
    expect(waiting).toEqual(request);
    const reply = { requestID: request.id, answers: [["typed by hand", "B"]] };
    expect(await client.trpc.question.reply.mutate(reply)).toBe(true);
    expect(textOf(await answer)).toBe("Thanks.");
    expect(JSON.stringify(server.model.requests()[1]?.body.messages.at(-1))).toContain("typed by hand, B");
    await expect(client.trpc.question.reply.mutate(reply)).rejects.toMatchObject({ data: { httpStatus: 404 } });
    const late = await fetch(`${server.url}/question/${request.id}/reject`, { method: "POST" });
    expect(late.status).toBe(404);
    expect(await late.json()).toMatchObject({ _tag: "QuestionNotFoundError", requestID: request.id, message: expect.any(String) });
  });

  test("reaches a reader that resumes after it was asked, and can be answered then", async () => {
    await using server = await testServer();
    server.model.calls(asking).text("Thanks.");
    const { answer, request } = await asked(server);
    using resumed = follow(server.url, { after: "0" });
    await resumed.until(({ type, properties }) => type === "question.asked" && properties.id === request.id);
    await postJSON(`${server.url}/question/${request.id}/reply`, { answers: [[]] });
    await answer;
    expect(JSON.stringify(server.model.requests()[1]?.body.messages.at(-1))).toContain("Unanswered");
  });

  test("takes one answer for each question and refuses any other number, and still waits then", async () => {
    await using server = await testServer();
    server.model.calls(asking).text("Thanks.");
    const { answer, request } = await asked(server);
    const wrong = await fetch(`${server.url}/question/${request.id}/reply`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ answers: [["A"], ["B"]] }),
    });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ name: "BadRequest", data: { field: "answers" } });
    expect(await server.app.questions.list()).toHaveLength(1);
    await server.app.questions.reply(request.id, [["A"]]);
    await answer;
  });

  test("that is dismissed ends the turn; the session goes on", async () => {
    await using server = await testServer();
    server.model.calls(asking).text("Next.");
    const { session, answer, request } = await asked(server);
    expect(await postJSON(`${server.url}/question/${request.id}/reject`, {})).toBe(true);
    await answer;
    expect(toolOf(await server.app.sessions.messages(session.id))).toMatchObject({
      state: { status: "error", error: "The user dismissed this question." },
    });
    expect(textOf(await server.app.sessions.prompt(session.id, say("go on")))).toBe("Next.");
  });

  test("is withdrawn by an abort, by the end of its session and by its time-out", async () => {
    await using server = await testApp({ permissionTimeout: { ms: 60_000, reply: "reject" } });
    using events = watch(server.app);
    server.model.calls(asking).calls(asking);
    const first = await asked(server);
    await server.app.sessions.abort(first.session.id);
    await first.answer;
    await events.until("question.rejected", ({ properties }) => properties.requestID === first.request.id);
    const second = await asked(server);
    await server.app.sessions.remove(second.session.id);
    expect(await server.app.questions.list()).toEqual([]);

    await using hasty = await testApp({ permissionTimeout: { ms: 5, reply: "reject" } });
    hasty.model.calls(asking);
    const session = await hasty.app.sessions.create(hasty.repository.path, { title: "Q" });
    await hasty.app.sessions.prompt(session.id, say("ask"));
    expect(toolOf(await hasty.app.sessions.messages(session.id))).toMatchObject({
      state: { status: "error", error: expect.stringContaining("Nobody answered") },
    });
  });

  test("is answered through another server on the same store", async () => {
    await using first = await testApp({ log: { tailInterval: 5 } });
    await using second = await createApp({
      directory: first.app.directory,
      database: first.app.database,
      env: first.env,
      version: "0.0.0-test",
      fetchLocal: async () => ({}),
      log: { tailInterval: 5 },
    });
    first.model.calls(asking).text("done");
    const { answer, request } = await asked(first);
    expect(await second.questions.list()).toEqual([request]);
    await second.questions.reply(request.id, [["B"]]);
    expect(textOf(await answer)).toBe("done");
  });

  test("of a server that was killed is withdrawn by the next one", async () => {
    await using model = await mockModel();
    await using workspace = await programWorkspace({ files: { "a.txt": "one\n" } });
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) };
    model.calls(asking);
    const first = await workspace.start(["serve", "--port", "0"], { env });
    const url = await first.listening();
    using before = follow(url);
    await before.until(({ type }) => type === "server.connected");
    const session = await postJSON<Session>(`${url}/session`, { title: "Crash" });
    await postJSON(`${url}/session/${session.id}/prompt_async`, say("ask"));
    await before.until(({ type }) => type === "question.asked");
    first.kill("SIGKILL");
    await Promise.all([first.exited, before.ended]);
    const second = await workspace.start(["serve", "--port", "0"], { env });
    const again = await second.listening();
    using after = follow(again, { after: "0" });
    await after.until(({ type }) => type === "question.rejected");
    expect(await getJSON(`${again}/question`)).toEqual([]);
  });
});
