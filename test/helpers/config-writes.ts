import { expect } from "vitest";
import { say } from "./app.ts";
import { ask } from "./http.ts";
import { follow, getJSON, postJSON, type TestServer, testServer } from "./server.ts";
import { chatSocket } from "./socket.ts";

interface Answer {
  info: { error?: object; finish?: string };
}

/** One change, by the project's address, the user's, or an editor's hand. */
async function write({ url, repository }: TestServer, index: number): Promise<void> {
  const patch = { username: `user ${index}`, formatter: index % 2 === 0 };
  if (index % 3 === 2) await repository.write({ "opencode.json": JSON.stringify(patch) });
  else
    expect(await ask(`${url}${index % 3 === 0 ? "/config" : "/global/config"}`, "PATCH", patch)).toMatchObject({
      status: 200,
      body: patch,
    });
}

/**
 * Writes the configuration so many times while so many turns run: none of them is aborted, no stream is closed on any transport, and what was
 * written last holds.
 */
export async function writesDuringTurns({ writes, turns }: { writes: number; turns: number }): Promise<void> {
  await using server = await testServer();
  using stream = follow(server.url);
  using socket = await chatSocket(server.url);
  socket.send({ type: "subscribe" });
  const sessions = await Promise.all(Array.from({ length: turns }, () => postJSON<{ id: string }>(`${server.url}/session`, {})));
  const slow = (id: string) => ({ when: `turn ${id}`, latency: 1, chunkSize: 2 });
  for (const { id } of sessions) {
    server.model.calls({ name: "bash", input: { command: "echo one", description: "say" } }, slow(id)).text(`done with ${id}`, slow(id));
  }
  const running = sessions.map(({ id }) => postJSON<Answer>(`${server.url}/session/${id}/message`, say(`turn ${id}`)));
  for (let index = 1; index <= writes; index += 1) await write(server, index);
  const final = { username: "the last" };
  expect(await ask(`${server.url}/config`, "PATCH", final)).toMatchObject({ status: 200, body: final });
  const answers = await Promise.all(running);
  expect(answers.map(({ info }) => [info.error, info.finish])).toEqual(sessions.map(() => [undefined, "stop"]));
  const last = await postJSON<{ id: string }>(`${server.url}/session`, {});
  await stream.until((event) => event.type === "session.created" && event.properties.sessionID === last.id);
  await socket.until("event", ({ event }) => JSON.stringify(event).includes(last.id));
  const types = stream.events.map(({ event }) => event.type);
  expect(types.filter((type) => type === "server.instance.disposed" || type === "session.error")).toEqual([]);
  expect(await getJSON(`${server.url}/config`)).toMatchObject(final);
}
