import { expect, it } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say } from "../helpers/app.ts";
import { mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";
import { follow, getJSON, postJSON } from "../helpers/server.ts";

/** Prompts that are accepted in a row, in each of a few lives of the server. */
const perLife = 10;
const lives = 2;

it("every prompt that was accepted ends or is listed as queued, across restarts", async () => {
  await using model = await mockModel();
  await using workspace = await programWorkspace();
  const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) };
  const accepted: string[] = [];
  let session: Session | undefined;
  for (let life = 0; life < lives; life += 1) {
    model.hang("not yet");
    const server = await workspace.start(["serve", "--port", "0"], { env });
    const url = await server.listening();
    session ??= await postJSON<Session>(`${url}/session`, { title: "Many" });
    const { id } = session;
    await Promise.all(
      Array.from({ length: perLife }, async (_, index) => {
        const messageID = `msg_0000000${life}00${String(index).padStart(2, "0")}aaaaaaaaaaaaaa`;
        await postJSON(`${url}/session/${id}/prompt_async`, { messageID, ...say(`prompt ${life} ${index}`), queue: "queue" });
        accepted.push(messageID);
      }),
    );
    const known = new Set((await getJSON<MessageWithParts[]>(`${url}/session/${id}/message`)).map(({ info }) => info.id));
    expect(accepted.filter((messageID) => !known.has(messageID))).toEqual([]);
    await model.received(life + 1);
    server.kill("SIGKILL");
    await server.exited;
  }
  for (const _ of accepted) model.text("answered");
  const server = await workspace.start(["serve", "--port", "0"], { env });
  const url = await server.listening();
  using events = follow(url, { after: "0" });
  await events.until(({ type, properties }) => type === "session.idle" && "sessionID" in properties);
  await expect.poll(() => getJSON(`${url}/session/status`), { timeout: 90_000 }).toEqual({});
  const messages = await getJSON<MessageWithParts[]>(`${url}/session/${session?.id}/message`);
  expect(await getJSON(`${url}/session/${session?.id}/queue`)).toEqual([]);
  const answered = new Set(messages.flatMap(({ info }) => (info.role === "assistant" && info.time.completed ? [info.parentID] : [])));
  expect(accepted.filter((messageID) => !answered.has(messageID))).toEqual([]);
}, 120_000);
