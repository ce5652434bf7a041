import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { describe, expect, test } from "vitest";
import titlePrompt from "../src/agent/prompts/title.md";
import { createGuide } from "../src/provider/offline/guide.ts";
import { say, testApp, textOf, watch } from "./helpers/app.ts";
import { exchange, gather, offered, user } from "./helpers/offline.ts";
import { type Workbench, workbench } from "./helpers/tool.ts";

const guide = createGuide();

async function ask(prompt: LanguageModelV4Prompt, options: Partial<LanguageModelV4CallOptions> = {}) {
  const { stream } = await guide.doStream({ prompt, tools: offered(), ...options });
  return gather(stream);
}

/** Plays the loop: runs each tool call with the real tools and asks again, until a text comes. */
async function converse(bench: Workbench, text: string) {
  const prompt: LanguageModelV4Prompt = [{ role: "system", content: "You are a coding agent." }, user(text)];
  const calls: { toolName: string; input: Record<string, unknown> }[] = [];
  for (;;) {
    const turn = await ask(prompt);
    const [call] = turn.calls;
    if (call === undefined) return { calls, text: turn.text };
    calls.push({ toolName: call.toolName, input: call.input });
    const { toolCallId, toolName } = call;
    const output = await bench.run(toolName, call.input).then(
      (result) => ({ type: "text" as const, value: result.output }),
      (error: Error) => ({ type: "error-text" as const, value: error.message }),
    );
    prompt.push({ role: "assistant", content: [{ type: "tool-call", toolCallId, toolName, input: call.input }] });
    prompt.push({ role: "tool", content: [{ type: "tool-result", toolCallId, toolName, output }] });
  }
}

