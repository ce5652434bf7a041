import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { describe, expect } from "vitest";
import type { Config } from "../../src/schema/config.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, textOf, watch } from "../helpers/app.ts";
import { recordedFiles } from "../helpers/directory.ts";
import { restClient } from "../helpers/request.ts";
import { type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

/** Prompts to a new session, as REST takes them. */
async function open(test: TestServer, query = "") {
  const call = restClient(test.url);
  const { body: session } = await call<Session>(`POST /session${query}`, { title: "Prompts" });
  const prompt = (body: object) => call<MessageWithParts>(`POST /session/${session.id}/message`, body);
  const messages = async () => (await call<MessageWithParts[]>(`GET /session/${session.id}/message`)).body;
  return { call, session, prompt, messages };
}

const sent = (test: TestServer): string => JSON.stringify(test.model.requests().at(-1)?.body.messages);
const toolsSent = (test: TestServer): string[] => (test.model.requests().at(-1)?.body.tools ?? []).map((tool) => tool.function.name);

describe("the parts of a prompt", () => {
  verifies(
    "prompt: text parts",
    "reach the model in their order, but those that are to be ignored; ids of the client are kept",
    async () => {
      await using test = await testServer();
      const { prompt, messages } = await open(test);
      test.model.text("ok");
      const text = (words: string, more: object = {}) => ({ type: "text", text: words, ...more });
      await prompt({
        messageID: "msg_mine",
        parts: [text("first", { id: "prt_mine" }), text("unseen", { ignored: true }), text("second", { synthetic: true })],
      });
      expect(test.model.requests()[0]?.body.messages.at(-1)).toMatchObject({ role: "user" });
      expect(sent(test)).toMatch(/first.*second/);
      expect(sent(test)).not.toContain("unseen");
      const [question] = await messages();
      expect([question?.info.id, question?.parts[0]?.id]).toEqual(["msg_mine", "prt_mine"]);
      expect(await prompt({ parts: [{ type: "nonsense" }] })).toMatchObject({
        status: 400,
        body: { name: "BadRequest", data: { field: expect.stringMatching(/^parts\.0/) } },
      });
    },
  );

  verifies("prompt: file and image parts", "are read for the model, images shown to it; a file outside the roots is refused", async () => {
    await using test = await testServer({ files: { "src/a.ts": "const pears = 1;\n", "logo.png": recordedFiles["logo.png"] } });
    const { prompt, messages } = await open(test);
    const file = (name: string, mime: string) => ({
      type: "file",
      mime,
      filename: name,
      url: pathToFileURL(test.repository.join(name)).href,
    });
    test.model.text("I see.");
    expect(
      (await prompt({ parts: [{ type: "text", text: "look" }, file("src/a.ts", "text/plain"), file("logo.png", "image/png")] })).status,
    ).toBe(200);
    expect(sent(test)).toContain("const pears = 1;");
    const png = (await readFile(test.repository.join("logo.png"))).toString("base64");
    expect(sent(test)).toContain(`data:image/png;base64,${png}`);
    const outside = { parts: [{ type: "file", mime: "text/plain", url: "file:///etc/passwd" }] };
    expect(await prompt(outside)).toMatchObject({ status: 403, body: { name: "ForbiddenError" } });
    expect(await messages()).toHaveLength(2);
  });

  verifies("prompt: agent parts", "tell the model to hand the task to that agent; one that is not there is refused", async () => {
    await using test = await testServer();
    const { prompt, messages, session, call } = await open(test);
    test.model
      .calls({ name: "task", input: { description: "look", prompt: "Look around", subagent_type: "general" } }, { when: "@general" })
      .text("Nothing here.", { when: "Look around" })
      .text("It found nothing.");
    const { body: answer } = await prompt({
      parts: [
        { type: "text", text: "@general look around" },
        { type: "agent", name: "general" },
      ],
    });
    expect(textOf(answer)).toBe("It found nothing.");
    expect((await messages())[0]?.parts.map((part) => part.type)).toEqual(["text", "agent", "text"]);
    expect((await call<Session[]>(`GET /session/${session.id}/children`)).body).toHaveLength(1);
    const nobody = {
      parts: [
        { type: "text", text: "@nobody" },
        { type: "agent", name: "nobody" },
      ],
    };
    expect(await prompt(nobody)).toMatchObject({
      status: 400,
      body: { name: "AgentNotFoundError", message: expect.stringContaining("general") },
    });
  });

  verifies("prompt: subtask parts", "run in a child session of their own, and the model goes on from what came of it", async () => {
    await using test = await testServer();
    const { prompt, session, call } = await open(test);
    test.model.text("There are three pears.", { when: "Count the pears" }).text("Three, I am told.");
    const subtask = { type: "subtask", agent: "general", description: "count", prompt: "Count the pears" };
    const { status, body: answer } = await prompt({ parts: [subtask] });
    expect([status, textOf(answer)]).toEqual([200, "Three, I am told."]);
    expect(sent(test)).toContain("There are three pears.");
    const { body: children } = await call<Session[]>(`GET /session/${session.id}/children`);
    expect(children).toMatchObject([{ parentID: session.id, agent: "general" }]);
    expect(await prompt({ parts: [{ ...subtask, agent: "nobody" }] })).toMatchObject({ status: 400, body: { name: "AgentNotFoundError" } });
  });
});

describe("what a prompt may say beside its parts", () => {
  verifies(
    "prompt: model as object or provider/model",
    "is kept for the prompts after it; an unknown one is refused by naming known ones, and forgotten",
    async () => {
      const two = (url: string): Config => ({
        provider: {
          mock: {
            npm: "@ai-sdk/openai-compatible",
            options: { baseURL: url, apiKey: "k" },
            models: { "mock-2": { name: "Two" }, "org/mock-3": { name: "Three" } },
          },
        },
      });
      await using test = await testServer({ config: two });
      const { prompt, session, call } = await open(test);
      const ask = async (model?: unknown): Promise<string | undefined> => {
        test.model.text("ok");
        expect((await prompt({ ...say("hi"), ...(model !== undefined && { model }) })).status).toBe(200);
        return test.model.requests().at(-1)?.body.model;
      };
      expect(await ask({ providerID: "mock", modelID: "mock-2" })).toBe("mock-2");
      expect(await ask()).toBe("mock-2");
      expect(await ask("mock/org/mock-3")).toBe("org/mock-3");
      for (const model of ["mock/none", { providerID: "none", modelID: "mock-2" }])
        expect(await prompt({ ...say("hi"), model })).toMatchObject({
          status: 400,
          body: { name: "ProviderModelNotFoundError", message: expect.stringContaining("mock-2") },
        });
      expect(await prompt({ ...say("hi"), model: "mock-2" })).toMatchObject({
        status: 400,
        body: { name: "BadRequest", data: { field: "model" } },
      });
      expect((await call<Session>(`GET /session/${session.id}`)).body.model).toMatchObject({ providerID: "mock", id: "org/mock-3" });
      expect(await ask()).toBe("org/mock-3");
    },
  );

  verifies(
    ["prompt: agent", "prompt: user-defined agents"],
    "is one of ours or the user's, with its own prompt, model and tools",
    async () => {
      const agent: Config["agent"] = {
        reviewer: { description: "Reviews", mode: "primary", prompt: "You only review.", tools: { write: false, bash: false } },
      };
      await using test = await testServer({ config: { agent } });
      const { prompt } = await open(test);
      for (const [name, has] of [
        ["reviewer", "read"],
        ["plan", "read"],
        ["build", "bash"],
      ] as const) {
        test.model.text("ok");
        const { body: answer } = await prompt({ ...say("hi"), agent: name });
        expect(answer.info).toMatchObject({ agent: name, mode: name });
        expect(toolsSent(test)).toContain(has);
        expect(toolsSent(test).includes("write")).toBe(name === "build");
        expect(sent(test).includes("You only review.")).toBe(name === "reviewer");
      }
    },
  );

  verifies(["prompt: system", "prompt: tools"], "adds to what the model is told and takes tools away, for this prompt alone", async () => {
    await using test = await testServer();
    const { prompt } = await open(test);
    test.model.text("Arr.").text("Hello.");
    await prompt({ ...say("hi"), system: "Talk like a pirate.", tools: { bash: false, write: false } });
    expect(sent(test)).toContain("Talk like a pirate.");
    expect(toolsSent(test)).toEqual(expect.not.arrayContaining(["bash", "write"]));
    expect(toolsSent(test)).toContain("read");
    await prompt(say("hi"));
    expect(sent(test)).not.toContain("Talk like a pirate.");
    expect(toolsSent(test)).toEqual(expect.arrayContaining(["bash", "write"]));
    expect(await prompt({ ...say("hi"), tools: { bash: "no" } })).toMatchObject({ status: 400, body: { data: { field: "tools.bash" } } });
  });

  verifies("prompt: noReply", "stores it, asks no model, and answers with it; the next prompt carries it", async () => {
    await using test = await testServer();
    const { prompt, messages } = await open(test);
    const { status, body: stored } = await prompt({ ...say("This project uses TypeScript."), noReply: true });
    expect(status).toBe(200);
    expect(stored).toMatchObject({ info: { role: "user" }, parts: [{ type: "text", text: "This project uses TypeScript." }] });
    expect(test.model.requests()).toHaveLength(0);
    expect(await messages()).toEqual([stored]);
    test.model.text("TypeScript.");
    await prompt(say("Which language?"));
    expect(sent(test)).toMatch(/uses TypeScript.*Which language/);
  });

  verifies("prompt: directory of a request", "decides where a session is made; its prompts work there whatever they say", async () => {
    await using test = await testServer({ files: { "inner/a.txt": "inner\n", "a.txt": "outer\n" } });
    const inner = encodeURIComponent(test.repository.join("inner"));
    const { session, call } = await open(test, `?directory=${inner}`);
    expect(session).toMatchObject({ directory: test.repository.join("inner"), path: "inner" });
    test.model.calls({ name: "write", input: { filePath: "made.txt", content: "here\n" } }).text("ok");
    await call(`POST /session/${session.id}/message?directory=${encodeURIComponent(test.repository.path)}`, say("make it"));
    expect(await test.repository.read("inner/made.txt")).toBe("here\n");
    const byHeader = restClient(test.url, { "x-opencode-directory": inner });
    expect((await byHeader<Session>("POST /session")).body.directory).toBe(test.repository.join("inner"));
    expect((await byHeader<Session>(`POST /session?directory=${encodeURIComponent(test.repository.path)}`)).body.directory).toBe(
      test.repository.path,
    );
    expect(await call("POST /session?directory=/etc")).toMatchObject({ status: 403, body: { name: "ForbiddenError" } });
    expect(await call(`POST /session?directory=${inner}none`)).toMatchObject({ status: 404 });
  });

  verifies("prompt: slash commands and command files", "are run from files of the project and of the user, and listed", async () => {
    await using test = await testServer({ files: { ".opencode/command/shout.md": "---\ndescription: Shouts\n---\nShout $ARGUMENTS!" } });
    await test.home.write({ "config/opencode/command/whisper.md": "Whisper $ARGUMENTS." });
    const { call, session } = await open(test);
    const { body: commands } = await call<{ name: string }[]>("GET /command");
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(["shout", "whisper", "init", "review"]));
    for (const [command, expected] of [
      ["shout", "Shout pears!"],
      ["whisper", "Whisper pears."],
    ]) {
      test.model.text("ok");
      expect((await call(`POST /session/${session.id}/command`, { command, arguments: "pears" })).status).toBe(200);
      expect(test.model.requests().at(-1)?.body.messages.at(-1)?.content).toBe(expected);
    }
  });

  verifies("prompt: parallel sessions", "do not wait for each other", async () => {
    await using test = await testServer();
    const sessions = await Promise.all([open(test), open(test), open(test)]);
    using events = watch(test.app);
    for (const at of sessions.keys()) test.model.hang(`part ${at}`, { when: `question ${at};` });
    const running = sessions.map(({ prompt }, at) => prompt(say(`question ${at};`)));
    await test.model.received(3);
    expect(Object.keys((await sessions[0]?.call<object>("GET /session/status"))?.body ?? {}).toSorted()).toEqual(
      sessions.map(({ session }) => session.id).toSorted(),
    );
    await Promise.all(sessions.map(({ call, session }) => call(`POST /session/${session.id}/abort`)));
    const answers = await Promise.all(running);
    expect(answers.map(({ body }) => body.info.sessionID)).toEqual(sessions.map(({ session }) => session.id));
    expect(events.seen.filter(({ type }) => type === "session.idle")).toHaveLength(3);
  });
});

