import { expect, it } from "vitest";
import { say } from "../helpers/app.ts";
import { writesDuringTurns } from "../helpers/config-writes.ts";
import { ask } from "../helpers/http.ts";
import { follow, postJSON, testServer } from "../helpers/server.ts";

it("15 writes of the configuration, over the API and by hand, during 5 turns abort none and close no stream", async () => {
  await writesDuringTurns({ writes: 15, turns: 5 });
});

it("nor does one that turns off the provider and the permission of the very turn that runs", async () => {
  await using server = await testServer({ files: { "opencode.json": JSON.stringify({ permission: { bash: "ask" } }) } });
  const { url, model } = server;
  model.calls({ name: "bash", input: { command: "echo one", description: "say" } }).text("As it began.");
  const { id } = await postJSON<{ id: string }>(`${url}/session`, {});
  using events = follow(url);
  const answer = postJSON<{ info: { error?: object; finish?: string } }>(`${url}/session/${id}/message`, say("go"));
  await events.until(({ type }) => type === "permission.asked");
  const change = { disabled_providers: ["mock"], permission: { bash: "deny" as const } };
  expect(await ask(`${url}/config`, "PATCH", change)).toMatchObject({ status: 200 });
  const asked = events.events.flatMap(({ event }) => (event.type === "permission.asked" ? [event.properties.id] : []));
  await postJSON(`${url}/permission/${asked[0]}/reply`, { reply: "once" });
  expect((await answer).info).toMatchObject({ finish: "stop" });
});
