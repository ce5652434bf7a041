import { expect, test } from "vitest";
import { say, testApp, textOf, watch } from "./helpers/app.ts";

const look = { name: "read", input: { filePath: "a.txt" } };

test("the third identical call in a row asks first, with the call; allowed once it goes on, and counts anew", async () => {
  await using server = await testApp({ files: { "a.txt": "one\n" } });
  using events = watch(server.app);
  server.model.calls(look).calls(look).calls(look).calls(look).text("Enough.");
  const session = await server.app.sessions.create(server.repository.path, { title: "D" });
  const answer = server.app.sessions.prompt(session.id, say("go"));
  const { properties: request } = await events.until("permission.asked");
  expect(request).toMatchObject({
    permission: "doom_loop",
    patterns: ["read"],
    always: ["read"],
    metadata: { tool: "read", input: look.input },
  });
  expect(server.model.requests()).toHaveLength(3);
  await server.app.permissions.reply(request.id, { reply: "once" });
  expect(textOf(await answer)).toBe("Enough.");
  expect(events.seen.filter(({ type }) => type === "permission.asked")).toHaveLength(1);
});

test("three at once count too, and a refusal ends the turn", async () => {
  await using server = await testApp({ files: { "a.txt": "one\n" } });
  using events = watch(server.app);
  server.model.calls([look, look, look]);
  const session = await server.app.sessions.create(server.repository.path, { title: "D" });
  const answer = server.app.sessions.prompt(session.id, say("go"));
  const { properties: request } = await events.until("permission.asked");
  await server.app.permissions.reply(request.id, { reply: "reject" });
  const { parts } = await answer;
  const states = parts.flatMap((part) => (part.type === "tool" ? [part.state.status] : []));
  expect(states.toSorted()).toEqual(["completed", "completed", "error"]);
  expect(server.model.remaining()).toBe(0);
});

test("other calls in between, other inputs, and a new prompt begin anew; a rule may allow it", async () => {
  await using server = await testApp({ files: { "a.txt": "one\n" } });
  using events = watch(server.app);
  const other = { name: "list", input: {} };
  server.model.calls(look).calls(look).calls(other).calls(look).calls(look).text("one");
  server.model.calls(look).calls(look).text("two");
  const session = await server.app.sessions.create(server.repository.path, { title: "D" });
  expect(textOf(await server.app.sessions.prompt(session.id, say("go")))).toBe("one");
  expect(textOf(await server.app.sessions.prompt(session.id, say("on")))).toBe("two");
  expect(events.seen.filter(({ type }) => type === "permission.asked")).toEqual([]);

  await using lenient = await testApp({ files: { "a.txt": "one\n" }, config: { permission: { doom_loop: "allow" } } });
  lenient.model.calls([look, look, look, look]).text("fine");
  const free = await lenient.app.sessions.create(lenient.repository.path, { title: "D" });
  expect(textOf(await lenient.app.sessions.prompt(free.id, say("go")))).toBe("fine");
});