describe("providers", () => {
  const model = { name: "M", tool_call: true, limit: { context: 100_000, output: 1_000 } };
  const provider =
    (npm: string, more: object) =>
    (baseURL: string): Config => ({
      model: "own/m-1",
      provider: { own: { npm, options: { baseURL, apiKey: "sk-own", ...more }, models: { "m-1": model } } },
    });
  const apis: [string, object, string, string][] = [
    ["@ai-sdk/openai", {}, "/v1/chat/completions", "authorization"],
    ["@ai-sdk/openai", { protocol: "responses" }, "/v1/responses", "authorization"],
    ["@ai-sdk/anthropic", {}, "/v1/messages", "x-api-key"],
    ["@ai-sdk/openai-compatible", {}, "/v1/chat/completions", "authorization"],
  ];

  verifies(
    "prompt: OpenAI, Anthropic and compatible providers",
    "are each asked in their own protocol, with tools, and their answers are whole",
    async () => {
      for (const [npm, more, path, header] of apis) {
        await using test = await testServer({ files: { "a.txt": "pears\n" }, config: provider(npm, more) });
        const { prompt, messages } = await open(test);
        test.model.calls({ name: "read", input: { filePath: "a.txt" } }).text("It says pears.");
        const { status, body: answer } = await prompt(say("what does a.txt say?"));
        expect([npm, status, textOf(answer)]).toEqual([npm, 200, "It says pears."]);
        expect(answer.info).toMatchObject({ providerID: "own", modelID: "m-1", finish: "stop", tokens: { input: 100, output: 10 } });
        const tools = (await messages()).flatMap(({ parts }) => parts.filter((part) => part.type === "tool"));
        expect(tools).toMatchObject([{ tool: "read", state: { status: "completed", output: expect.stringContaining("pears") } }]);
        const requests = test.model.requests();
        expect(requests.map((request) => request.path)).toEqual([path, path]);
        expect(requests[0]?.headers).toHaveProperty(header);
      }
    },
  );
});
