import { expect, test } from "vitest";
import { createClient } from "../src/client/client.ts";
import { restClient } from "./helpers/request.ts";
import { testServer } from "./helpers/server.ts";

test("the doctor of a running server tells administrators what it finds, a broken configuration too", async () => {
  await using server = await testServer();
  await using client = createClient({ url: server.url, directory: server.app.directory });
  const found = await client.api.doctor.check.query();
  expect(found.map(({ check }) => check)).toEqual(
    expect.arrayContaining(["node", "git", "ripgrep", "store", "configuration", "providers", "model"]),
  );
  expect(found).toContainEqual({ check: "store", status: "ok", message: expect.stringMatching(/whole/) });
  expect(found).toContainEqual({ check: "providers", status: "ok", message: "mock" });
  await client.api.instance.dispose.mutate();
  await server.repository.write({ "opencode.json": "{ nonsense" });
  const call = restClient(server.url);
  const broken = await call("GET /doctor");
  expect(broken).toMatchObject({ status: 200 });
  expect(broken.body).toContainEqual({ check: "project", status: "fail", message: expect.stringContaining("opencode.json") });
  const { secret } = await server.app.tokens.create({ scope: "prompt" }, { name: "test" });
  expect(await restClient(server.url, { authorization: `Bearer ${secret}` })("GET /doctor")).toMatchObject({ status: 403 });
});
