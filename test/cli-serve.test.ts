import { describe, expect, test } from "vitest";
import { runs } from "../src/cli/announce.ts";
import { attachTo } from "../src/cli/connect.ts";
import { credentialsOf } from "../src/cli/env.ts";
import { listenOptions } from "../src/cli/serve.ts";

describe("where to listen", () => {
  test("is loopback, port 4096, unless told", () => {
    expect(listenOptions({}, {})).toMatchObject({ hostname: "127.0.0.1", port: 4096, cors: [], allowedHosts: [] });
  });

  test("flags win over the configuration, and origins of both count", () => {
    const config = { hostname: "10.0.0.1", port: 5000, cors: ["https://a.example"] };
    expect(listenOptions({ port: 0, cors: ["https://b.example"] }, config)).toMatchObject({
      hostname: "10.0.0.1",
      port: 0,
      cors: ["https://a.example", "https://b.example"],
    });
  });

  test("mDNS widens the bind and adds its name, unless a hostname is given", () => {
    expect(listenOptions({ mdns: true }, {})).toMatchObject({ hostname: "0.0.0.0", allowedHosts: ["opencode.local"] });
    expect(listenOptions({ "mdns-domain": "jar.local" }, { mdns: true, hostname: "127.0.0.1" })).toMatchObject({
      hostname: "127.0.0.1",
      allowedHosts: ["jar.local"],
    });
    expect(listenOptions({ mdns: false }, { mdns: true })).toMatchObject({ hostname: "127.0.0.1" });
  });
});

test("a configuration's commands and endpoints are told, what is switched off is not", () => {
  const config = {
    mcp: {
      notes: { type: "local" as const, command: ["notes", "--stdio"] },
      off: { type: "local" as const, command: ["never"], enabled: false },
      far: { type: "remote" as const, url: "https://mcp.example" },
    },
    formatter: { tidy: { command: ["tidy", "$FILE"] } },
    command: { review: { template: "Look at !`git diff` and say" } },
    provider: { mine: { options: { baseURL: "https://models.example/v1" } } },
  };
  expect(runs(config)).toEqual([
    "mcp notes: notes --stdio",
    "mcp far: https://mcp.example",
    "formatter tidy: tidy $FILE",
    "command /review: git diff",
    "provider mine: https://models.example/v1",
  ]);
});

describe("the server's credentials", () => {
  test("come from the environment; an empty password is none", () => {
    expect(credentialsOf({ OPENCODE_SERVER_PASSWORD: "peel" })).toEqual({ username: "opencode", password: "peel" });
    expect(credentialsOf({ OPENCODE_SERVER_PASSWORD: "", OPENCODE_SERVER_USERNAME: "ann" })).toBeUndefined();
  });

  test("in the URL win when attaching", () => {
    const variables = { OPENCODE_SERVER_PASSWORD: "peel" };
    expect(attachTo("http://h:1/code/", { variables })).toEqual({
      url: "http://h:1/code",
      credentials: { username: "opencode", password: "peel" },
    });
    expect(attachTo("https://ann:p%2Fq@h", { variables })).toEqual({ url: "https://h", credentials: { username: "ann", password: "p/q" } });
  });

  test.each(["h:1", "opencode://x", "nonsense"])("%s is no address to attach to", (address) => {
    expect(() => attachTo(address, { variables: {} })).toThrow("http://127.0.0.1:4096");
  });
});
