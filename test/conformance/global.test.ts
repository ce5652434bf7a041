import { expect } from "vitest";
import { send } from "../helpers/host.ts";
import { request } from "../helpers/request.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

verifies(["GET /global/health", "GET /health"], "the server is up and says its version, in any directory", async () => {
  await using server = await testServer();
  for (const path of ["/global/health", "/health", "/global/health?directory=/no/such"]) {
    expect(await request(server.url + path), path).toMatchObject({ status: 200, body: { healthy: true, version: server.app.version } });
  }
  expect(await send(`${server.url}/global/health`, { method: "POST" })).toMatchObject({
    status: 405,
    json: { name: "MethodNotAllowedError" },
  });
});
