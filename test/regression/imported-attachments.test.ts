import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { say } from "../helpers/app.ts";
import { send } from "../helpers/host.ts";
import { testServer } from "../helpers/server.ts";

/** The export of a conversation in which a tool gave a file. */
function exported(url: string) {
  const ids = { sessionID: "ses_00000000000000000000000000", messageID: "msg_00000000000000000000000001" };
  const file = { ...ids, id: "prt_00000000000000000000000002", type: "file", mime: "image/png", url };
  const state = { status: "completed", input: {}, output: "ok", title: "", metadata: {}, time: { start: 1, end: 2 }, attachments: [file] };
  const question = { id: "msg_00000000000000000000000000", sessionID: ids.sessionID, role: "user", time: { created: 1 } };
  const answer = {
    ...{ id: ids.messageID, sessionID: ids.sessionID, role: "assistant", parentID: question.id, mode: "build", agent: "build" },
    ...{ providerID: "mock", modelID: "mock-1", path: { cwd: "/", root: "/" }, cost: 0, time: { created: 2, completed: 3 } },
    tokens: { input: 1, output: 1, reasoning: 0, cache: { read: 0, write: 0 } },
  };
  const model = { providerID: "mock", modelID: "mock-1" };
  return {
    info: { title: "forged" },
    messages: [
      {
        info: { ...question, agent: "build", model },
        parts: [{ ...ids, messageID: question.id, id: "prt_00000000000000000000000000", type: "text", text: "look" }],
      },
      { info: answer, parts: [{ ...ids, id: "prt_00000000000000000000000001", type: "tool", callID: "call_1", tool: "read", state }] },
    ],
  };
}

// A tool's attachment was taken as an address that the next turn fetches (of this machine it was refused), and what could not be fetched failed every later turn.
test("addresses in an imported conversation are not fetched, and stop no turn", async () => {
  const heard: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    heard.push(request.url);
    response.end("x");
  });
  elsewhere.listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  await using server = await testServer();
  const address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/secret.png`;
  for (const url of [address, "file:///etc/passwd", "no address", "data:image/png;base64,%%%"]) {
    const imported = await send(`${server.url}/session/import`, { method: "POST", body: JSON.stringify(exported(url)) });
    expect(imported.status, imported.text).toBe(200);
    server.model.text("Done.");
    const { id } = imported.json as { id: string };
    const answer = await send(`${server.url}/session/${id}/message`, { method: "POST", body: JSON.stringify(say("go on")) });
    expect([url, answer.json]).toEqual([url, expect.objectContaining({ info: expect.not.objectContaining({ error: expect.anything() }) })]);
  }
  expect(heard).toEqual([]);
  elsewhere.close();
});
