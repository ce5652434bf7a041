import type { LanguageModelV4 } from "@ai-sdk/provider";
import { describe, expect, test } from "vitest";
import { mockModel } from "./helpers/model.ts";
import { gather, user } from "./helpers/offline.ts";
import { providerBench, recorder } from "./helpers/provider.ts";

async function say(language: LanguageModelV4, providerOptions: Record<string, Record<string, never>> = {}) {
  const { stream } = await language.doStream({ prompt: [user("hi")], providerOptions });
  return gather(stream);
}

const mock = (baseURL: string, more: object = {}) => ({
  npm: "@ai-sdk/openai-compatible",
  name: "Mock",
  options: { baseURL, apiKey: "config-key" },
  models: { "mock-1": { name: "Mock 1", limit: { context: 128_000, output: 4_096 }, cost: { input: 1, output: 2 } } },
  ...more,
});

describe("a model request arrives", () => {
  test("at an OpenAI-compatible endpoint of the configuration, with its key, and asks for the usage", async () => {
    await using server = (await mockModel()).text("hello");
    await using bench = await providerBench({ config: { provider: { mock: mock(server.url) }, model: "mock/mock-1" } });
    const { language, info } = await bench.providers.model(await bench.providers.defaultModel());
    const { text, finish } = await say(language);
    expect(text).toBe("hello");
    expect(finish).toMatchObject({ usage: { inputTokens: { total: 100 } } });
    const [request] = server.requests();
    expect(request).toMatchObject({ path: "/v1/chat/completions", body: { model: "mock-1" } });
    expect(request?.headers).toHaveProperty("authorization");
    expect(info).toMatchObject({ limit: { context: 128_000, output: 4_096 }, cost: { input: 1, output: 2 }, api: { url: server.url } });
  });

  test("at an OpenAI provider pointed elsewhere, as a chat completion", async () => {
    await using server = (await mockModel()).text("hello");
    const provider = { openai: { options: { baseURL: server.url, apiKey: "test" } } };
    await using bench = await providerBench({ config: { provider, model: "openai/gpt-5-mini" } });
    const { language } = await bench.providers.model({ providerID: "openai", modelID: "gpt-5-mini" });
    expect((await say(language)).text).toBe("hello");
    expect(server.requests()[0]).toMatchObject({ path: "/v1/chat/completions", body: { model: "gpt-5-mini" } });
  });

  test("at OPENAI_BASE_URL as a response when the options say so, and is not to be stored", async () => {
    await using server = (await mockModel()).text("hello");
    const config = { provider: { openai: { options: { protocol: "responses" } } } };
    await using bench = await providerBench({ config, env: { OPENAI_API_KEY: "env-key", OPENAI_BASE_URL: server.url } });
    const { language, providerOptions } = await bench.providers.model({ providerID: "openai", modelID: "gpt-5-mini" });
    expect(providerOptions).toEqual({ openai: { store: false } });
    expect((await say(language)).text).toBe("hello");
    expect(server.requests()[0]?.path).toBe("/v1/responses");
  });

  test("at ANTHROPIC_BASE_URL, which goes without /v1, in Anthropic's own protocol", async () => {
    await using server = (await mockModel()).text("hello");
    await using bench = await providerBench({ env: { ANTHROPIC_API_KEY: "env-key", ANTHROPIC_BASE_URL: server.origin } });
    const { language } = await bench.providers.model({ providerID: "anthropic", modelID: "claude-haiku-4-5" });
    expect((await say(language)).text).toBe("hello");
    const [request] = server.requests();
    expect(request).toMatchObject({ path: "/v1/messages", body: { model: "claude-haiku-4-5" } });
    expect(request?.headers).toHaveProperty("x-api-key");
  });
});

describe("a request carries", () => {
  test.each([
    ["openai", "gpt-5-mini", { authorization: "Bearer env-key" }],
    ["anthropic", "claude-haiku-4-5", { "x-api-key": "env-key" }],
    ["deepseek", "deepseek-flash", { authorization: "Bearer env-key" }],
  ])("the environment's key to %s at the configured address", async (id, modelID, headers) => {
    await using server = await recorder();
    const env = { OPENAI_API_KEY: "env-key", ANTHROPIC_API_KEY: "env-key", DEEPSEEK_API_KEY: "env-key" };
    await using bench = await providerBench({ config: { provider: { [id]: { options: { baseURL: server.url } } } }, env });
    const { language } = await bench.providers.model({ providerID: id, modelID });
    await expect(say(language)).rejects.toThrow();
    expect(server.headers()).toMatchObject(headers);
    expect(server.body()).toMatchObject({ model: modelID });
  });

  test.each([
    ["the configured key before all", { apiKey: "config-key" }, "Bearer config-key"],
    ["the stored key before the environment's", {}, "Bearer stored-key"],
  ])("%s", async (_, options, authorization) => {
    await using server = await recorder();
    await using bench = await providerBench({
      config: { provider: { groq: { options: { baseURL: server.url, ...options } } } },
      env: { GROQ_API_KEY: "env-key" },
      stored: { groq: { type: "api", key: "stored-key" } },
    });
    const { language } = await bench.providers.model({ providerID: "groq", modelID: "openai/gpt-oss-20b" });
    await expect(say(language)).rejects.toThrow();
    expect(server.headers()).toMatchObject({ authorization });
  });

  test("a login's access token as a bearer, the headers of provider and model, and an alias's real name", async () => {
    await using server = await recorder();
    const models = { fast: { id: "claude-haiku-4-5", headers: { "x-model": "1" } } };
    await using bench = await providerBench({
      config: { provider: { anthropic: { options: { baseURL: server.url, headers: { "x-provider": "2" } }, models } } },
      stored: { anthropic: { type: "oauth", refresh: "r", access: "token", expires: 0 } },
    });
    const { language, info } = await bench.providers.model({ providerID: "anthropic", modelID: "fast" });
    await expect(say(language)).rejects.toThrow();
    expect(server.headers()).toMatchObject({ authorization: "Bearer token", "x-model": "1", "x-provider": "2" });
    expect(server.headers()).not.toHaveProperty("x-api-key");
    expect(server.body()).toMatchObject({ model: "claude-haiku-4-5" });
    expect(info).toMatchObject({ id: "fast", api: { id: "claude-haiku-4-5" }, limit: { context: 200_000 } });
  });

  test("no key of the process's environment to a provider that has none", async () => {
    await using server = await recorder();
    const provider = { custom: { npm: "@ai-sdk/openai", options: { baseURL: server.url }, models: { m: {} } } };
    await using bench = await providerBench({ config: { provider }, env: { OPENAI_API_KEY: "env-key" } });
    const before = process.env.OPENAI_API_KEY;
    process.env.OPENAI_API_KEY = "process-key";
    try {
      const { language } = await bench.providers.model({ providerID: "custom", modelID: "m" });
      await expect(say(language)).rejects.toThrow();
    } finally {
      if (before === undefined) delete process.env.OPENAI_API_KEY;
      else process.env.OPENAI_API_KEY = before;
    }
    expect(JSON.stringify(server.headers())).not.toMatch(/env-key|process-key/);
  });
});
