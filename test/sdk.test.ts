import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createOpencode, createOpencodeClient } from "@opencode-ai/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestDirectory, temporaryDirectory } from "./helpers/directory.ts";
import { mockModel } from "./helpers/model.ts";
import { testServer } from "./helpers/server.ts";

const text = (value: string) => [{ type: "text" as const, text: value }];

function dataOf<Data>({ data, error }: { data?: Data; error?: unknown }): Data {
  if (data === undefined) throw new Error(`The call failed: ${JSON.stringify(error)}`);
  return data;
}

describe("the official client", () => {
  it("creates, lists, gets and deletes sessions, prompts, and reads messages", async () => {
    await using server = await testServer();
    server.model.text("Hello, client.");
    const client = createOpencodeClient({ baseUrl: server.url });
    const session = dataOf(await client.session.create({ body: { title: "From the client" } }));
    expect(dataOf(await client.session.list()).map(({ id }) => id)).toEqual([session.id]);
    expect(dataOf(await client.session.get({ path: { id: session.id } }))).toMatchObject({ title: "From the client" });
    const answer = dataOf(
      await client.session.prompt({
        path: { id: session.id },
        body: { parts: text("hello"), model: { providerID: "mock", modelID: "mock-1" } },
      }),
    );
    expect(answer.parts.find((part) => part.type === "text")).toMatchObject({ text: "Hello, client." });
    const messages = dataOf(await client.session.messages({ path: { id: session.id } }));
    expect(messages.map(({ info }) => info.role)).toEqual(["user", "assistant"]);
    expect(dataOf(await client.session.delete({ path: { id: session.id } }))).toBe(true);
    expect(dataOf(await client.session.list())).toEqual([]);
  });

  it("prompts without waiting, follows the events, and aborts", async () => {
    await using server = await testServer();
    server.model.hang("Partial words");
    const client = createOpencodeClient({ baseUrl: server.url });
    const { stream } = await client.event.subscribe();
    const session = dataOf(await client.session.create({ body: {} }));
    await client.session.promptAsync({ path: { id: session.id }, body: { parts: text("go") } });
    const seen: string[] = [];
    for await (const event of stream) {
      seen.push(event.type);
      if (
        event.type === "message.part.updated" &&
        event.properties.part.type === "text" &&
        event.properties.part.text === "" &&
        !seen.includes("aborting")
      ) {
        seen.push("aborting");
        expect(dataOf(await client.session.abort({ path: { id: session.id } }))).toBe(true);
      }
      if (event.type === "session.idle") break;
    }
    expect(seen[0]).toBe("server.connected");
    expect(seen).toEqual(expect.arrayContaining(["message.part.delta", "session.error", "message.updated", "session.idle"]));
    const messages = dataOf(await client.session.messages({ path: { id: session.id } }));
    expect(messages.at(-1)?.info).toMatchObject({ error: { name: "MessageAbortedError" } });
  });

  it("gets errors in the shape it reads", async () => {
    await using server = await testServer();
    const client = createOpencodeClient({ baseUrl: server.url });
    const { error, response } = await client.session.get({ path: { id: "ses_unknown" } });
    expect(response.status).toBe(404);
    expect(error).toMatchObject({ name: "NotFoundError", data: { message: expect.stringContaining("ses_unknown") } });
  });
});

describe("createOpencode", () => {
  const environment = { ...process.env };
  let home: TestDirectory;

  // The client spawns `opencode` from the PATH with the environment of its own process: both have to be this process's.
  beforeEach(async () => {
    home = await temporaryDirectory();
    const program = join(import.meta.dirname, "..", "bin", "codeport.js");
    await chmod(program, 0o755);
    await symlink(program, home.join("opencode"));
    Object.assign(process.env, {
      PATH: `${home.path}:${process.env.PATH}`,
      HOME: home.path,
      XDG_DATA_HOME: home.join("data"),
      XDG_CONFIG_HOME: home.join("config"),
    });
  });

  afterEach(async () => {
    process.env = { ...environment };
    await home[Symbol.asyncDispose]();
  });

  it("starts this server as `opencode serve` with its own configuration, and works against it", async () => {
    await using model = await mockModel();
    model.text("Started by the client.");
    const { client, server } = await createOpencode({ port: 0, config: model.config(), timeout: 20_000 });
    try {
      const session = await client.session.create({ body: {} });
      const answer = await client.session.prompt({ path: { id: session.data?.id ?? "" }, body: { parts: text("hello") } });
      expect(answer.data?.parts.find((part) => part.type === "text")).toMatchObject({ text: "Started by the client." });
    } finally {
      server.close();
    }
  });
});
