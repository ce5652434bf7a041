import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Session } from "../src/schema/session.ts";
import { shareStyle } from "../src/server/share-style.ts";
import { say } from "./helpers/app.ts";
import { send } from "./helpers/host.ts";
import { restClient } from "./helpers/request.ts";
import { testServer } from "./helpers/server.ts";

const password = { authorization: `Basic ${btoa("opencode:secret")}` };

interface Frame {
  working: boolean;
  order: string[];
  articles: Record<string, string>;
}

/** Server-sent events of an answer, as they come: `event` and `data`. */
async function* streamed(response: Response): AsyncGenerator<{ event: string; data: Frame }> {
  if (response.body === null || !response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  let text = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const frames = text.split("\n\n");
    text = frames.pop() ?? "";
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data !== undefined) yield { event: /^event: (.*)$/m.exec(frame)?.[1] ?? "message", data: JSON.parse(data) };
    }
  }
}

describe("a shared page", () => {
  it("hears what is added while the session goes on, what it has not twice, and when the link ends", async () => {
    await using test = await testServer({ listen: { password: "secret" } });
    const call = restClient(test.url, password);
    test.model.text("The first answer.").text("The second answer.");
    const { body: session } = await call<Session>("POST /session", { title: "Live" });
    await call(`POST /session/${session.id}/message`, say("one"));
    const link = String((await call<Session>(`POST /session/${session.id}/share`)).body.share?.url);
    const version = /data-version="([^"]+)"/.exec((await send(link)).text)?.[1];
    const ends = new AbortController();
    const frames = streamed(await fetch(`${link}/live?version=${version}`, { signal: ends.signal }));
    await call(`POST /session/${session.id}/message`, say("two"));
    let added = "";
    for (let next = await frames.next(); !next.done; next = await frames.next()) {
      added += JSON.stringify(next.value.data.articles);
      if (added.includes("The second answer.") && !next.value.data.working) break;
    }
    expect(added).not.toContain("The first answer.");
    await call(`DELETE /session/${session.id}/share`);
    for await (const { event } of frames) if (event === "gone") break;
    ends.abort();
    expect((await send(`${link}/live`)).status).toBe(404);
  });

  it("is to be had as one file that needs no server, for who may read the session", async () => {
    await using test = await testServer({ listen: { password: "secret" } });
    const call = restClient(test.url, password);
    test.model.text("Look:\n\n```ts\nconst <answer> = 42;\n```\n");
    const { body: session } = await call<Session>("POST /session", { title: "A good one / 2" });
    await call(`POST /session/${session.id}/message`, say("one"));
    const link = String((await call<Session>(`POST /session/${session.id}/share`)).body.share?.url);
    for (const [address, headers] of [
      [`${link}/export`, {}],
      [`${test.url}/session/${session.id}/export`, password],
    ] as const) {
      const file = await send(address, { headers });
      expect(file).toMatchObject({ status: 200, headers: { "content-disposition": 'attachment; filename="A-good-one-2.html"' } });
      expect(file.text).toContain('<pre tabindex="0">const &#60;answer&#62; = 42;\n</pre>');
      expect(file.text).not.toMatch(/<script|https?:\/\//);
    }
    expect((await send(`${test.url}/session/${session.id}/export`)).status).toBe(401);
    expect((await send(`${test.url}/session/ses_none/export`, { headers: password })).status).toBe(404);
    expect((await send(`${link}/else`)).status).toBe(404);
  });

  it("has the colours of the web interface", async () => {
    const sheet = await readFile(new URL("../web/src/styles.css", import.meta.url), "utf8");
    for (const [, token = "", value = ""] of shareStyle.matchAll(/(--\w+):(#[0-9a-f]{6})/g)) expect(sheet).toContain(`${token}: ${value};`);
  });
});
