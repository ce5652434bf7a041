import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Config } from "../../src/schema/config.ts";
import { say } from "../helpers/app.ts";
import { ask } from "../helpers/http.ts";
import { getJSON, postJSON, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const commented = `// Of this project
{
    // the user's own words
    "username": "Ada", // stays
    "provider": { "acme": { "options": { "apiKey": "sk-acme-1", "timeout": 1000 } } },
    "permission": {
        "bash": "ask"
    }
}
`;

describe("the configuration", () => {
  verifies(["GET /config", "PATCH /config"], "is changed in the project's own file, whose comments and form stay", async () => {
    await using server = await testServer({ files: { "opencode.jsonc": commented } });
    const answer = await ask(`${server.url}/config`, "PATCH", { share: "disabled", permission: { edit: "deny" } });
    expect(answer).toMatchObject({ status: 200, body: { share: "disabled", username: "Ada", permission: { bash: "ask", edit: "deny" } } });
    expect(await server.repository.read("opencode.jsonc")).toBe(
      commented.replace(/"bash": "ask"\n {4}}/, `"bash": "ask",\n        "edit": "deny"\n    },\n    "share": "disabled"`),
    );
    expect(await getJSON(`${server.url}/config`)).toEqual(answer.body);
  });

  verifies(["PATCH /config"], "is written to a new file where there is none, and read from it by the next server", async () => {
    await using server = await testServer();
    await ask(`${server.url}/config`, "PATCH", { default_agent: "plan" });
    expect(JSON.parse(await server.repository.read("opencode.json"))).toEqual({ default_agent: "plan" });
    expect(await getJSON(`${server.url}/agent`)).toMatchObject([{ name: "plan" }, ...Array(6).fill({})]);
  });

  verifies(["PATCH /config"], "keeps its secrets when an answer is edited and sent back whole", async () => {
    await using server = await testServer({ files: { "opencode.jsonc": commented } });
    const shown = await getJSON<Config>(`${server.url}/config`);
    expect(JSON.stringify(shown)).not.toContain("sk-acme-1");
    const answer = await ask(`${server.url}/config`, "PATCH", { ...shown, username: "Grace" });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toContain("sk-acme-1");
    expect(await server.repository.read("opencode.jsonc")).toBe(commented.replace("Ada", "Grace"));
  });

  test("refuses a list that would lose the secret answers left out of it", async () => {
    const command = ["run", "--api-key=sk-1"];
    await using server = await testServer({
      files: { "opencode.json": JSON.stringify({ mcp: { a: { type: "local", command, enabled: false } } }) },
    });
    const before = await server.repository.read("opencode.json");
    const edited = { mcp: { a: { type: "local", command: ["run", "--api-key=", "--fast"] } } };
    const answer = await ask(`${server.url}/config`, "PATCH", edited);
    expect(answer).toMatchObject({ status: 400, body: { name: "BadRequest", data: { field: "mcp.a.command" } } });
    expect(await server.repository.read("opencode.json")).toBe(before);
  });

  test.each([
    ["an unknown key", { modle: "a/b" }, 400, "modle", /did you mean "model"/],
    [
      "an unknown key further in",
      { agent: { build: { promt: "x" } }, compaction: { auot: true } },
      400,
      "compaction.auot",
      /compaction\.auto/,
    ],
    ["a wrong type", { snapshot: "yes" }, 400, "snapshot", /boolean/],
    ["a wrong value further in", { permission: { edit: "maybe" } }, 400, "permission.edit", /./],
    ["no object", [1], 400, "", /body/i],
    [
      "what something stronger overrules",
      { provider: { mock: { models: { "mock-1": { name: "Mine" } } } } },
      409,
      "provider.mock.models.mock-1.name",
      /OPENCODE_CONFIG_CONTENT/,
    ],
  ])("refuses %s by its name, and writes nothing", async (...[, patch, status, field, message]) => {
    const config = (url: string): Config => ({
      provider: { mock: { npm: "@ai-sdk/openai-compatible", options: { baseURL: url }, models: { "mock-1": { name: "Theirs" } } } },
    });
    await using server = await testServer({ config });
    const answer = await ask(`${server.url}/config`, "PATCH", patch);
    expect(answer).toMatchObject({ status, body: { message: expect.stringMatching(message), data: { field } } });
    await expect(server.repository.read("opencode.json")).rejects.toThrow("ENOENT");
  });

  test("is not written to a project that is not trusted, or through a link that leads out", async () => {
    await using server = await testServer({ files: { "vendor/opencode.json": "{}" } });
    await server.repository.write({ "vendor/.git/HEAD": "ref: refs/heads/main\n" });
    const vendor = encodeURIComponent(server.repository.join("vendor"));
    const patch = { provider: { evil: { options: { baseURL: "http://evil.test" } } } };
    const answer = await ask(`${server.url}/config?directory=${vendor}`, "PATCH", patch);
    expect(answer).toMatchObject({ status: 409, body: { name: "ConflictError", message: expect.stringContaining("not trusted") } });
    expect(await server.repository.read("vendor/opencode.json")).toBe("{}");
  });

  verifies(["POST /config/provider", "POST /config/model"], "takes a provider and a model by themselves", async () => {
    await using server = await testServer({ config: { model: undefined } });
    const provider = {
      id: "acme",
      npm: "@ai-sdk/openai-compatible",
      options: { baseURL: server.model.url, apiKey: "sk-9" },
      models: { one: {} },
    };
    const added = await ask(`${server.url}/config/provider`, "POST", provider);
    expect(added).toMatchObject({ status: 200, body: { provider: { acme: { models: { one: {} } } } } });
    expect(JSON.stringify(added.body)).not.toContain("sk-9");
    expect(await ask(`${server.url}/config/model`, "POST", { model: "acme/one" })).toMatchObject({
      status: 200,
      body: { model: "acme/one" },
    });
    const { id: _id, ...stored } = provider;
    expect(JSON.parse(await server.repository.read("opencode.json"))).toEqual({ provider: { acme: stored }, model: "acme/one" });
    server.model.text("from acme");
    const { id } = await postJSON<{ id: string }>(`${server.url}/session`, {});
    const message = await postJSON(`${server.url}/session/${id}/message`, say("hello"));
    expect(message).toMatchObject({ info: { providerID: "acme", modelID: "one" } });
    expect(server.model.requests()).toHaveLength(1);
  });

  test.each([
    ["provider", { npm: "x" }, "id"],
    ["provider", { id: "a/b" }, "id"],
    ["model", {}, "model"],
    ["model", { model: "one" }, "model"],
  ])("POST /config/%s refuses %o by the field's name", async (path, body, field) => {
    await using server = await testServer();
    expect(await ask(`${server.url}/config/${path}`, "POST", body)).toMatchObject({ status: 400, body: { data: { field } } });
  });

  test("refuses a model nobody knows, with those nearest to it", async () => {
    await using server = await testServer();
    const answer = await ask(`${server.url}/config/model`, "POST", { model: "mock/mock-2" });
    expect(answer).toMatchObject({
      status: 400,
      body: { name: "ProviderModelNotFoundError", data: { suggestions: expect.arrayContaining(["mock/mock-1"]) } },
    });
  });

  test("of the user is changed in the user's file and holds where the project says nothing", async () => {
    await using server = await testServer({ files: { "opencode.json": `{ "share": "disabled" }` } });
    const answer = await ask(`${server.url}/global/config`, "PATCH", { share: "manual", username: "Ada" });
    expect(answer).toEqual({ status: 200, body: { share: "manual", username: "Ada" } });
    expect(JSON.parse(await server.home.read("config/codeport/opencode.json"))).toEqual({ share: "manual", username: "Ada" });
    expect(await getJSON(`${server.url}/global/config`)).toEqual({ share: "manual", username: "Ada" });
    expect(await getJSON(`${server.url}/config`)).toMatchObject({ share: "disabled", username: "Ada" });
    expect(await ask(`${server.url}/global/config`, "PATCH", { shrae: "auto" })).toMatchObject({
      status: 400,
      body: { data: { field: "shrae" } },
    });
  });

  verifies(["PATCH /config"], "written by many at once loses none of it", async () => {
    await using server = await testServer();
    const patches = Array.from({ length: 12 }, (_, index) => ({ command: { [`c${index}`]: { template: `do ${index}` } } }));
    const answers = await Promise.all(patches.map((patch) => ask(`${server.url}/config`, "PATCH", patch)));
    expect(answers.map(({ status }) => status)).toEqual(patches.map(() => 200));
    const { command } = JSON.parse(await server.repository.read("opencode.json"));
    expect(Object.keys(command).sort()).toEqual(patches.map((patch) => Object.keys(patch.command)[0]).sort());
  });

  verifies(["PATCH /config"], "of a running turn stays what it began with", async () => {
    await using server = await testServer({ files: { "opencode.json": `{ "agent": { "build": { "prompt": "First words." } } }` } });
    server.model
      .calls({ name: "bash", input: { command: "cat gate; echo passed", description: "wait" } })
      .text("one")
      .text("two");
    execFileSync("mkfifo", [server.repository.join("gate")]);
    const { id } = await postJSON<{ id: string }>(`${server.url}/session`, {});
    const turn = postJSON(`${server.url}/session/${id}/message`, say("go"));
    await server.model.received(1);
    await ask(`${server.url}/config`, "PATCH", { agent: { build: { prompt: "Second words." } } });
    await writeFile(server.repository.join("gate"), "open\n");
    await turn;
    await postJSON(`${server.url}/session/${id}/message`, say("again"));
    const prompts = server.model.requests().map(({ body }) => String(body.messages[0]?.content));
    expect(prompts.map((prompt) => /(First|Second) words/.exec(prompt)?.[1])).toEqual(["First", "First", "Second"]);
  });
});
