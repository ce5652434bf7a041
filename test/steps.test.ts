import { expect, it } from "vitest";
import type { AnyEvent } from "../src/schema/event.ts";
import type { MessageWithParts } from "../src/schema/prompt.ts";
import type { Session } from "../src/schema/session.ts";
import { follow, getJSON, postJSON, testServer, trpcClient } from "./helpers/server.ts";

const testScript = JSON.stringify({ type: "module", scripts: { test: "node --test" } });
const files = {
  "package.json": testScript,
  "sum.js": "export const sum = (a, b) => a - b;\n",
  "sum.test.js":
    'import { test } from "node:test";\nimport assert from "node:assert";\nimport { sum } from "./sum.js";\ntest("adds", () => assert.equal(sum(1, 2), 3));\n',
};

/** What a turn did, as any client can tell it from finished parts. */
function steps(events: AnyEvent[]): string[] {
  const seen = events.flatMap((event) => (event.type === "message.part.updated" ? [event.properties.part] : []));
  return seen.flatMap((part) => {
    if (part.type === "tool" && part.state.status === "completed") return [`${part.tool} ${part.id}`];
    if (part.type === "text" && part.time?.end) return [`text ${part.id}`];
    return part.type === "step-finish" ? [`${part.reason} ${part.id}`] : [];
  });
}

it("a prompt that reads, edits and tests is seen in the same order over SSE, a tRPC subscription and REST", async () => {
  await using server = await testServer({ files });
  const { url, repository, model } = server;
  model
    .calls({ name: "read", input: { filePath: repository.join("sum.js") } })
    .calls({ name: "edit", input: { filePath: repository.join("sum.js"), oldString: "a - b", newString: "a + b" } })
    .calls({ name: "bash", input: { command: "npm test", description: "Run the tests" } })
    .text("sum adds now, and its test passes.");
  await using client = trpcClient(url);
  const subscribed: AnyEvent[] = [];
  const idle = Promise.withResolvers<void>();
  const subscription = client.trpc.event.subscribe.subscribe(undefined, {
    onData({ data }) {
      subscribed.push(data);
      if (data.type === "session.idle") idle.resolve();
    },
    onError: idle.reject,
  });
  using stream = follow(url);
  await stream.until(({ type }) => type === "server.connected");

  const session = await postJSON<Session>(`${url}/session`, {});
  const answer = await postJSON<MessageWithParts>(`${url}/session/${session.id}/message`, {
    parts: [{ type: "text", text: "Mend sum.js" }],
  });
  await Promise.all([idle.promise, stream.until(({ type }) => type === "session.idle")]);
  subscription.unsubscribe();

  expect(await repository.read("sum.js")).toBe("export const sum = (a, b) => a + b;\n");
  const messages = await getJSON<MessageWithParts[]>(`${url}/session/${session.id}/message`);
  const bash = messages.flatMap(({ parts }) => parts).find((part) => part.type === "tool" && part.tool === "bash");
  expect(bash).toMatchObject({ state: { status: "completed", metadata: { exit: 0 }, output: expect.stringContaining("pass 1") } });
  const listed = messages
    .filter(({ info }) => info.role === "assistant")
    .flatMap(({ parts }) => parts)
    .map((part): AnyEvent => ({ id: "evt_", type: "message.part.updated", properties: { sessionID: session.id, part, time: 0 } }));
  expect(steps(listed)).toHaveLength(8);
  expect(steps(stream.events.map(({ event }) => event))).toEqual(steps(listed));
  expect(steps(subscribed)).toEqual(steps(listed));
  expect(answer).toEqual(messages.at(-1));
});
