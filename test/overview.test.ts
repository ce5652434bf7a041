import { describe, expect, test } from "vitest";
import { createClient } from "../src/client/client.ts";
import { temporaryDirectory } from "./helpers/directory.ts";
import { getJSON, testServer } from "./helpers/server.ts";

describe("the overview", () => {
  test("tells of the sessions of all directories and what waits in them, and the events after its position tell the rest", async () => {
    await using other = await temporaryDirectory();
    await using server = await testServer({ roots: [other.path], config: { permission: { bash: "ask" } } });
    await using client = createClient({ url: server.url, directory: other.path });
    const here = await server.app.sessions.create(server.app.directory, { title: "Here" });
    server.model.calls([{ name: "bash", input: { command: "echo hi", description: "Say it" } }]).text("Said.");
    const there = await client.api.session.create.mutate({ title: "There" });
    await client.api.session.promptAsync.mutate({ sessionID: there.id, parts: [{ type: "text", text: "say it" }] });
    for await (const { event } of client.events({ after: 0 })) if (event.type === "permission.asked") break;
    const overview = await client.api.global.overview.query({});
    expect(overview.sessions.map(({ id }) => id).sort()).toEqual([here.id, there.id].sort());
    expect(overview.status).toEqual({ [there.id]: { type: "busy" } });
    expect(overview.permissions.map(({ sessionID, permission }) => [sessionID, permission])).toEqual([[there.id, "bash"]]);
    expect([overview.more, overview.questions]).toEqual([false, []]);

    await client.api.permission.reply.mutate({ requestID: overview.permissions[0]?.id ?? "", reply: "once" });
    const seen: string[] = [];
    for await (const { event } of client.events({ after: overview.position, directory: "all" })) {
      seen.push(event.type);
      if (event.type === "session.idle") break;
    }
    expect(seen).toContain("permission.replied");
    const least = await getJSON<typeof overview>(`${server.url}/global/overview?limit=1`);
    expect([least.sessions.length, least.more]).toEqual([1, true]);
    expect((await fetch(`${server.url}/global/overview?limit=0`)).status).toBe(400);
  });

  test("of a token that is limited to directories holds those alone", async () => {
    await using other = await temporaryDirectory();
    await using server = await testServer({ roots: [other.path] });
    await server.app.sessions.create(server.app.directory, { title: "Here" });
    const there = await server.app.sessions.create(other.path, { title: "There" });
    const { secret } = await server.app.tokens.create({ scope: "read", directories: [other.path] }, { name: "test" });
    await using client = createClient({ url: server.url, token: secret });
    const { sessions } = await client.api.global.overview.query({});
    expect(sessions.map(({ id }) => id)).toEqual([there.id]);
  });
});
