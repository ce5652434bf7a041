import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { createProviderLogins, openCredentials } from "../../src/provider/provider.ts";
import { callByProxies, isProxied, proxiesOf } from "../../src/proxy/proxy.ts";
import { createWebfetch } from "../../src/tool/webfetch.ts";
import { say, textOf } from "../helpers/app.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { remoteServer } from "../helpers/mcp.ts";
import { mockModel } from "../helpers/model.ts";
import { authorizationServer } from "../helpers/oauth.ts";
import { testProxy } from "../helpers/proxy.ts";
import { getJSON, postJSON, testServer } from "../helpers/server.ts";
import { workbench } from "../helpers/tool.ts";
import { verifies } from "./verifies.ts";

/** This process calls by the proxy until the end of the scope. */
function using(env: NodeJS.ProcessEnv): Disposable {
  const restore = callByProxies(proxiesOf(env) ?? { no_proxy: "" });
  return { [Symbol.dispose]: restore };
}

describe("calls to others", () => {
  verifies(
    "decision: outbound calls honour proxies",
    "of models, MCP servers and logins go by HTTP_PROXY, and none to this machine",
    async () => {
      await using model = await mockModel();
      await using mcp = await remoteServer();
      await using authorization = await authorizationServer();
      await using proxy = await testProxy({ "models.test": model.origin, "tools.test": mcp.origin, "login.test": authorization.origin });
      const variables = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: "intern.test" };
      using _proxied = using(variables);
      await using server = await testServer({
        variables,
        config: (url) => ({
          provider: {
            far: { npm: "@ai-sdk/openai-compatible", options: { baseURL: "http://models.test/v1", apiKey: "k" }, models: { one: {} } },
            mock: { npm: "@ai-sdk/openai-compatible", options: { baseURL: url }, models: { "mock-1": {} } },
          },
          mcp: { far: { type: "remote", url: "http://tools.test/mcp", oauth: false } },
        }),
      });
      const ask = async (name: string) => {
        const { id } = await postJSON<{ id: string }>(`${server.url}/session`, {});
        return textOf(await postJSON(`${server.url}/session/${id}/message`, { ...say("hello"), model: name }));
      };
      model.text("from far");
      server.model.text("from here");
      expect(await ask("far/one")).toBe("from far");
      expect(new Set(proxy.log.map((host) => host.replace(/:80$/, "")))).toEqual(new Set(["models.test", "tools.test"]));
      const before = proxy.log.filter((host) => host.startsWith("models")).length;
      expect(await ask("mock/mock-1")).toBe("from here");
      expect(proxy.log.filter((host) => host.startsWith("models")).length).toBe(before);
      expect(await getJSON(`${server.url}/mcp`)).toEqual({ far: { status: "connected" } });

      await using directory = await temporaryDirectory();
      await using logins = createProviderLogins(openCredentials(directory.join("auth.json")));
      const oauth = { ...authorization.oauth, deviceURL: "http://login.test/device", tokenURL: "http://login.test/token" };
      await logins.authorize({ providerID: "far", oauth }, "device");
      await logins.callback("far", undefined);
      expect(proxy.log.some((host) => host.startsWith("login.test"))).toBe(true);
      expect(proxy.log.filter((host) => /127\.0\.0\.1|localhost/.test(host))).toEqual([]);
    },
  );

  verifies(
    "decision: outbound calls honour proxies",
    "of pages go by the proxy, also where only it knows the name, and never to private addresses",
    async () => {
      const page = createServer((_request, response) => response.end("a page from afar"));
      await once(page.listen(0, "127.0.0.1"), "listening");
      const place = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
      await using proxy = await testProxy({ "page.test": place, "10.0.0.1": place });
      const unknown = () => Promise.reject(new Error("ENOTFOUND"));
      const tool = createWebfetch({ allowPrivate: false, lookup: unknown, proxies: proxiesOf({ HTTP_PROXY: proxy.url }) });
      await using bench = await workbench();
      const { output } = await tool.execute({ url: "http://page.test/x" }, bench.context);
      expect(output).toBe("a page from afar");
      await expect(tool.execute({ url: "http://10.0.0.1/x" }, bench.context)).rejects.toMatchObject({ name: "ForbiddenError" });
      await expect(tool.execute({ url: "http://127.0.0.1/x" }, bench.context)).rejects.toMatchObject({ name: "ForbiddenError" });
      const inside = createWebfetch({
        allowPrivate: false,
        lookup: async () => [{ address: "10.0.0.2", family: 4 }],
        proxies: proxiesOf({ HTTP_PROXY: proxy.url }),
      });
      await expect(inside.execute({ url: "http://page.test/x" }, bench.context)).rejects.toMatchObject({ name: "ForbiddenError" });
      expect(proxy.log.map((host) => host.replace(/:80$/, ""))).toEqual(["page.test"]);
      page.close();
    },
  );

  test.each([
    ["http://far.test/", "", true],
    ["https://far.test/", "", false],
    ["http://127.0.0.1:1/", "", false],
    ["http://127.8.9.1/", "", false],
    ["http://localhost:4096/", "", false],
    ["http://[::1]:1/", "", false],
    ["http://far.test/", "*", false],
    ["http://far.test/", "other.test, far.test", false],
    ["http://a.far.test/", ".far.test", false],
    ["http://a.far.test/", "far.test", false],
    ["http://notfar.test/", "far.test", true],
    ["http://far.test:8080/", "far.test:80", true],
    ["http://far.test:8080/", "far.test:8080", false],
    ["http://10.1.2.3/", "10.0.0.0-10.255.255.255", false],
  ])("%s with NO_PROXY=%s: by the proxy is %s", (url, no, expected) => {
    const proxies = proxiesOf({ http_proxy: "http://proxy.test:3128", NO_PROXY: no });
    expect(proxies && isProxied(new URL(url), proxies)).toBe(expected);
  });

  test("go straight where no proxy is named", () => {
    expect(proxiesOf({ NO_PROXY: "x" })).toBeUndefined();
    expect(proxiesOf({ HTTP_PROXY: "" })).toBeUndefined();
  });
});
