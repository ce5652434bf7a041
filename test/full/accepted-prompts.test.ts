import { join } from "node:path";
import { expect, it } from "vitest";
import type { QueuedPrompt } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { chaosModel } from "../chaos/model.ts";
import { withStore } from "../chaos/store.ts";
import { say } from "../helpers/app.ts";
import { type Program, programWorkspace } from "../helpers/program.ts";
import { getJSON, postJSON } from "../helpers/server.ts";

const lives = 10;
const sessionCount = 40;
/** In each session, in each life. */
const prompts = 25;

/** Sends them all, some at a time. Answers the ids of the messages, which the server has said to have. */
async function accept(url: string, sessions: string[], life: number): Promise<string[]> {
  const send = async (sessionID: string, at: number) => {
    const accepted: string[] = [];
    for (let index = 0; index < prompts; index += 1) {
      const messageID = `msg_${String(life).padStart(4, "0")}${String(at * prompts + index).padStart(6, "0")}00aaaaaaaaaaaaaa`;
      // Most of them take long, so that some end, some wait, and some are cut short.
      const act = index % 5 === 0 ? "say" : "hang";
      const body = { messageID, ...say(`prompt ${life}-${at}-${index} act:${act}`), queue: "queue" };
      await postJSON(`${url}/session/${sessionID}/prompt_async`, body);
      accepted.push(messageID);
    }
    return accepted;
  };
  return (await Promise.all(sessions.map(send))).flat();
}

/** What is neither over, nor listed as queued, nor in the hands of a session that is busy. */
async function lost(url: string, store: string, { accepted, sessions }: { accepted: string[]; sessions: string[] }): Promise<string[]> {
  const ended = () =>
    withStore(store, (query) => query<{ id: string }>("select message_id as id from prompt where status = 'ended'")).then(
      (rows) => new Set(rows.map(({ id }) => id)),
    );
  const before = await ended();
  const queued = new Set<string>();
  for (const id of sessions) {
    for (const { info } of await getJSON<QueuedPrompt[]>(`${url}/session/${id}/queue`)) queued.add(info.id);
  }
  const after = await ended();
  const open = accepted.filter((id) => !before.has(id) && !queued.has(id) && !after.has(id));
  const busy = Object.keys(await getJSON<object>(`${url}/session/status`)).length;
  // Each busy session has one that is under way.
  return open.length <= busy ? [] : open;
}

it("10,000 accepted prompts, across ten lives of the server: every one ends or is listed as queued", async () => {
  await using model = await chaosModel();
  await using workspace = await programWorkspace();
  const store = join(workspace.home, "data", "codeport", "codeport.db");
  const models = { "mock-1": { name: "Mock", tool_call: true, limit: { context: 1_000_000, output: 10_000 } } };
  const provider = { mock: { npm: "@ai-sdk/openai-compatible", options: { baseURL: model.url, apiKey: "none" }, models } };
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify({ model: "mock/mock-1", snapshot: false, provider }) };
  const start = (): Promise<Program> => workspace.start(["serve", "--port", "0"], { env });
  const accepted: string[] = [];
  const sessions: string[] = [];
  for (let life = 0; life < lives; life += 1) {
    const server = await start();
    const url = await server.listening();
    while (sessions.length < sessionCount) {
      const { id } = await postJSON<Session>(`${url}/session`, { title: `Many ${sessions.length}` });
      sessions.push(id);
    }
    accepted.push(...(await accept(url, sessions, life)));
    server.kill("SIGKILL");
    await server.exited;
  }
  const last = await start();
  const url = await last.listening();
  expect(accepted).toHaveLength(lives * sessionCount * prompts);
  expect(await lost(url, store, { accepted, sessions })).toEqual([]);
  const known = await withStore(store, (query) => query<{ count: number }>("select count(*) as count from prompt"));
  expect(Number(known[0]?.count)).toBe(accepted.length);
}, 600_000);
