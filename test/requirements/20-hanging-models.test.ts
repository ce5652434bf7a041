import { describe, expect, it } from "vitest";
import type { Config } from "../../src/schema/config.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, textOf } from "../helpers/app.ts";
import { textChunk } from "../helpers/model.ts";
import { getJSON, postJSON, type TestServer, testServer } from "../helpers/server.ts";

const once = { attempts: 1, initial: 1, maximum: 1 };
const headersOnly: string[] = [": nothing yet"];

function patient(options: NonNullable<NonNullable<Config["provider"]>[string]["options"]>) {
  return { "opencode.json": JSON.stringify({ provider: { mock: { options } } }) };
}

async function prompt({ url }: TestServer, text: string): Promise<MessageWithParts> {
  const { id } = await postJSON<Session>(`${url}/session`, { title: text });
  return postJSON<MessageWithParts>(`${url}/session/${id}/message`, say(text));
}

const errorOf = ({ info }: MessageWithParts) => (info.role === "assistant" ? info.error : undefined);

describe("a model that hangs", () => {
  it.each([
    ["before its headers", () => undefined],
    ["after its headers", () => headersOnly],
    ["in the middle of a text", () => [textChunk("Half an ans")]],
  ])("%s is given up after the idle time of its provider; its socket is gone, and the turn says why", async (_name, chunks) => {
    await using server = await testServer({ retry: once, files: patient({ chunkTimeout: 150 }) });
    const sent = chunks();
    if (sent === undefined) server.model.hang();
    else server.model.raw(sent, { end: "hang" });
    const answer = await prompt(server, "go");
    expect(errorOf(answer)).toMatchObject({ name: "APIError", data: { message: expect.stringContaining("nothing for 150 ms") } });
    await server.model.hungUp(1);
    expect(await getJSON(`${server.url}/session/status`)).toEqual({});
  });

  it("is asked again, as after any failure that may pass", async () => {
    await using server = await testServer({ files: patient({ chunkTimeout: 1_500 }) });
    server.model.raw(headersOnly, { end: "hang" }).text("The second time.");
    expect(textOf(await prompt(server, "go"))).toBe("The second time.");
    await server.model.hungUp(1);
  });

  it("has limits of its own for its headers and for the whole answer", async () => {
    await using headers = await testServer({ retry: once, files: patient({ headerTimeout: 100, chunkTimeout: false }) });
    headers.model.hang();
    expect(errorOf(await prompt(headers, "go"))).toMatchObject({ data: { message: expect.stringContaining("nothing for 100 ms") } });
    await using whole = await testServer({ retry: once, files: patient({ timeout: 300 }) });
    whole.model.text("word ".repeat(1_000), { latency: 5, chunkSize: 4 });
    expect(errorOf(await prompt(whole, "go"))).toMatchObject({ data: { message: expect.stringContaining("finish within 300 ms") } });
  });

  it("in twelve sessions at once wedges nothing: others are answered meanwhile, and all sockets are gone afterwards", async () => {
    await using server = await testServer({ retry: once, files: patient({ chunkTimeout: 2_000 }), limits: { turns: 16 } });
    for (let index = 0; index < 12; index += 1) server.model.raw(headersOnly, { end: "hang", when: "hanging" });
    server.model.text("Quick.", { when: "working" });
    const hanging = Array.from({ length: 12 }, (_, index) => prompt(server, `hanging ${index}`));
    await server.model.received(12);
    expect(textOf(await prompt(server, "working"))).toBe("Quick.");
    expect(await getJSON(`${server.url}/global/health`)).toMatchObject({ healthy: true });
    const names = (await Promise.all(hanging)).map((answer) => errorOf(answer)?.name);
    expect(new Set(names)).toEqual(new Set(["APIError"]));
    await server.model.hungUp(12);
    expect(await getJSON(`${server.url}/session/status`)).toEqual({});
  });
});
