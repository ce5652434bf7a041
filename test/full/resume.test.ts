import { describe, expect, it } from "vitest";
import type { QuestionRequest } from "../../src/schema/question.ts";
import { idle, texts, withCrash } from "../helpers/crash.ts";
import { follow, getJSON, postJSON } from "../helpers/server.ts";

describe("a turn that a crash cut short", () => {
  it("stays interrupted with the policy off, which is the default", async () => {
    await withCrash(async ({ model, start, crash, messages }) => {
      model.hang("working");
      const session = await crash(1);
      const url = await start();
      await idle(url);
      const cut = (await messages(url, session)).at(-1)?.info;
      expect(cut).toMatchObject({ error: { data: { message: "Interrupted: the server stopped before the answer was complete." } } });
      expect(model.requests()).toHaveLength(1);
    });
  });

  it("stays interrupted with the policy safe when a tool it had called may not be repeated", async () => {
    await withCrash(async ({ model, start, crash, messages }) => {
      model.calls({ name: "bash", input: { command: "echo once >> log.txt", description: "log" } }).hang("working");
      const session = await crash(2);
      const url = await start("safe");
      await idle(url);
      expect((await messages(url, session)).at(-1)?.info).toMatchObject({ error: { name: "MessageAbortedError" } });
      expect(model.requests()).toHaveLength(2);
    });
  });

  it("is run again with the policy always, three times at most", async () => {
    await withCrash(async ({ model, workspace, start, crash, messages }) => {
      model.calls({ name: "bash", input: { command: "echo once >> log.txt", description: "log" } });
      for (const _ of [1, 2, 3, 4]) model.hang("working");
      const session = await crash(2);
      const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...model.config(), permission: "allow", server: { resume: "always" } }) };
      for (const requests of [3, 4]) {
        const server = await workspace.start(["serve", "--port", "0"], { env });
        await server.listening();
        await model.received(requests);
        server.kill("SIGKILL");
        await server.exited;
      }
      const url = await start("always");
      await idle(url);
      expect(model.requests()).toHaveLength(4);
      const cut = (await messages(url, session)).filter(({ info }) => info.role === "assistant" && info.error);
      expect(cut).toHaveLength(3);
    });
  });

  it("is asked about with the policy ask; the answer may come from any client, after another restart too", async () => {
    await withCrash(async ({ model, workspace, start, crash, messages }) => {
      model.hang("working").text("Done after all.");
      const session = await crash(1);
      const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) };
      const second = await workspace.start(["serve", "--port", "0", "--resume", "ask"], { env });
      const asked = follow(await second.listening(), { after: "0" });
      await asked.until(({ type }) => type === "question.asked");
      second.kill("SIGKILL");
      await second.exited;
      const url = await start("ask");
      using events = follow(url, { after: "0" });
      await expect.poll(() => getJSON<QuestionRequest[]>(`${url}/question`)).toHaveLength(1);
      const [question] = await getJSON<QuestionRequest[]>(`${url}/question`);
      expect(question).toMatchObject({ sessionID: session.id, questions: [{ question: expect.stringContaining("Do it") }] });
      expect(await getJSON(`${url}/session/status`)).toEqual({ [session.id]: { type: "busy" } });
      await postJSON(`${url}/question/${question?.id}/reply`, { answers: [["Run it again"]] });
      await events.until(({ type }) => type === "session.idle");
      expect(texts(await messages(url, session))).toContain("Done after all.");
      expect(model.requests()).toHaveLength(2);
    });
  });

  it("is over when the answer is no, and when the session is aborted instead", async () => {
    for (const way of ["no", "abort"]) {
      await withCrash(async ({ model, start, crash }) => {
        model.hang("working");
        const session = await crash(1);
        const url = await start("ask");
        using events = follow(url, { after: "0" });
        await expect.poll(() => getJSON<QuestionRequest[]>(`${url}/question`)).toHaveLength(1);
        const [question] = await getJSON<QuestionRequest[]>(`${url}/question`);
        if (way === "no") await postJSON(`${url}/question/${question?.id}/reply`, { answers: [["Leave it"]] });
        else await postJSON(`${url}/session/${session.id}/abort`, {});
        await events.until(({ type }) => type === "session.idle");
        expect(await getJSON(`${url}/session/status`)).toEqual({});
        expect(model.requests()).toHaveLength(1);
      });
    }
  });
});
