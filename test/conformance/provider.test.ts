import { describe, expect } from "vitest";
import type { Provider, ProviderAuthMethod } from "../../src/schema/provider.ts";
import { ask } from "../helpers/http.ts";
import { getJSON, testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

interface Listed {
  all: Provider[];
  default: Record<string, string>;
  connected: string[];
}

describe("providers", () => {
  verifies(
    ["GET /provider", "GET /config/providers"],
    "are listed with limits and prices, which the configuration may change",
    async () => {
      const changed = {
        openai: { models: { "gpt-6.1-sol": { cost: { input: 1.5, output: 2.5 }, limit: { context: 1000, output: 100 } } } },
      };
      await using server = await testServer({ config: (url) => ({ provider: { ...changed, mock: mockAt(url) } }) });
      const { all, connected } = await getJSON<Listed>(`${server.url}/provider`);
      const openai = all.find(({ id }) => id === "openai");
      const models = Object.values(openai?.models ?? {});
      expect(models.length).toBeGreaterThan(1);
      expect(models.filter(({ limit, cost }) => limit.context > 0 && cost.output > 0).length).toBeGreaterThan(1);
      expect(openai?.models["gpt-6.1-sol"]).toMatchObject({ cost: { input: 1.5, output: 2.5 }, limit: { context: 1000, output: 100 } });
      expect(connected).toContain("mock");
      expect(connected).not.toContain("openai");
      const usable = await getJSON<{ providers: Provider[]; default: Record<string, string> }>(`${server.url}/config/providers`);
      expect(usable.providers.map(({ id }) => id).sort()).toEqual([...connected].sort());
      expect(usable.default.mock).toBe("mock-1");
    },
  );

  verifies(["GET /provider"], "take limits and prices from a file of the user's too, and say what is wrong in it", async () => {
    await using server = await testServer();
    const model = { limit: { context: 500, output: 50 }, cost: { input: 7, output: 8, tiers: [{ size: 100, input: 9, output: 9 }] } };
    const write = (text: string) => server.home.write({ "config/codeport/catalogue.json": text });
    await write(JSON.stringify({ providers: { openai: { models: { "gpt-6.1-sol": model } }, mine: { models: { own: model } } } }));
    const { all } = await getJSON<Listed>(`${server.url}/provider`);
    const known = all.find(({ id }) => id === "openai")?.models["gpt-6.1-sol"];
    expect(known).toMatchObject({
      name: "GPT-6.1 Sol",
      limit: model.limit,
      cost: { input: 7, output: 8, tiers: [{ tier: { size: 100 } }] },
    });
    expect(all.find(({ id }) => id === "mine")?.models.own).toMatchObject({ limit: model.limit });
    await write(JSON.stringify({ providers: { openai: { models: { "gpt-6.1-sol": { limit: { context: "much" } } } } } }));
    const answer = await ask(`${server.url}/provider`, "GET");
    const place = expect.stringMatching(/catalogue\.json.*openai\.models\.gpt-6\.1-sol\.limit\.context/);
    expect(answer).toMatchObject({ status: 400, body: { name: "ConfigInvalidError", message: place } });
  });

  verifies(["GET /provider/auth"], "say how one logs in at them", async () => {
    const oauth = {
      clientID: "c",
      authorizationURL: "https://login.test/a",
      tokenURL: "https://login.test/t",
      deviceURL: "https://login.test/d",
    };
    const provider = { acme: { name: "Acme", oauth, models: { a: {} } } };
    await using server = await testServer({ config: { provider } });
    const methods = await getJSON<Record<string, ProviderAuthMethod[]>>(`${server.url}/provider/auth`);
    expect(methods.openai).toEqual([{ type: "api", label: "API key" }]);
    expect(methods.acme?.map(({ type }) => type)).toEqual(["oauth", "oauth"]);
    expect(methods.offline).toBeUndefined();
  });
});

const mockAt = (baseURL: string) => ({ npm: "@ai-sdk/openai-compatible", options: { baseURL }, models: { "mock-1": {} } });
