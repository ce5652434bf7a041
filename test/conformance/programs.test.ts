import { execFile } from "node:child_process";
import { chmod } from "node:fs/promises";
import { promisify } from "node:util";
import { createOpencodeClient } from "@opencode-ai/sdk";
import { expect } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import { textOf, watch } from "../helpers/app.ts";
import { dataOf, request } from "../helpers/request.ts";
import { type TestServer, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

/** The programs that users wrote for OpenCode's server, their calls as they wrote them. */

const execute = promisify(execFile);

const messagesOf = async ({ url }: TestServer, id: string) => (await request<MessageWithParts[]>(`${url}/session/${id}/message`)).body;

verifies("program: parallel orchestration", "three sessions work at once, each on its own task", async () => {
  await using server = await testServer();
  server.model.text("No issues.", { when: "src/auth.ts" }).text("# API", { when: "src/api/" }).text("test()", { when: "src/utils/" });
  using events = watch(server.app);
  const client = createOpencodeClient({ baseUrl: server.url });

  const [codeReview, docGen, testGen] = (
    await Promise.all([
      client.session.create({ body: { title: "Code Review" } }),
      client.session.create({ body: { title: "Documentation" } }),
      client.session.create({ body: { title: "Test Generation" } }),
    ])
  ).map(dataOf);
  if (!codeReview || !docGen || !testGen) throw new Error("Three sessions were asked for.");
  const answers = await Promise.all([
    client.session.promptAsync({
      path: { id: codeReview.id },
      body: { parts: [{ type: "text", text: "Review src/auth.ts for security issues" }] },
    }),
    client.session.promptAsync({
      path: { id: docGen.id },
      body: { parts: [{ type: "text", text: "Generate API documentation for src/api/" }] },
    }),
    client.session.promptAsync({
      path: { id: testGen.id },
      body: { parts: [{ type: "text", text: "Generate unit tests for src/utils/" }] },
    }),
  ]);
  expect(answers.map(({ response }) => response.status)).toEqual([204, 204, 204]);
  const expected = { [codeReview.id]: "No issues.", [docGen.id]: "# API", [testGen.id]: "test()" };
  for (const [id, answer] of Object.entries(expected)) {
    await events.until("session.idle", ({ properties }) => properties.sessionID === id);
    expect((await messagesOf(server, id)).map(textOf).at(-1)).toBe(answer);
  }
  expect(
    dataOf(await client.session.list())
      .map(({ title }) => title)
      .sort(),
  ).toEqual(["Code Review", "Documentation", "Test Generation"]);
});

const voiceDispatch = (server: string) => `#!/bin/bash
# voice-dispatch.sh - Called by VoiceInk or iOS Shortcut

TRANSCRIPTION="$1"
SESSION_ID="\${OPENCODE_SESSION_ID:-default}"
SERVER="${server}"

curl -X POST "$SERVER/session/$SESSION_ID/prompt_async" \\
  -H "Content-Type: application/json" \\
  -d "{\\"parts\\": [{\\"type\\": \\"text\\", \\"text\\": \\"$TRANSCRIPTION\\"}]}"
`;

verifies("program: voice dispatch", "what is said goes to the session default, made on first use, or to a named one", async () => {
  await using server = await testServer({ files: { "a.txt": "" } });
  await server.home.write({ "voice-dispatch.sh": voiceDispatch(server.url) });
  using events = watch(server.app);
  const say = (text: string, env = {}) =>
    execute("bash", [server.home.join("voice-dispatch.sh"), text], { env: { PATH: process.env.PATH, ...env } });
  server.model.text("First done.").text("Second done.").text("Third done.");
  expect((await say("list the files")).stdout).toBe("");
  const { properties } = await events.until("session.idle");
  await say("and read a.txt");
  await expect
    .poll(async () => (await messagesOf(server, properties.sessionID)).map(textOf))
    .toEqual(["list the files", "First done.", "and read a.txt", "Second done."]);
  expect(await messagesOf(server, "default")).toEqual(await messagesOf(server, properties.sessionID));
  const { body: named } = await request<{ id: string }>(`${server.url}/session`, { method: "POST" });
  await say("elsewhere", { OPENCODE_SESSION_ID: named.id });
  await events.until("session.idle", (event) => event.properties.sessionID === named.id);
  expect((await messagesOf(server, named.id)).map(textOf)).toEqual(["elsewhere", "Third done."]);
  // The script does not escape what it was told; the answer says where it broke.
  expect(JSON.parse((await say('say "please"')).stdout)).toMatchObject({ name: "BadRequest" });
});

async function testAgentChange(baseUrl: string, testPrompt: string, expectedPattern: RegExp) {
  const client = createOpencodeClient({ baseUrl });
  const session = dataOf(await client.session.create({ body: { title: `Test: ${Date.now()}` } }));
  try {
    const result = await client.session.prompt({
      path: { id: session.id },
      body: { parts: [{ type: "text", text: testPrompt }] },
    });
    const responseText = dataOf(result)
      .parts.filter((p) => p.type === "text")
      .map((p) => p.text)
      .join("\n");
    return { passed: expectedPattern.test(responseText), response: responseText };
  } finally {
    await client.session.delete({ path: { id: session.id } });
  }
}

verifies("program: agent regression test", "an isolated session is asked, its answer judged, and nothing of it stays", async () => {
  await using server = await testServer();
  server.model.text("The answer is 42.").text("I do not know.");
  expect(await testAgentChange(server.url, "What is the answer?", /\b42\b/)).toEqual({ passed: true, response: "The answer is 42." });
  expect(await testAgentChange(server.url, "What is the answer?", /\b42\b/)).toMatchObject({ passed: false });
  expect((await request(`${server.url}/session`)).body).toEqual([]);
});

verifies("program: CI review", "two calls with curl give a review as Markdown; the answer's text is its text part", async () => {
  await using server = await testServer({ files: { "src/a.ts": "eval(input)\n" } });
  server.model.text("## Review\n\n- `eval` is dangerous.");
  const post = async (path: string, body: string) => {
    const { stdout } = await execute("curl", ["-s", "-X", "POST", server.url + path, "-H", "Content-Type: application/json", "-d", body]);
    return JSON.parse(stdout);
  };
  const { id } = await post("/session", '{"title": "PR Review"}');
  const answer: MessageWithParts = await post(
    `/session/${id}/message`,
    `{
      "parts": [{
        "type": "text",
        "text": "Review the changes in this PR for security issues and code quality. Output as markdown."
      }]
    }`,
  );
  // The first part says that a step began, as in OpenCode: a program that wants the text asks for the text part.
  expect(answer.parts[0]?.type).toBe("step-start");
  expect(answer.parts.find((part) => part.type === "text")?.text).toBe("## Review\n\n- `eval` is dangerous.");
});

verifies("program: pre-edit check", "a script of the user's home runs before an edit; its output and its exit code come back", async () => {
  await using server = await testServer({ config: { permission: "allow" } });
  const script = ".aidevops/agents/scripts/pre-edit-check.sh";
  await server.home.write({ [script]: '#!/bin/sh\necho "checked $1 in $PWD"\ntouch checked\nexit 3\n' });
  await chmod(server.home.join(script), 0o755);
  const client = createOpencodeClient({ baseUrl: server.url });
  const sessionId = dataOf(await client.session.create({ body: {} })).id;
  const preCheck = await client.session.shell({
    path: { id: sessionId },
    body: {
      agent: "default",
      command: "~/.aidevops/agents/scripts/pre-edit-check.sh --loop-mode",
    },
  });
  dataOf(preCheck);
  const [part] = (await messagesOf(server, sessionId)).at(-1)?.parts.filter(({ type }) => type === "tool") ?? [];
  expect(part).toMatchObject({
    tool: "bash",
    state: {
      status: "completed",
      output: expect.stringContaining(`checked --loop-mode in ${server.repository.path}`),
      metadata: { exit: 3 },
    },
  });
  expect(await server.repository.read("checked")).toBe("");
});
