import { describe, expect, test } from "vitest";
import catalogue from "../src/provider/catalogue.json" with { type: "json" };
import { isOffline } from "../src/provider/provider.ts";
import { ProviderConfig } from "../src/schema/config.ts";
import { parseModel } from "../src/schema/prompt.ts";
import { Provider } from "../src/schema/provider.ts";
import { providerBench } from "./helpers/provider.ts";

const custom = { options: { baseURL: "http://127.0.0.1:1/v1" }, models: { one: {}, two: {} } };

describe("the list of providers", () => {
  test("holds the catalogue and the offline one, which alone is connected when nothing is set", async () => {
    await using bench = await providerBench({});
    const { all, connected, default: defaults } = await bench.providers.list();
    expect(all.map(({ id }) => id)).toEqual([...Object.keys(catalogue.providers), "offline"]);
    for (const provider of all) expect(Provider.safeParse(provider).error).toBeUndefined();
    expect(connected).toEqual(["offline"]);
    for (const { id, models } of all) expect(models).toHaveProperty([defaults[id] ?? ""]);
  });

  test("says where each provider's key comes from, and which are connected", async () => {
    await using bench = await providerBench({
      config: { provider: { mock: custom, xai: { options: { apiKey: "k" } }, mistral: {} } },
      env: { OPENAI_API_KEY: "k", GEMINI_API_KEY: "", GOOGLE_API_KEY: "k", GROQ_API_KEY: "" },
      stored: { anthropic: { type: "api", key: "k" } },
    });
    const { all, connected } = await bench.providers.list();
    const source = (id: string) => all.find((provider) => provider.id === id)?.source;
    expect(["mock", "xai", "mistral", "openai", "google", "anthropic", "groq", "offline"].map(source)).toEqual([
      "config",
      "config",
      "config",
      "env",
      "env",
      "api",
      "custom",
      "custom",
    ]);
    expect(connected).toEqual(["mock", "xai", "anthropic", "openai", "google", "offline"]);
  });

  test("never shows a key, wherever the configuration holds one", async () => {
    const secret = "sk-very-secret";
    await using bench = await providerBench({
      config: {
        provider: {
          openai: {
            options: {
              apiKey: secret,
              headers: { Authorization: `Bearer ${secret}` },
              organization: "org",
              nested: { accessToken: secret, depth: 1 },
            },
          },
          mock: {
            options: {
              baseURL: `http://user:${secret}@127.0.0.1:1/v1?api_key=${secret}`,
              note: `the key is ${secret}`,
              list: ["a", secret],
              apiKey: secret,
            },
            models: { m: { headers: { "x-api-key": secret }, options: { clientSecret: secret, effort: "high" } } },
          },
        },
      },
      env: { ANTHROPIC_API_KEY: secret },
      stored: { groq: { type: "api", key: secret } },
    });
    const list = await bench.providers.list();
    expect(JSON.stringify(list)).not.toContain(secret);
    expect(list.all.some((provider) => "key" in provider)).toBe(false);
    const options = (id: string) => list.all.find((provider) => provider.id === id)?.options;
    expect(options("openai")).toEqual({ organization: "org", nested: { depth: 1 } });
    expect(options("mock")).toEqual({ baseURL: "http://127.0.0.1:1/v1", list: ["a"] });
    const { info } = await bench.providers.model({ providerID: "mock", modelID: "m" });
    expect(JSON.stringify(info)).not.toContain(secret);
    expect(info.options).toEqual({ effort: "high" });
  });

  test("follows disabled and enabled providers, whitelist and blacklist", async () => {
    const provider = { openai: { whitelist: ["gpt-5", "gpt-5-mini"], blacklist: ["gpt-5"] } };
    await using bench = await providerBench({ config: { provider, enabled_providers: ["openai", "xai"], disabled_providers: ["xai"] } });
    const { all } = await bench.providers.list();
    expect(all.map(({ id, models }) => [id, Object.keys(models)])).toEqual([
      ["openai", ["gpt-5-mini"]],
      ["offline", ["guide"]],
    ]);
    await using none = await providerBench({ config: { disabled_providers: ["offline"] } });
    expect((await none.providers.list()).all.map(({ id }) => id)).not.toContain("offline");
    await expect(none.providers.defaultModel()).rejects.toThrow("Set OPENAI_API_KEY or ANTHROPIC_API_KEY");
  });

  test("shows models added and changed in the configuration over what is known of them", async () => {
    const models = {
      "gpt-5-mini": {
        name: "Mine",
        cost: { input: 9, output: 9 },
        variants: { deep: { reasoningEffort: "high" }, off: { disabled: true } },
      },
      "my-tune": {
        limit: { context: 10, output: 5 },
        tool_call: false,
        reasoning: true,
        modalities: { input: ["text" as const, "image" as const] },
      },
    };
    await using bench = await providerBench({ config: { provider: { openai: { models } } }, env: { OPENAI_API_KEY: "k" } });
    const { models: listed } = (await bench.providers.list()).all.find(({ id }) => id === "openai") ?? { models: {} as Provider["models"] };
    expect(listed["gpt-5-mini"]).toMatchObject({ name: "Mine", cost: { input: 9, cache: { read: 0 } }, limit: { context: 400_000 } });
    expect(listed["gpt-5-mini"]?.variants).toEqual({ deep: { reasoningEffort: "high" } });
    expect(listed["my-tune"]).toMatchObject({
      name: "my-tune",
      limit: { context: 10, output: 5 },
      capabilities: { toolcall: false, reasoning: true, attachment: true, input: { image: true, pdf: false } },
    });
    const { providerOptions } = await bench.providers.model({ providerID: "openai", modelID: "gpt-5-mini", variant: "deep" });
    expect(providerOptions).toEqual({ openai: { store: false, reasoningEffort: "high" } });
  });
});

