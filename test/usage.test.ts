import { describe, expect, test } from "vitest";
import { createClient } from "../src/client/client.ts";
import type { UsageReport } from "../src/schema/usage.ts";
import { say } from "./helpers/app.ts";
import { temporaryDirectory } from "./helpers/directory.ts";
import { restClient } from "./helpers/request.ts";
import { getJSON, testServer } from "./helpers/server.ts";

describe("usage", () => {
  test("is told by day, model and session, and what was spent stays when the session is deleted", async () => {
    await using server = await testServer();
    await using client = createClient({ url: server.url, directory: server.app.directory });
    const { sessions, directory } = server.app;
    const session = await sessions.create(directory, { title: "One" });
    server.model.text("Said.");
    await sessions.prompt(session.id, say("say it"));
    const { tokens } = await sessions.get(session.id);
    const bySession = await client.api.usage.report.query({ by: ["session", "model"] });
    expect(bySession.items).toMatchObject([{ sessionID: session.id, title: "One", providerID: "mock", modelID: "mock-1", calls: 1 }]);
    expect(bySession.items[0]?.tokens).toMatchObject(tokens ?? {});
    const day = new Date().toISOString().slice(0, 10);
    const byDay = await getJSON<UsageReport>(`${server.url}/usage?by=day&from=${Date.now() - 1e9}`);
    expect(byDay.items.map((row) => row.day)).toEqual([day]);
    expect(byDay.items[0]?.projectID).toBeUndefined();
    expect((await getJSON<UsageReport>(`${server.url}/usage?to=5`)).total.calls).toBe(0);
    await sessions.remove(session.id);
    const later = await client.api.usage.report.query({ by: ["session"] });
    expect(later.total).toEqual(bySession.total);
    expect(later.items[0]?.title).toBeUndefined();
  });

  test("is counted by the caller's own days", async () => {
    await using server = await testServer();
    const session = await server.app.sessions.create(server.app.directory, { title: "One" });
    server.model.text("Said.");
    await server.app.sessions.prompt(session.id, say("say it"));
    const call = restClient(server.url);
    for (const offset of [-840, 840]) {
      const { body } = await call<UsageReport>(`GET /usage?by=day&offset=${offset}`);
      expect(body.items[0]?.day).toBe(new Date(Date.now() + offset * 60_000).toISOString().slice(0, 10));
    }
    expect(await call("GET /usage?by=moon")).toMatchObject({ status: 400, body: { field: "by.0" } });
    expect(await call("GET /usage?offset=900")).toMatchObject({ status: 400 });
  });

  test("of a token that is limited to directories is that of sessions there", async () => {
    await using other = await temporaryDirectory();
    await using server = await testServer({ roots: [other.path] });
    const { secret } = await server.app.tokens.create({ scope: "read", directories: [other.path] }, { name: "test" });
    const session = await server.app.sessions.create(server.app.directory, { title: "Here" });
    server.model.text("Said.");
    await server.app.sessions.prompt(session.id, say("say it"));
    await using client = createClient({ url: server.url, token: secret, directory: other.path });
    expect(await client.api.usage.report.query({ by: ["session"] })).toMatchObject({ items: [], total: { calls: 0 } });
  });
});
