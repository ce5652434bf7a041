import { expect, test } from "vitest";
import { send } from "../helpers/host.ts";
import { postJSON, testServer } from "../helpers/server.ts";

test("names that every object has are no models and no tools", async () => {
  await using server = await testServer();
  const { id } = await postJSON<{ id: string }>(`${server.url}/session`, {});
  for (const name of ["valueOf", "constructor", "__proto__"]) {
    expect((await send(`${server.url}/experimental/tool?provider=mock&model=${name}`)).status).toBe(200);
    const body = JSON.stringify({ model: { providerID: "mock", modelID: name }, parts: [{ type: "text", text: "Hi" }] });
    expect((await send(`${server.url}/session/${id}/message`, { method: "POST", body })).json).toMatchObject({
      name: "ProviderModelNotFoundError",
    });
    expect((await send(`${server.url}/tool/${name}`, { method: "POST", body: "{}" })).status).toBe(404);
  }
});

test("a summary that a budget does not allow is a conflict, and says how to allow it", async () => {
  await using server = await testServer();
  server.model.text("Hello");
  const { id } = await postJSON<{ id: string }>(`${server.url}/session`, {});
  await postJSON(`${server.url}/session/${id}/message`, { parts: [{ type: "text", text: "Hi" }] });
  await send(`${server.url}/session/${id}/budget`, { method: "PUT", body: '{"tokens":1}' });
  const body = JSON.stringify({ providerID: "mock", modelID: "mock-1" });
  const { status, json } = await send(`${server.url}/session/${id}/summarize`, { method: "POST", body });
  expect([status, json]).toMatchObject([409, { name: "ConflictError", message: expect.stringContaining("Raise it") }]);
});
