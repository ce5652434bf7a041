import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { spawnServer, startServer } from "../src/cli/embed.ts";
import { createClient } from "../src/client/client.ts";
import { type TestDirectory, temporaryDirectory } from "./helpers/directory.ts";

async function place() {
  const home = await temporaryDirectory({ files: { "project/README.md": "# Marmalade\n" } });
  const kinds = ["DATA", "CONFIG", "STATE", "CACHE"].map((kind) => [`XDG_${kind}_HOME`, home.join(kind.toLowerCase())]);
  return { home, environment: { HOME: home.path, ...Object.fromEntries(kinds) }, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

const options = ({ home, environment }: { home: TestDirectory; environment: Record<string, string> }) => ({
  directory: home.join("project"),
  password: "secret",
  config: { model: "offline/guide" },
  environment,
});

test.each([
  ["in this process", startServer],
  ["as a process of its own", spawnServer],
])("a server started %s answers prompts, wants its password, and is gone when it is closed", async (_, start) => {
  await using there = await place();
  const server = await start(options(there));
  try {
    await using client = createClient({ url: server.url, password: "secret" });
    expect((await client.api.config.get.query()).model).toBe("offline/guide");
    expect((await client.run("read README.md").result).text).toContain("Marmalade");
    expect((await fetch(`${server.url}/session`)).status).toBe(401);
    expect(existsSync(there.home.join("data/codeport/codeport.db"))).toBe(true);
  } finally {
    await server.close();
  }
  await expect(fetch(server.url)).rejects.toThrow();
});

test("what keeps a server from starting is said, and nothing is left of it", async () => {
  await using there = await place();
  const given = { ...options(there), config: { modle: "x", model: 5 } as never };
  await expect(startServer({ ...options(there), hostname: "0.0.0.0", password: undefined })).rejects.toThrow("password");
  await expect(startServer(given)).rejects.toThrow("model");
  await expect(spawnServer(given)).rejects.toThrow(/exit code 3.*model/s);
});