describe("the offline guide", () => {
  test("lists and reads through the real tools, shows what they gave, and says that it is not an AI", async () => {
    await using bench = await workbench({ "README.md": "# Hello\n\nRead me.\n", "src/a.ts": "export const a = 1;\n" });
    const { calls, text } = await converse(bench, "list the files and read README.md");
    expect(calls).toEqual([
      { toolName: "list", input: {} },
      { toolName: "read", input: { filePath: "README.md" } },
    ]);
    expect(text).toContain("a.ts");
    expect(text).toContain("# Hello\n\nRead me.");
    expect(text).toContain("not an AI");
    for (const way of ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "opencode.json", "local endpoint"]) expect(text).toContain(way);
  });

  test("changes files on disk: a write, and a replace that reads before it edits", async () => {
    await using bench = await workbench({ "src/a.ts": "const foo = 1;\n" });
    const { calls, text } = await converse(bench, "write hello to notes.txt, then replace foo with bar in src/a.ts");
    expect(calls.map(({ toolName }) => toolName)).toEqual(["write", "read", "edit"]);
    expect(await bench.directory.read("notes.txt")).toBe("hello");
    expect(await bench.directory.read("src/a.ts")).toBe("const bar = 1;\n");
    expect(text).toContain("Replaced `foo` with `bar` in `src/a.ts`");
  });

  test("applies a patch, asks, and looks after commands in the background", async () => {
    await using bench = await workbench({ "a.ts": "one\n" });
    const patch = "*** Begin Patch\n*** Update File: a.ts\n-one\n+two\n*** End Patch";
    const first = await converse(bench, `apply ${patch} and ask Which one? with A or B then run sleep 100 in the background`);
    expect(first.calls.map(({ toolName }) => toolName)).toEqual(["apply_patch", "question", "bash"]);
    expect(await bench.directory.read("a.ts")).toBe("two\n");
    expect(first.text).toContain("Applied the patch. Success. Updated the following files: M a.ts");
    expect(first.text).toContain('"Which one?"="A"');
    expect(first.text).toContain("Started in the background as bg_1");
    const second = await converse(bench, "processes, output bg_1, stop bg_1 and todos");
    expect(second.calls.map(({ toolName }) => toolName)).toEqual(["process", "process", "process", "todoread"]);
    expect(second.text).toContain("Commands in the background:\n\n```\nbg_1: sleep 100");
    expect(second.text).toContain("It was ended by SIGTERM");
  });

  test("finds, searches, runs and keeps a todo list", async () => {
    await using bench = await workbench({ "src/a.ts": "// TODO later\n", "b.md": "TODO too\n" });
    const { calls, text } = await converse(bench, "find *.ts then search TODO in src and run echo done\ntodo buy milk, write tests");
    expect(calls.map(({ toolName }) => toolName)).toEqual(["glob", "grep", "bash", "todowrite"]);
    expect(calls.at(-1)?.input).toEqual({
      todos: [
        { content: "buy milk", status: "pending", priority: "medium" },
        { content: "write tests", status: "pending", priority: "medium" },
      ],
    });
    for (const shown of ["a.ts", "TODO later", "done", "- [ ] buy milk"]) expect(text).toContain(shown);
    expect(text).not.toContain("TODO too");
  });

  test("outlines declarations and headings with their line numbers", async () => {
    await using bench = await workbench({
      "a.ts":
        'import x from "x";\n\nexport function one(a: number) {\n  const inner = a;\n  return inner;\n}\n\nclass Two {\n  run() {\n  }\n}\n',
      "b.md": "# Top\ntext\n## Below\n",
    });
    const { text } = await converse(bench, "outline a.ts and b.md");
    expect(text).toContain("3: export function one(a: number)\n8: class Two\n9:   run()\n");
    expect(text).toContain("1: # Top\n3: ## Below\n");
    expect(text).not.toContain("inner");
  });

  test("reports a failed tool truthfully, stops the chain and names what was left out", async () => {
    await using bench = await workbench();
    const { calls, text } = await converse(bench, "read missing.txt, then write x to y.txt and list");
    expect(calls).toHaveLength(1);
    expect(text).toContain("`read missing.txt` failed");
    expect(text).toContain("missing.txt");
    expect(text).toMatch(/Not done because of that: `write y.txt`, `list`/);
    await expect(bench.directory.read("y.txt")).rejects.toThrow("ENOENT");
  });

  test("does not claim a step whose tool is not offered", async () => {
    const { calls, text } = await ask([user("list, write a to b.txt")], { tools: offered(["list", "read"]) });
    expect(calls.map(({ toolName }) => toolName)).toEqual(["list"]);
    const next = await ask([user("list, write a to b.txt"), ...exchange("list", "c.txt")], { tools: offered(["list", "read"]) });
    expect(text).toBe("");
    expect(next.calls).toEqual([]);
    expect(next.text).toContain("needs the tool `write`, which is not offered");
  });

  test("answers a prompt outside the grammar with the grammar", async () => {
    const { text, calls } = await ask([user("what is the meaning of life?")]);
    expect(calls).toEqual([]);
    expect(text).toContain('"what is the meaning of life" does not begin with a command.');
    expect(text).toContain("- replace <text> with <text> in <file>");
    expect(text).toContain("not an AI");
  });

  test("looks only at the last user message, and at the part of it that is a command", async () => {
    const earlier = [
      user("list"),
      ...exchange("list", "old.txt"),
      { role: "assistant" as const, content: [{ type: "text" as const, text: "old" }] },
    ];
    const { calls } = await ask([...earlier, user("<reminder>be good</reminder>", "read a.ts")]);
    expect(calls.map(({ toolName, input }) => [toolName, input])).toEqual([["read", { filePath: "a.ts" }]]);
  });

  test("takes a prompt as `opencode run` sends it, in double quotes", async () => {
    const { calls } = await ask([user(`"search \\"foo bar\\" in src"`)]);
    expect(calls.map(({ toolName, input }) => [toolName, input])).toEqual([["grep", { pattern: "foo bar", path: "src" }]]);
    expect((await ask([user(`"read a.ts" "b"`)])).calls).toEqual([]);
  });

  test("names a conversation by its first words, with the title agent's prompt and without", async () => {
    const message = user("list the files and read README.md");
    const agent = await ask([{ role: "system", content: titlePrompt }, message], { tools: [] });
    expect(agent.text).toBe("list the files and read README.md");
    const asked = await ask(
      [user("Generate a title for this conversation:"), user("fix the login test that fails since yesterday evening")],
      { tools: undefined },
    );
    expect(asked.text).toBe("fix the login test that fails since yesterday");
  });

  test("streams small deltas that add up, with one finish and its token counts", async () => {
    const { parts, deltas, text, finish } = await ask([user("help")]);
    const generated = await guide.doGenerate({ prompt: [user("help")], tools: offered() });
    expect(generated.content).toEqual([{ type: "text", text }]);
    expect(Math.max(...deltas.map((delta) => delta.length))).toBeLessThanOrEqual(60);
    expect(parts.map(({ type }) => type).filter((type) => type !== "text-delta")).toEqual([
      "stream-start",
      "response-metadata",
      "text-start",
      "text-end",
      "finish",
    ]);
    expect(finish).toMatchObject({ finishReason: { unified: "stop" }, usage: { outputTokens: { total: Math.ceil(text.length / 4) } } });
  });

  test("gives the same call the same id, and the next call another", async () => {
    const first = await ask([user("list, list")]);
    const again = await ask([user("list, list")]);
    const second = await ask([user("list, list"), ...exchange("list", "a")]);
    expect(again.calls[0]?.toolCallId).toBe(first.calls[0]?.toolCallId);
    expect(second.calls[0]?.toolCallId).not.toBe(first.calls[0]?.toolCallId);
  });

  test("shows a long output by its two ends and keeps its fence closed", async () => {
    const long = Array.from({ length: 500 }, (_, index) => `line ${index}`).join("\n");
    const { text } = await ask([user("run seq"), ...exchange("bash", `\`\`\`\n${long}`)]);
    expect(text).toContain("line 0");
    expect(text).toContain("line 499");
    expect(text).toContain("421 more lines");
    expect(text.match(/^````$/gm)).toHaveLength(2);
  });

  test("stops in the middle of a text when it is aborted", async () => {
    const controller = new AbortController();
    const { stream } = await guide.doStream({ prompt: [user("help")], abortSignal: controller.signal });
    const reader = stream.getReader();
    for (let part = await reader.read(); part.value?.type !== "text-delta"; part = await reader.read());
    controller.abort(new Error("enough"));
    const rest = async () => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toThrow("enough");
    await expect(async () => guide.doStream({ prompt: [user("list")], abortSignal: controller.signal })).rejects.toThrow("enough");
  });
});

