import { readdir, stat, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { openCredentials } from "../src/provider/provider.ts";
import { temporaryDirectory } from "./helpers/directory.ts";

describe("stored credentials", () => {
  test.skipIf(process.platform === "win32")("lie in a file that only its owner may read, also when it was open before", async () => {
    await using directory = await temporaryDirectory();
    const file = directory.join("new", "auth.json");
    const credentials = openCredentials(file);
    await credentials.set("openai", { type: "api", key: "sk-1" });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await writeFile(directory.join("open.json"), "{}", { mode: 0o644 });
    await openCredentials(directory.join("open.json")).set("openai", { type: "api", key: "sk-1" });
    expect((await stat(directory.join("open.json"))).mode & 0o777).toBe(0o600);
  });

  test("are set, listed and removed in the file shape of auth.json", async () => {
    await using directory = await temporaryDirectory();
    const credentials = openCredentials(directory.join("auth.json"));
    expect(await credentials.list()).toEqual({});
    await credentials.set("openai", { type: "api", key: "sk-1" });
    await credentials.set("anthropic", { type: "oauth", refresh: "r", access: "a", expires: 0 });
    expect(JSON.parse(await directory.read("auth.json"))).toEqual({
      openai: { type: "api", key: "sk-1" },
      anthropic: { type: "oauth", refresh: "r", access: "a", expires: 0 },
    });
    expect(await credentials.get("openai")).toEqual({ type: "api", key: "sk-1" });
    expect(await credentials.remove("openai")).toBe(true);
    expect(await credentials.remove("openai")).toBe(false);
    expect(Object.keys(await credentials.list())).toEqual(["anthropic"]);
  });

  test("that are written at once are all kept, and no draft stays behind", async () => {
    await using directory = await temporaryDirectory();
    const credentials = openCredentials(directory.join("auth.json"));
    await Promise.all(Array.from({ length: 10 }, (_, index) => credentials.set(`p${index}`, { type: "api", key: `${index}` })));
    expect(Object.keys(await credentials.list())).toHaveLength(10);
    expect(await readdir(directory.path)).toEqual(["auth.json"]);
  });

  test("of a kind this version does not know stay in the file and are not used", async () => {
    await using directory = await temporaryDirectory({ files: { "auth.json": '{ "later": { "type": "passkey", "id": 1 } }' } });
    const credentials = openCredentials(directory.join("auth.json"));
    await credentials.set("openai", { type: "api", key: "sk-1" });
    expect(Object.keys(await credentials.list())).toEqual(["openai"]);
    expect(JSON.parse(await directory.read("auth.json"))).toHaveProperty("later.id", 1);
  });

  test("in a broken file are an error that names the file and quotes nothing of it", async () => {
    await using directory = await temporaryDirectory({ files: { "auth.json": '{ "openai": { "key": "sk-secret" ' } });
    const credentials = openCredentials(directory.join("auth.json"));
    const error = await credentials.list().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: "ConfigInvalidError", message: expect.stringContaining(directory.join("auth.json")) });
    expect(JSON.stringify(error) + String(error) + String((error as Error).cause)).not.toContain("sk-secret");
    await expect(credentials.set("openai", { type: "api", key: "sk-2" })).rejects.toThrow("not valid JSON");
    expect(await directory.read("auth.json")).toContain("sk-secret");
  });
});
