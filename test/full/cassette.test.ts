import { readFile, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { createNames, steady } from "../../src/provider/cassette/names.ts";
import { recut } from "../../src/provider/cassette/parts.ts";
import { openCassette, openCredentials } from "../../src/provider/provider.ts";
import type { Config } from "../../src/schema/config.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import { say, type TestApp, testApp, testEnvironment, textOf } from "../helpers/app.ts";
import { type Files, gitRepository, type TestDirectory, temporaryDirectory } from "../helpers/directory.ts";

const files: Files = { "a.txt": "alpha\n", "AGENTS.md": "Speak plainly.\n" };
const secret = "very-secret-key-0123456789";

/** A recording of a task that reads, writes and runs a command, in a directory that is gone afterwards. */
async function record(file: string, script: (test: TestApp) => void, prompt: string): Promise<MessageWithParts> {
  await using test = await testApp({
    files,
    cassette: { record: file },
    config: (baseURL) => ({
      provider: {
        mock: {
          npm: "@ai-sdk/openai-compatible",
          options: { baseURL, apiKey: secret, headers: { "x-extra": `${secret}-2` } },
          models: { "mock-1": { tool_call: true, cost: { input: 1, output: 2 }, limit: { context: 100_000, output: 10_000 } } },
        },
      },
    }),
  });
  script(test);
  const session = await test.app.sessions.create(test.repository.path, { title: "Recorded" });
  return await test.app.sessions.prompt(session.id, say(prompt));
}

/** The same program elsewhere: no model server, no key. */
async function replay(file: string, prompt: string, change: { files?: Files; config?: Config } = {}) {
  const repository = await gitRepository({ files: { ...files, ...change.files } });
  const home = await temporaryDirectory();
  const app = await createApp({
    directory: repository.path,
    env: testEnvironment(home, change.config ?? {}),
    version: "0.0.0-test",
    cassette: { replay: file },
    retry: { attempts: 2, initial: 1, maximum: 1 },
  });
  const session = await app.sessions.create(repository.path, { title: "Replayed" });
  const answer = await app.sessions.prompt(session.id, say(prompt));
  return {
    app,
    repository,
    session,
    answer,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await repository[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

const task = ({ model, repository }: TestApp) =>
  void model
    .calls(
      { name: "read", input: { filePath: repository.join("a.txt") } },
      { text: `I read ${repository.join("a.txt")} first.`, chunkSize: 7 },
    )
    .calls({ name: "write", input: { filePath: repository.join("b.txt"), content: "beta\n" } })
    .calls({ name: "bash", input: { command: "date && pwd && ls -l && cat b.txt", description: "Look" } })
    .text("b.txt is written.");

const errorOf = ({ info }: MessageWithParts) => (info.role === "assistant" ? info.error : undefined);

const toolsOf = async ({ app, session }: Awaited<ReturnType<typeof replay>>) =>
  (await app.sessions.messages(session.id)).items.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === "tool" ? [`${part.tool} ${part.state.status}`] : [])),
  );

/** One recording for all tests: it takes longer than they do. */
const recorded = { text: "", answer: "", path: "" };
let place: TestDirectory;
beforeAll(async () => {
  place = await temporaryDirectory();
  const file = place.join("deep", "task.jsonl");
  const answer = await record(
    file,
    (test) => {
      recorded.path = test.repository.path;
      task(test);
    },
    "copy a to b",
  );
  recorded.answer = textOf(answer);
  recorded.text = await readFile(file, "utf8");
});
afterAll(() => place[Symbol.asyncDispose]());
const tape = () => place.join("deep", "task.jsonl");

describe("a recorded task", () => {
  it("is replayed elsewhere with the same text, tools and files, without model server and key", async () => {
    expect(recorded.answer).toBe("b.txt is written.");
    await using again = await replay(tape(), "copy a to b");
    expect(again.app.cassette?.mismatches()).toEqual([]);
    expect(textOf(again.answer)).toBe("b.txt is written.");
    expect(await toolsOf(again)).toEqual(["read completed", "write completed", "bash completed"]);
    expect(await again.repository.read("b.txt")).toBe("beta\n");
    const { items } = await again.app.sessions.messages(again.session.id);
    expect(items.map(textOf)).toContain(`I read ${again.repository.join("a.txt")} first.`);
    expect(again.app.cassette?.unused()).toBe(0);
  });

  it("keeps no key, no header and no path of the machine", () => {
    const text = recorded.text.toLowerCase();
    for (const hidden of [secret, recorded.path, "x-extra", "authorization", "x-session-id"])
      expect(text).not.toContain(hidden.toLowerCase());
  });

  it("fails with the difference when a prompt text changed", async () => {
    await using again = await replay(tape(), "copy a to b", { files: { "AGENTS.md": "Speak in riddles.\n" } });
    expect(errorOf(again.answer)).toMatchObject({
      name: "UnknownError",
      data: { message: expect.stringMatching(/differs from call 1 of the cassette .* in message 1 \(system\), line \d+/) },
    });
    const [mismatch] = again.app.cassette?.mismatches() ?? [];
    expect(mismatch?.details).toContain("-Speak plainly.");
    expect(mismatch?.details).toContain("+Speak in riddles.");
  });

  it("fails when a tool gives something else than it gave", async () => {
    await using again = await replay(tape(), "copy a to b", { files: { "a.txt": "omega\n" } });
    expect(again.app.cassette?.mismatches()).toMatchObject([
      { message: expect.stringMatching(/call 2 .*\(tool\)/), details: expect.stringContaining("omega") },
    ]);
    expect(await toolsOf(again)).toEqual(["read completed"]);
  });

  it("names a tool that is not there any more", async () => {
    await using again = await replay(tape(), "copy a to b", { config: { tools: { webfetch: false } } });
    expect(again.app.cassette?.mismatches()).toMatchObject([{ message: expect.stringContaining("the tools"), details: "-webfetch" }]);
  });

  it("with calls beside each other and one that was repeated is replayed in any order", async () => {
    const file = place.join("beside.jsonl");
    {
      await using test = await testApp({ files, cassette: { record: file } });
      const { app, model, repository } = test;
      model
        .error(429, { retryAfter: 0, when: "crimson-7" })
        .text("Red.", { when: "crimson-7" })
        .text("Blue.", { when: "azure-9", latency: 20, chunkSize: 1 });
      const ask = async (colour: string) =>
        app.sessions.prompt((await app.sessions.create(repository.path, { title: colour })).id, say(colour));
      expect((await Promise.all([ask("crimson-7"), ask("azure-9")])).map(textOf)).toEqual(["Red.", "Blue."]);
    }
    await using again = await replay(file, "azure-9");
    expect(textOf(again.answer)).toBe("Blue.");
    const { app, repository } = again;
    const other = await app.sessions.create(repository.path, { title: "red" });
    const red = await app.sessions.prompt(other.id, say("crimson-7"));
    expect(textOf(red)).toBe("Red.");
    expect(app.cassette).toMatchObject({ replays: true });
    expect([app.cassette?.mismatches(), app.cassette?.unused()]).toEqual([[], 0]);
    expect(
      errorOf(await app.sessions.prompt((await app.sessions.create(repository.path, { title: "red" })).id, say("crimson-7"))),
    ).toMatchObject({
      data: { message: expect.stringContaining("once more than on the cassette") },
    });
  });

  it("with sub-agents that worked beside each other is replayed with theirs", async () => {
    const file = place.join("agents.jsonl");
    const call = (prompt: string) => ({ name: "task", input: { subagent_type: "general", description: prompt, prompt } });
    {
      await using test = await testApp({ files, cassette: { record: file } });
      test.model
        .calls([call("ALPHA-WORK"), call("BETA-WORK")], { when: "start both" })
        .calls({ name: "read", input: { filePath: "a.txt" } }, { when: "ALPHA-WORK" })
        .calls({ name: "bash", input: { command: "date; echo beta", description: "Say" } }, { when: "BETA-WORK" })
        .text("Alpha is done.", { when: "ALPHA-WORK" })
        .text("Beta is done.", { when: "BETA-WORK" })
        .text("Both are done.");
      const session = await test.app.sessions.create(test.repository.path, { title: "Recorded" });
      expect(textOf(await test.app.sessions.prompt(session.id, say("start both")))).toBe("Both are done.");
    }
    await using again = await replay(file, "start both");
    expect(again.app.cassette?.mismatches()).toEqual([]);
    expect(textOf(again.answer)).toBe("Both are done.");
    expect(await again.app.sessions.children(again.session.id)).toHaveLength(2);
    expect(again.app.cassette?.unused()).toBe(0);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ["changed", (text) => text.replace("b.txt is written.", "b.txt is wrotten."), /line \d+, or one before it, was changed/],
    ["cut off", (text) => text.trimEnd().split("\n").slice(0, -1).join("\n"), /its end is missing/],
    ["not a cassette", () => "{}\n", /line 1 is not one of a cassette/],
  ])("is refused when it is %s", async (_, change, why) => {
    const file = place.join("bad.jsonl");
    await writeFile(file, change(recorded.text));
    const options = { version: "0", env: {}, credentials: openCredentials(place.join("none")), places: {} };
    await expect(openCassette({ replay: file }, options)).rejects.toThrow(why);
  });
});

describe("what differs from run to run", () => {
  it.each([
    ["2026-11-21T02:18:56.123Z", "⟨date⟩"],
    ["Sat Nov 21 02:18:56 UTC 2026", "⟨date⟩"],
    ["-rw-r--r-- 1 root root 6 Nov 21 02:18 a.txt", "-rw-r--r-- 1 root root 6 ⟨date⟩ a.txt"],
    ["# duration_ms 45.25", "# duration_ms ⟨duration⟩"],
    ["ok 1 - adds (0.52 ms)", "ok 1 - adds (⟨duration⟩)"],
    ["listening on http://127.0.0.1:41233/x", "listening on http://127.0.0.1:⟨port⟩/x"],
    ["[main 1a2b3c4] first", "[main ⟨hash⟩] first"],
    ["3 files, 12 lines, added 4", "3 files, 12 lines, added 4"],
  ])("%s is told as %s", (text, expected) => {
    expect(steady(text)).toBe(expected);
  });

  it("has a name in which the numbers of ids follow their order", () => {
    const names = createNames({ places: { directory: "/home/me/work", home: "/home/me" }, secrets: ["hush-hush"] });
    const text = "/home/me/work/a.txt, /home/me/worker, ses_0123456789abABCDEFGHIJKLMN and hush-hush";
    const put = names.put(text);
    expect(put).toBe("⟨directory⟩/a.txt, ⟨home⟩/worker, ⟨ses 1⟩ and ⟨secret⟩");
    expect(names.restore(put)).toBe(text.replace("hush-hush", "⟨secret⟩"));
  });

  it("is found in a text that came in pieces, however they were cut", () => {
    const pieces = fc.array(fc.string({ maxLength: 6 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pieces, fc.nat(40), fc.nat(10), (given, from, length) => {
        const text = given.join("");
        const start = Math.min(from, text.length);
        const end = Math.min(start + length, text.length);
        const cut = recut(given, [{ start, end }]);
        expect(cut.join("")).toBe(text);
        expect(cut).toHaveLength(given.length);
        const ends = cut.map((_, index) => cut.slice(0, index + 1).join("").length);
        expect(ends.filter((place) => start < place && place < end)).toEqual([]);
      }),
    );
  });
});
