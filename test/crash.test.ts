import { describe, expect, it } from "vitest";
import type { MessageWithParts } from "../src/schema/prompt.ts";
import type { Session } from "../src/schema/session.ts";
import { mockModel } from "./helpers/model.ts";
import { programWorkspace } from "./helpers/program.ts";
import { follow, getJSON, postJSON, type StreamedEvent } from "./helpers/server.ts";

const prompt = (text: string) => ({ parts: [{ type: "text", text }] });
const durable = (events: StreamedEvent[]) => events.filter(({ id, event }) => id !== undefined && event.type !== "server.connected");

describe("a server killed in the middle of an answer", () => {
  it("loses nothing it committed, closes what was open, runs what was queued, and a reader resumes without gap or duplicate", async () => {
    await using model = await mockModel();
    await using workspace = await programWorkspace({ files: { "a.txt": "one\n" } });
    const env = { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) };
    model.text("A first answer.").hang("This answer is cut").text("The queued one ran.");

    const first = await workspace.start(["serve", "--port", "0"], { env });
    const url = await first.listening();
    using before = follow(url);
    await before.until(({ type }) => type === "server.connected");
    const session = await postJSON<Session>(`${url}/session`, { title: "Crash" });
    const path = `/session/${session.id}`;
    await postJSON(`${url}${path}/message`, prompt("one"));
    const complete = await getJSON<MessageWithParts[]>(`${url}${path}/message`);
    await postJSON(`${url}${path}/prompt_async`, prompt("two"));
    await before.until(({ type, properties }) => type === "message.part.delta" && "delta" in properties);
    await model.received(2);
    await before.until(
      ({ type, properties }) => type === "message.part.updated" && properties.part.type === "text" && properties.part.text === "two",
    );
    await postJSON(`${url}${path}/prompt_async`, prompt("three"));
    await before.until(
      ({ type, properties }) => type === "message.part.updated" && properties.part.type === "text" && properties.part.text === "three",
    );
    first.kill("SIGKILL");
    await Promise.all([first.exited, before.ended]);

    const second = await workspace.start(["serve", "--port", "0"], { env });
    const again = await second.listening();
    const last = durable(before.events).at(-1)?.id;
    using after = follow(again, { after: last });
    await after.until(({ type }) => type === "session.idle");
    const messages = await getJSON<MessageWithParts[]>(`${again}${path}/message`);

    expect(messages.slice(0, complete.length)).toEqual(complete);
    const cut = messages.find(({ info }) => info.role === "assistant" && info.error);
    expect(cut?.info).toMatchObject({
      error: { name: "MessageAbortedError", data: { message: expect.stringContaining("Interrupted") } },
      time: { completed: expect.any(Number) },
    });
    expect(messages.flatMap(({ parts }) => parts).filter((part) => part.type === "text" && part.time && !part.time.end)).toEqual([]);
    expect(messages.at(-1)?.parts).toEqual(expect.arrayContaining([expect.objectContaining({ text: "The queued one ran." })]));
    expect(await getJSON(`${again}/session/status`)).toEqual({});
    expect(model.requests()).toHaveLength(3);

    using whole = follow(again, { after: "0" });
    await whole.until(({ type, id }) => type === "session.idle" && durable(after.events).at(-1)?.event.id === id);
    const positions = durable(whole.events).map(({ id }) => id);
    const heard = [...durable(before.events), ...durable(after.events)].map(({ id }) => id);
    expect(heard).toEqual(positions.slice(positions.length - heard.length));
    expect(new Set(positions).size).toBe(positions.length);
    expect(Number(positions.at(-1))).toBe(positions.length);
  });
});
