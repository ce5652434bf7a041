import { describe, expect, test } from "vitest";
import { createClient, type StreamedEvent } from "../../src/client/client.ts";
import { freePort } from "../helpers/port.ts";
import { testServer } from "../helpers/server.ts";

describe.each(["ws", "sse"] as const)("a client over %s", (transport) => {
  test("ends its events and its runs when it is closed", async () => {
    await using server = await testServer();
    server.model.hang();
    const client = createClient({ url: server.url, transport });
    const run = client.run("never answered");
    const result = expect(run.result).rejects.toThrow("ended before its answer");
    const isAnswer = ({ event }: StreamedEvent) => event.type === "message.updated" && event.properties.info.role === "assistant";
    let closing: Promise<void> | undefined;
    // Ends with the client: nothing else ends it.
    for await (const next of client.events()) if (isAnswer(next)) closing ??= client.close();
    await result;
    await closing;
    const [session] = await client.api.session.list.query({});
    await client.api.session.abort.mutate({ sessionID: session?.id ?? "" });
    expect((await client.events().next()).done).toBe(true);
  });

  test("tells its events too that the password is wrong", async () => {
    await using server = await testServer({ listen: { password: "secret" } });
    await using client = createClient({ url: server.url, password: "wrong", transport });
    await expect(client.events().next()).rejects.toMatchObject({ data: { name: "UnauthorizedError" } });
  });

  test("tells a run of a known session that no server answers", async () => {
    await using client = createClient({ url: `http://127.0.0.1:${await freePort()}`, transport });
    await expect(client.run({ sessionID: "ses_000000000000aaaaaaaaaaaaaa", text: "hello" }).result).rejects.toThrow(
      "No server can be reached at http://127.0.0.1:",
    );
  });
});
