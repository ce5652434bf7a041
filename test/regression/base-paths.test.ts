import { describe, expect, test } from "vitest";
import { readArguments } from "../../src/cli/arguments.ts";
import { testHost } from "../helpers/host.ts";

describe("base paths", () => {
  test.each(["foo?x", "foo#x", "/a b", "../x", "/a/../b", "/%2e%2e", "/a//b", "http://x/", "/%zz", "/ü", "/a\\b", '/"x'])(
    "%s, which no request could begin with, is a mistake of the command",
    async (path) => {
      const reading = readArguments(["serve", "--base-path", path], "1.2.3");
      await expect(reading).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining(`such as /code, not "${path}"`) });
    },
  );

  test.each([
    ["code/", "/code"],
    ["/user/jo%40example.org/proxy/4096", "/user/jo%40example.org/proxy/4096"],
    ["/~jo/a.b", "/~jo/a.b"],
    ["/", ""],
  ])("%s is kept as it stands in addresses", async (given, path) => {
    expect(await readArguments(["serve", "--base-path", given], "1.2.3")).toMatchObject({ flags: { "base-path": path } });
  });

  test("a server of a program refuses them too", async () => {
    await expect(testHost({ basePath: "foo?x" })).rejects.toMatchObject({ name: "ConfigInvalidError" });
  });
});
