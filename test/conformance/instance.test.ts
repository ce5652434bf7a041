import { describe, expect, test } from "vitest";
import { say } from "../helpers/app.ts";
import { ask } from "../helpers/http.ts";
import { follow, getJSON, postJSON, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

describe("an instance", () => {
  verifies(
    ["POST /instance/dispose"],
    "ends with its turns told as aborted, its stream closed, and is made anew by the next call",
    async () => {
      await using server = await testServer();
      using stream = follow(server.url);
      await getJSON(`${server.url}/path`);
      await server.repository.write({ "opencode.json": `{ "username": "Ada" }` });
      expect(await getJSON(`${server.url}/config`)).not.toHaveProperty("username", "Ada");
      server.model.hang("half of it");
      const { id } = await postJSON<{ id: string }>(`${server.url}/session`, {});
      const turn = postJSON(`${server.url}/session/${id}/message`, say("go"));
      await stream.until(
        (event) => event.type === "message.part.updated" && event.properties.part.type === "text" && event.properties.part.text !== "go",
      );
      expect(await ask(`${server.url}/instance/dispose`, "POST")).toEqual({ status: 200, body: true });
      expect(await turn).toMatchObject({ info: { error: { name: "MessageAbortedError" }, time: { completed: expect.any(Number) } } });
      await server.model.hungUp();
      await stream.ended;
      const types = stream.events.map(({ event }) => event.type);
      expect(types.at(-1)).toBe("server.instance.disposed");
      expect(types).toEqual(expect.arrayContaining(["session.error", "session.idle"]));
      expect(await getJSON(`${server.url}/session/status`)).toEqual({});
      expect(await getJSON(`${server.url}/config`)).toHaveProperty("username", "Ada");
      server.model.text("whole");
      expect(await postJSON(`${server.url}/session/${id}/message`, say("again"))).toMatchObject({ info: { finish: "stop" } });
    },
  );

  verifies(["POST /instance/dispose"], "outside the roots is refused", async () => {
    await using server = await testServer();
    expect(await ask(`${server.url}/instance/dispose?directory=/etc`, "POST")).toMatchObject({
      status: 403,
      body: { name: "ForbiddenError" },
    });
  });

  test("of every directory ends, and the global stream says so and stays", async () => {
    await using server = await testServer({ files: { "a/x.txt": "", "b/y.txt": "" } });
    const places = ["a", "b"].map((name) => server.repository.join(name));
    for (const place of places) await getJSON(`${server.url}/path?directory=${encodeURIComponent(place)}`);
    const ends = new AbortController();
    const response = await fetch(`${server.url}/global/event`, { signal: ends.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(await ask(`${server.url}/global/dispose`, "POST")).toEqual({ status: 200, body: true });
    let text = "";
    while (!text.includes("global.disposed")) text += (await reader?.read())?.value ?? "";
    for (const place of places) expect(text).toContain(`"type":"server.instance.disposed","properties":{"directory":"${place}"}`);
    expect(await getJSON(`${server.url}/global/health`)).toMatchObject({ healthy: true });
    ends.abort();
  });
});
