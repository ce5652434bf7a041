import { describe, expect, test } from "vitest";
import { createClient } from "../src/client/client.ts";
import type { Timeline } from "../src/schema/timeline.ts";
import { say } from "./helpers/app.ts";
import { restClient } from "./helpers/request.ts";
import { testServer } from "./helpers/server.ts";

const ordered = (times: (number | undefined)[]) => {
  expect(times.every((time) => typeof time === "number")).toBe(true);
  expect(times).toEqual([...times].sort((one, other) => Number(one) - Number(other)));
};

describe("the timeline", () => {
  test("tells of a turn in its order: queue, first token, tool, waiting, end, with what was tried again and what it cost", async () => {
    await using server = await testServer({ config: { permission: { bash: "ask" } } });
    await using client = createClient({ url: server.url, directory: server.app.directory });
    const session = await server.app.sessions.create(server.app.directory, { title: "One" });
    server.model
      .error(503)
      .calls({ name: "bash", input: { command: "echo hi", description: "Say it" } })
      .text("Said.");
    const messageID = "msg_say";
    await client.api.session.promptAsync.mutate({ sessionID: session.id, messageID, parts: [{ type: "text", text: "say it" }] });
    const timeline = async () => client.api.session.timeline.query({ sessionID: session.id });
    for await (const { event } of client.events({ after: 0 })) {
      if (event.type === "permission.asked") {
        expect((await timeline()).turns[0]).toMatchObject({ state: "running", steps: [{ tools: [{ waits: [{ kind: "permission" }] }] }] });
        await client.api.permission.reply.mutate({ requestID: event.properties.id, reply: "once" });
      }
      if (event.type === "session.idle") break;
    }
    const { turns, before } = await timeline();
    expect([turns.length, before]).toEqual([1, undefined]);
    const [turn] = turns;
    expect(turn).toMatchObject({ messageID, state: "completed", tokens: (await server.app.sessions.get(session.id)).tokens });
    const [first, second] = turn?.steps ?? [];
    const [tool] = first?.tools ?? [];
    const [wait] = tool?.waits ?? [];
    expect(first?.retries).toMatchObject([{ attempt: 1 }]);
    expect([tool?.tool, tool?.state, wait?.name, wait?.answer]).toEqual(["bash", "completed", "bash", "once"]);
    ordered([turn?.queued, turn?.start, first?.start, first?.firstToken, first?.streamEnd, wait?.start, wait?.end, tool?.end, first?.end]);
    ordered([first?.end, second?.start, second?.firstToken, second?.streamEnd, second?.end, turn?.end]);
  });

  test("has the newest turns, those before one, or one alone; what was not answered and what failed too", async () => {
    await using server = await testServer();
    const call = restClient(server.url);
    const { sessions, directory } = server.app;
    const session = await sessions.create(directory, { title: "One" });
    server.model.error(400);
    await sessions.prompt(session.id, { ...say("fail"), messageID: "msg_a" });
    await sessions.prompt(session.id, { ...say("note"), messageID: "msg_b", noReply: true });
    const of = async (query: string) => (await call<Timeline>(`GET /session/${session.id}/timeline?${query}`)).body;
    const newest = await of("limit=1");
    expect(newest).toMatchObject({ turns: [{ messageID: "msg_b", state: "unanswered", steps: [] }], before: "msg_b" });
    expect(await of(`before=${newest.before}`)).toMatchObject({
      turns: [{ messageID: "msg_a", state: "error", steps: [{ error: { name: "APIError" } }] }],
    });
    expect((await of("messageID=msg_a")).turns.map(({ messageID }) => messageID)).toEqual(["msg_a"]);
    expect(await call(`GET /session/${session.id}/timeline?messageID=msg_none`)).toMatchObject({ status: 404 });
    expect(await call(`GET /session/${session.id}/timeline?limit=0`)).toMatchObject({ status: 400 });
    expect(await call("GET /session/ses_none/timeline")).toMatchObject({ status: 404 });
  });
});
