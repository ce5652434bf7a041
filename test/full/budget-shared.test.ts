import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../db/client.ts";
import { findSpent } from "../../db/queries/usage.ts";
import { createApp } from "../../src/app.ts";
import { createBudgets } from "../../src/budget/budget.ts";
import type { Config } from "../../src/schema/config.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import { say, type TestApp, testApp, textOf } from "../helpers/app.ts";
import { storeFile, testSession } from "../helpers/store.ts";

const capped = (budget: Config["budget"]): { config: Config } => ({ config: { budget } });

/** A session that has a title: nothing else asks the model. */
const titled = ({ app, repository }: TestApp, title = "Titled") => app.sessions.create(repository.path, { title });

const errorOf = ({ info }: MessageWithParts) => (info.role === "assistant" ? info.error : undefined);

describe("a shared cap", () => {
  it("is not overspent by parallel sessions on two servers", async () => {
    const cap = 160_000;
    await using test = await testApp({ ...capped({ project: { tokens: cap } }), log: { tailInterval: 5 } });
    const { app, model, repository } = test;
    const other = { directory: repository.path, database: app.database, env: test.env, version: "0.0.0-test" };
    await using second = await createApp({ ...other, fetchLocal: async () => ({}), log: { tailInterval: 5 } });
    for (let count = 0; count < 60; count += 1) model.text("Done.", { usage: { input: 9_000, output: (count * 53) % 200 } });
    let highest = 0;
    const workers = Array.from({ length: 4 }, async (_, index) => {
      const { sessions } = index % 2 ? app : second;
      const session = await sessions.create(repository.path, { title: `Worker ${index}` });
      for (let count = 0; count < 10; count += 1) {
        const answer = await sessions.prompt(session.id, say(`step ${count}`));
        const { used, reserved } = (await sessions.budget(session.id)).project;
        highest = Math.max(highest, used.tokens + reserved.tokens);
        const error = errorOf(answer);
        if (error) return error;
      }
      return undefined;
    });
    const errors = (await Promise.all(workers)).filter((error) => error !== undefined);
    expect(errors).not.toEqual([]);
    for (const error of errors) expect(error).toMatchObject({ name: "APIError", data: { metadata: { budget: "project" } } });
    expect(highest).toBeLessThanOrEqual(cap);
    const [session] = await app.sessions.list({ directory: repository.path });
    const { project, day } = await app.sessions.budget(session?.id ?? "");
    expect(project).toMatchObject({ reserved: { tokens: 0 }, excess: { tokens: 0 } });
    expect(project.used.tokens).toBeGreaterThan(cap / 2);
    expect(day.used).toEqual(project.used);
  });

  it("holds at every moment for calls that are reserved at once, whatever they come to", async () => {
    await using store = await storeFile();
    await using one = await openDatabase(store.file);
    await using two = await openDatabase(store.file);
    const servers = [one, two].map((database, index) => createBudgets({ database, log: { publish() {} }, serverID: `srv_${index}` }));
    const calls = fc.array(
      fc.record({ bytes: fc.integer({ min: 1, max: 4_000 }), share: fc.integer({ min: 0, max: 100 }), ticks: fc.nat(3) }),
      {
        minLength: 8,
        maxLength: 16,
      },
    );
    let run = 0;
    const holds = fc.asyncProperty(calls, fc.integer({ min: 5_000, max: 20_000 }), async (wanted, cap) => {
      run += 1;
      const projectID = `project ${run}`;
      const meter = { projectID };
      const spend = async ({ bytes, share, ticks }: (typeof wanted)[number], index: number) => {
        const session = testSession({ projectID });
        const payee = { providerID: "p", modelID: "m", longestAnswer: 1_000, thinking: 0, price: () => 0, pauses: false };
        const turn = servers[index % 2]?.ofTurn({ session, config: async () => ({ project: { tokens: cap } }) }, payee);
        const messages = [{ role: "user" as const, content: "x".repeat(bytes) }];
        const taken = await turn?.reserve({ system: "", messages, tools: [], signal: new AbortController().signal });
        const { used, reserved } = await findSpent(one.orm, meter);
        expect(used.tokens + reserved.tokens).toBeLessThanOrEqual(cap);
        if (taken === undefined || "refused" in taken) return;
        for (let tick = 0; tick < ticks; tick += 1) await new Promise((resolve) => setImmediate(resolve));
        const input = Math.floor((bytes * share) / 100);
        await taken.settle({ tokens: { input, output: 10, reasoning: 0, cache: { read: 0, write: 0 } }, refused: false, said: 0 });
      };
      await Promise.all(wanted.map(spend));
      const { used, reserved, excess } = await findSpent(one.orm, meter);
      expect([reserved.tokens, excess.tokens]).toEqual([0, 0]);
      expect(used.tokens).toBeLessThanOrEqual(cap);
    });
    await fc.assert(holds, { numRuns: 12 });
  });

  it("in dollars says nothing about a model without a price", async () => {
    await using test = await testApp({
      config: (baseURL) => ({
        budget: { session: { cost: 0.01 } },
        provider: {
          mock: { npm: "@ai-sdk/openai-compatible", options: { baseURL, apiKey: "key" }, models: { "mock-1": { tool_call: true } } },
        },
      }),
    });
    const session = await titled(test);
    test.model.text("Free.", { usage: { input: 90_000, output: 10 } });
    expect(textOf(await test.app.sessions.prompt(session.id, say("hello")))).toBe("Free.");
    expect(test.model.requests()[0]?.body).not.toHaveProperty("max_tokens");
    expect((await test.app.sessions.budget(session.id)).session).toMatchObject({ used: { tokens: 90_010, cost: 0 }, left: { cost: 0.01 } });
  });

  it("of a session holds for what its sub-agents use", async () => {
    await using test = await testApp();
    const { app, model } = test;
    const root = await titled(test);
    const child = await app.sessions.create(root.directory, { parentID: root.id, title: "Child" });
    model.text("Mine.", { usage: { input: 1_000, output: 1 } }).text("Its.", { usage: { input: 2_000, output: 2 } });
    await app.sessions.prompt(root.id, say("one"));
    await app.sessions.prompt(child.id, say("two"));
    expect(await app.sessions.setBudget(child.id, { tokens: 3_500 })).toMatchObject({
      sessionID: root.id,
      session: { used: { tokens: 3_003 }, left: { tokens: 497 } },
    });
    expect(errorOf(await app.sessions.prompt(child.id, say("three")))).toMatchObject({
      data: { metadata: { budget: "session", cap: "3500" } },
    });
    expect((await app.sessions.setBudget(root.id, { tokens: null })).session.cap).toEqual({});
  });
});
