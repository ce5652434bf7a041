import { expect } from "vitest";
import { say } from "./app.ts";
import { ask } from "./http.ts";
import { follow, getJSON, postJSON, testServer } from "./server.ts";

interface Answer {
  info: { error?: object; finish?: string };
}

/** Writes the configuration so many times while so many turns run: none of them is aborted, no stream is closed, and what was written last holds. */
export async function writesDuringTurns({ writes, turns }: { writes: number; turns: number }): Promise<void> {
  await using server = await testServer();
  using stream = follow(server.url);
  const sessions = await Promise.all(Array.from({ length: turns }, () => postJSON<{ id: string }>(`${server.url}/session`, {})));
  const slow = (id: string) => ({ when: `turn ${id}`, latency: 1, chunkSize: 2 });
  for (const { id } of sessions) {
    server.model.calls({ name: "bash", input: { command: "echo one", description: "say" } }, slow(id)).text(`done with ${id}`, slow(id));
  }
  const running = sessions.map(({ id }) => postJSON<Answer>(`${server.url}/session/${id}/message`, say(`turn ${id}`)));
  for (let index = 0; index < writes; index += 1) {
    const patch = { username: `user ${index}`, formatter: index % 2 === 0 };
    expect(await ask(`${server.url}/config`, "PATCH", patch)).toMatchObject({ status: 200, body: patch });
  }
  const answers = await Promise.all(running);
  expect(answers.map(({ info }) => [info.error, info.finish])).toEqual(sessions.map(() => [undefined, "stop"]));
  const last = await postJSON<{ id: string }>(`${server.url}/session`, {});
  await stream.until((event) => event.type === "session.created" && event.properties.sessionID === last.id);
  const types = stream.events.map(({ event }) => event.type);
  expect(types.filter((type) => type === "server.instance.disposed" || type === "session.error")).toEqual([]);
  expect(await getJSON(`${server.url}/config`)).toMatchObject({ username: `user ${writes - 1}` });
}