describe("in a session, without any key", () => {
  const files = {
    ".opencode/skills/tidy/SKILL.md": "---\nname: tidy\ndescription: Tidies up\n---\nSweep first.\n",
    "a.md": "# Alpha\n",
  };

  test("the guide loads a skill, hands a task to a sub-agent, fetches a page and asks the user", async () => {
    const server = createServer((_request, response) => void response.writeHead(200, { "content-type": "text/plain" }).end("a page"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await using test = await testApp({ files, variables: { CODEPORT_WEBFETCH_PRIVATE: "1" } });
    using events = watch(test.app);
    const session = await test.app.sessions.create(test.repository.path, { title: "Offline" });
    const prompt = `skill tidy, delegate "read a.md" to explore, fetch http://127.0.0.1:${port}/ and ask Go on? with yes or no`;
    const answer = test.app.sessions.prompt(session.id, { ...say(prompt), model: "offline/guide" });
    const { properties: request } = await events.until("question.asked");
    await test.app.questions.reply(request.id, [["yes"]]);
    const text = textOf(await answer);
    server.close();
    expect(text).toContain("Sweep first.");
    expect(text).toContain("`explore` reports:");
    expect(text).toContain("# Alpha");
    expect(text).toContain("a page");
    expect(text).toContain('"Go on?"="yes"');
    expect(test.model.requests()).toEqual([]);
  });
});