describe("the default model", () => {
  test("is the configured one, else the first connected provider's, else the offline one", async () => {
    const ref = async (options: Parameters<typeof providerBench>[0]) => {
      await using bench = await providerBench(options);
      return bench.providers.defaultModel();
    };
    expect(await ref({})).toEqual({ providerID: "offline", modelID: "guide" });
    expect(await ref({ env: { OPENAI_API_KEY: "k" } })).toEqual({ providerID: "openai", modelID: "gpt-6.1-sol" });
    expect(await ref({ env: { OPENAI_API_KEY: "k" }, config: { provider: { mock: custom } } })).toEqual({
      providerID: "mock",
      modelID: "one",
    });
    expect(await ref({ config: { model: "a/b/c" } })).toEqual({ providerID: "a", modelID: "b/c" });
    expect(await ref({ config: { model: "no-slash" } })).toEqual({ providerID: "offline", modelID: "guide" });
  });

  test("for small work is the configured one, else the provider's small one at its own address only", async () => {
    const ref = async (providerID: string, options: Parameters<typeof providerBench>[0]) => {
      await using bench = await providerBench(options);
      return bench.providers.smallModel(providerID);
    };
    const env = { OPENAI_API_KEY: "k" };
    expect(await ref("openai", { env })).toEqual({ providerID: "openai", modelID: "gpt-6-luna" });
    expect(await ref("openai", { env: { ...env, OPENAI_BASE_URL: "http://127.0.0.1:1/v1" } })).toBeUndefined();
    expect(await ref("openai", { env, config: { small_model: "groq/x" } })).toEqual({ providerID: "groq", modelID: "x" });
    expect(await ref("anthropic", { env })).toBeUndefined();
    expect(await ref("offline", {})).toEqual({ providerID: "offline", modelID: "guide" });
  });

  test("reads provider/model, whose second part may hold slashes", () => {
    expect(parseModel("openrouter/openai/gpt-5")).toEqual({ providerID: "openrouter", modelID: "openai/gpt-5" });
    for (const text of [undefined, "", "x", "/x", "x/"]) expect(parseModel(text)).toBeUndefined();
    expect([isOffline({ providerID: "offline" }), isOffline({ providerID: "openai" })]).toEqual([true, false]);
  });
});

describe("a model that cannot be used", () => {
  test.each([
    [{ providerID: "openai", modelID: "gtp-5-mini" }, "openai/gpt-5-mini"],
    [{ providerID: "opnai", modelID: "gpt-5-mini" }, "openai/gpt-5-mini"],
    [{ providerID: "anthropic", modelID: "sonnet" }, "anthropic/claude-sonnet-5-5"],
    [{ providerID: "mock", modelID: "onee" }, "mock/one"],
  ])("because %j is not known: the nearest is suggested and the providers named", async (ref, nearest) => {
    await using bench = await providerBench({ config: { provider: { mock: custom } } });
    await expect(bench.providers.model(ref)).rejects.toMatchObject({
      name: "ProviderModelNotFoundError",
      message: expect.stringMatching(/Did you mean .*Known providers: mock, anthropic, openai/),
      data: { ...ref, suggestions: expect.arrayContaining([nearest]) },
    });
  });

  test("because there is no key: the variable and the command are named", async () => {
    await using bench = await providerBench({});
    await expect(bench.providers.model({ providerID: "anthropic", modelID: "claude-haiku-4-5" })).rejects.toMatchObject({
      name: "ProviderAuthError",
      message: 'Provider "anthropic" has no key. Set ANTHROPIC_API_KEY, or provider.anthropic.options.apiKey in opencode.json.',
      data: { providerID: "anthropic" },
    });
  });

  test("because of its package or its missing address: the key of the configuration is named", async () => {
    await using bench = await providerBench({
      config: { provider: { odd: { npm: "@ai-sdk/odd", ...custom }, lost: { models: { m: {} } } } },
    });
    const fault = (providerID: string, modelID: string) => bench.providers.model({ providerID, modelID }).catch((error: unknown) => error);
    expect(await fault("odd", "one")).toMatchObject({ name: "ConfigInvalidError", message: expect.stringContaining("@ai-sdk/odd") });
    expect(await fault("lost", "m")).toMatchObject({ name: "ConfigInvalidError", data: { path: "provider.lost.options.baseURL" } });
    expect((await bench.providers.list()).connected).not.toContain("lost");
  });
});

test("the catalogue has the shape of the configuration and a small model that exists", () => {
  for (const [id, entry] of Object.entries(catalogue.providers)) {
    expect(ProviderConfig.safeParse(entry).error, id).toBeUndefined();
    if ("small" in entry) expect(entry.models).toHaveProperty([entry.small]);
    for (const model of Object.values(entry.models)) expect(model.release_date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
});
