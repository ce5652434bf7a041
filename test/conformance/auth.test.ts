import { stat } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ask } from "../helpers/http.ts";
import { recorder } from "../helpers/provider.ts";
import { getJSON, postJSON, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

const secret = "sk-conformance-1";

describe("credentials", () => {
  verifies(["PUT /auth/{id}"], "are stored for their owner alone, count at once, and are never told", async () => {
    await using endpoint = await recorder();
    const provider = { keyed: { env: ["KEYED_API_KEY"], options: { baseURL: endpoint.url }, models: { one: {} } } };
    await using server = await testServer({ config: { provider }, onError: () => {} });
    const session = await postJSON<{ id: string }>(`${server.url}/session`, {});
    const prompt = { model: "keyed/one", parts: [{ type: "text", text: "hello" }] };
    const before = await ask(`${server.url}/session/${session.id}/message`, "POST", prompt);
    expect(before).toMatchObject({ status: 400, body: { name: "ProviderAuthError" } });

    expect(await ask(`${server.url}/auth/keyed`, "PUT", { type: "api", key: secret })).toEqual({ status: 200, body: true });
    await ask(`${server.url}/session/${session.id}/message`, "POST", prompt);
    expect(endpoint.headers().authorization).toBe(`Bearer ${secret}`);

    const file = server.home.join("data", "codeport", "auth.json");
    expect(JSON.parse(await server.home.read("data/codeport/auth.json"))).toEqual({ keyed: { type: "api", key: secret } });
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const path of ["/provider", "/config/providers", "/config", "/provider/auth", `/session/${session.id}/message`])
      expect(JSON.stringify(await getJSON(`${server.url}${path}`)), path).not.toContain(secret);
  });

  verifies(["PUT /auth/{id}"], "of a provider nobody has named yet wait for it", async () => {
    await using server = await testServer();
    expect(await ask(`${server.url}/auth/later`, "PUT", { type: "api", key: "sk-2" })).toEqual({ status: 200, body: true });
    expect(JSON.parse(await server.home.read("data/codeport/auth.json"))).toHaveProperty("later.key", "sk-2");
  });

  test("are forgotten; what is not stored is not found", async () => {
    await using server = await testServer();
    await ask(`${server.url}/auth/mine`, "PUT", { type: "api", key: secret });
    expect(await ask(`${server.url}/auth/mine`, "DELETE")).toEqual({ status: 200, body: true });
    expect(await server.home.read("data/codeport/auth.json")).not.toContain(secret);
    expect(await ask(`${server.url}/auth/mine`, "DELETE")).toMatchObject({ status: 404, body: { name: "NotFoundError" } });
  });

  test.each([
    ["a missing key", "mine", { type: "api" }, "key"],
    ["an unknown kind", "mine", { type: "passkey" }, "type"],
    ["a key with a line break", "mine", { type: "api", key: "sk-1\n" }, "key"],
    ["an empty key", "mine", { type: "api", key: "" }, "key"],
    ["a name that is none", "a%20b", { type: "api", key: "sk" }, "providerID"],
  ])("with %s are refused by the field's name, and nothing is stored", async (_, id, body, field) => {
    await using server = await testServer();
    const answer = await ask(`${server.url}/auth/${id}`, "PUT", body);
    expect(answer).toMatchObject({ status: 400, body: { name: "BadRequest", data: { field } } });
    await expect(server.home.read("data/codeport/auth.json")).rejects.toThrow("ENOENT");
  });
});
