import { expect, test } from "vitest";
import { createClient } from "../src/client/client.ts";
import { testServer } from "./helpers/server.ts";

test("rules given to a session while it runs hold for the next call of the same turn", async () => {
  await using server = await testServer({ config: { permission: { bash: "ask" } } });
  await using client = createClient({ url: server.url });
  const bash = (word: string) => ({ name: "bash", input: { command: `echo ${word}`, description: "Say it" } });
  server.model
    .calls([bash("one")])
    .calls([bash("two")])
    .text("Said.");
  const { id: sessionID } = await client.api.session.create.mutate({});
  await client.api.session.promptAsync.mutate({ sessionID, parts: [{ type: "text", text: "say them" }] });
  const asked: string[][] = [];
  for await (const { event } of client.events({ after: 0 })) {
    if (event.type === "session.idle") break;
    if (event.type !== "permission.asked") continue;
    asked.push(event.properties.patterns);
    await client.api.session.update.mutate({ sessionID, permission: [{ permission: "bash", pattern: "echo *", action: "allow" }] });
    await client.api.permission.reply.mutate({ requestID: event.properties.id, reply: "once" });
  }
  expect(asked).toEqual([["echo one"]]);
});
