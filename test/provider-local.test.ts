import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { discoverLocal, rememberLocal } from "../src/provider/provider.ts";
import { providerBench } from "./helpers/provider.ts";

/** Enough for a busy machine; the default is for people who wait. */
const budget = 10_000;

async function localServer(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    candidate: (id: string) => ({ id, name: id, baseURL: `http://127.0.0.1:${port}/v1` }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const models = (...ids: string[]) => JSON.stringify({ object: "list", data: ids.map((id) => ({ id, object: "model" })) });

describe("local model servers", () => {
  test("are found by their model list, without those that only embed", async () => {
    await using server = await localServer((request, response) =>
      response.end(request.url === "/v1/models" ? models("qwen3", "nomic-embed-text") : "{}"),
    );
    const found = await discoverLocal({ candidates: [server.candidate("ollama")], budget });
    expect(Object.keys(found.ollama?.models ?? {})).toEqual(["qwen3"]);
  });

  test("that refuse, answer something else, or redirect are left out", async () => {
    await using page = await localServer((_, response) => response.end("<html>hello</html>"));
    await using fault = await localServer((_, response) => response.writeHead(500).end(models("m")));
    await using away = await localServer((_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end());
    await using good = await localServer((_, response) => response.end(models("m")));
    const refused = { id: "refused", name: "refused", baseURL: "http://127.0.0.1:1/v1" };
    const servers = { page, fault, away, good };
    const candidates = Object.entries(servers).map(([id, server]) => server.candidate(id));
    expect(Object.keys(await discoverLocal({ candidates: [refused, ...candidates], budget }))).toEqual(["good"]);
  });

  test("that never finish their answer are not waited for", async () => {
    await using stuck = await localServer((_, response) => void response.write("{"));
    expect(await discoverLocal({ candidates: [stuck.candidate("stuck")] })).toEqual({});
    await using silent = await localServer(() => {});
    expect(await discoverLocal({ candidates: [silent.candidate("silent")], budget, signal: AbortSignal.abort() })).toEqual({});
  });

  test("are listed as connected providers and serve the default model when nothing else is connected", async () => {
    await using server = await localServer((_, response) => response.end(models("qwen3", "llama4")));
    const fetchLocal = () => discoverLocal({ candidates: [server.candidate("ollama")], budget });
    await using bench = await providerBench({ fetchLocal });
    expect(await bench.providers.defaultModel()).toEqual({ providerID: "ollama", modelID: "qwen3" });
    expect((await bench.providers.list()).connected).toEqual(["ollama", "offline"]);
    await using keyed = await providerBench({ fetchLocal, env: { OPENAI_API_KEY: "k" } });
    expect(await keyed.providers.defaultModel()).toMatchObject({ providerID: "openai" });
    await using without = await providerBench({ fetchLocal, config: { disabled_providers: ["ollama"] } });
    expect(await without.providers.defaultModel()).toEqual({ providerID: "offline", modelID: "guide" });
  });

  test("are asked once a minute; an old answer is given while the new one is fetched", async () => {
    let time = 0;
    const asked: PromiseWithResolvers<object>[] = [];
    const search = rememberLocal(
      () => {
        const answer = Promise.withResolvers<object>();
        asked.push(answer);
        return answer.promise as ReturnType<typeof discoverLocal>;
      },
      () => time,
    );
    const both = [search(), search()];
    asked[0]?.resolve({ first: {} });
    expect(await Promise.all(both)).toEqual([{ first: {} }, { first: {} }]);
    time = 59_999;
    expect(await search()).toEqual({ first: {} });
    expect(asked).toHaveLength(1);
    time = 60_000;
    expect(await search()).toEqual({ first: {} });
    expect(asked).toHaveLength(2);
    asked[1]?.resolve({ second: {} });
    await asked[1]?.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(await search()).toEqual({ second: {} });
  });
});
