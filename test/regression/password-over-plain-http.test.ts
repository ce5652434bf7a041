import { expect, test } from "vitest";
import { testServer } from "../helpers/server.ts";

const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

test("a page over plain HTTP, of which browsers do not say what sent a request, is not covered by the browser's own dialog for passwords", async () => {
  await using server = await testServer({ listen: { password: "secret" } });
  const challenge = async (headers: Record<string, string>) => {
    const response = await fetch(`${server.url}/trpc/global.overview`, { headers });
    return [response.status, response.headers.get("www-authenticate")?.split(" ")[0]];
  };
  expect(await challenge({ "user-agent": agent, accept: "*/*" })).toEqual([401, "Bearer"]);
  expect(await challenge({ "user-agent": agent, accept: "text/html,application/xhtml+xml,*/*;q=0.8" })).toEqual([401, "Basic"]);
  expect(await challenge({ "user-agent": "Wget/1.25.0", accept: "*/*" })).toEqual([401, "Basic"]);
});
