import { describe, expect, it } from "vitest";
import { verifies } from "../conformance/verifies.ts";
import { say, testApp, watch } from "../helpers/app.ts";
import { restClient } from "../helpers/request.ts";
import { filesWith } from "../helpers/search.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

const marker = "zebrafinch-4711";
const write = (filePath: string, content: string) => ({ name: "write", input: { filePath, content } });
const bash = (command: string) => ({ name: "bash", input: { command, description: "a command" } });

/** A session that leaves the marker wherever a session leaves anything. */
async function leaveTraces(test: TestServer): Promise<string> {
  const { sessions } = test.app;
  const session = await sessions.create(test.repository.path, { title: `About ${marker}`, metadata: { note: marker } });
  test.model
    .calls(
      [
        write(`${marker}.txt`, `${marker} in a file\n`),
        write("kept.txt", `${marker} one\n`),
        { name: "todowrite", input: { todos: [{ content: marker, status: "pending", priority: "low" }] } },
        { name: "task", input: { description: "look", prompt: `Look for ${marker}`, subagent_type: "general" } },
      ],
      { when: "the beginning" },
    )
    .text(`The child says ${marker}.`, { when: "Look for" })
    .calls(bash(`for i in $(seq 3000); do echo ${marker} $i; done; mv ${marker}.txt other-${marker}.txt; echo ${marker} two > kept.txt`))
    .calls(bash(`rm other-${marker}.txt; echo ${marker} three > kept.txt; cat missing-${marker}`))
    .text(`Done with ${marker}. ${"Many words about it. ".repeat(2000)}`);
  const attached = `data:text/plain;base64,${btoa(`${marker}\n`.repeat(9000))}`;
  await sessions.prompt(session.id, {
    system: `Mind ${marker}.`,
    parts: [
      { type: "text", text: `the beginning of ${marker}` },
      { type: "file", mime: "text/plain", url: attached, filename: `${marker}.md` },
    ],
  });
  await sessions.prompt(session.id, { ...say(`never mind ${marker}`), messageID: "msg_mind", noReply: true });
  await sessions.revert(session.id, { messageID: "msg_mind" });
  await sessions.share(session.id, "http://localhost");
  return session.id;
}

/** Sessions beside it, so that its rows lie between theirs. */
async function talkBeside(test: TestServer, count: number): Promise<void> {
  const { sessions } = test.app;
  for (let at = 0; at < count; at++) {
    const other = await sessions.create(test.repository.path, { title: `Other ${at}` });
    await sessions.prompt(other.id, { ...say(`other words ${at} `.repeat(50 + at * 20)), noReply: true });
  }
}

describe("a deleted session", () => {
  verifies(
    ["decision: deleting a session erases its data", "DELETE /session/{id}"],
    "is nowhere in the data directory any more: not in the store's file or its log, not in outputs, not in snapshots",
    async () => {
      await using test = await testServer();
      const call = restClient(test.url);
      await talkBeside(test, 5);
      const id = await leaveTraces(test);
      await talkBeside(test, 5);
      const data = test.home.join("data");
      const before = await filesWith(data, marker);
      expect(before.some((file) => file.endsWith(".db") || file.endsWith("-wal"))).toBe(true);
      expect(before.some((file) => file.includes("/snapshot"))).toBe(true);
      expect(before.some((file) => file.includes(id))).toBe(true);
      using events = watch(test.app);
      expect(await call(`DELETE /session/${id}`)).toMatchObject({ status: 200, body: true });
      expect(await filesWith(test.home.path, marker)).toEqual([]);
      await events.until("session.deleted", ({ properties }) => properties.sessionID === id);
      expect(await test.repository.read("kept.txt")).toBe(`${marker} three\n`);
      expect(await call(`GET /session/${id}`)).toMatchObject({ status: 404, body: { name: "NotFoundError" } });
      expect(await call(`DELETE /session/${id}`)).toMatchObject({ status: 404 });
      expect((await test.app.sessions.list({ directory: test.repository.path })).length).toBe(10);
    },
  );

  it("takes nothing of what other sessions can undo", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n" } });
    const { sessions } = test.app;
    const [mine, other] = [await sessions.create(test.repository.path, {}), await sessions.create(test.repository.path, {})];
    const edit = (oldString: string, newString: string) => ({ name: "edit", input: { filePath: "a.txt", oldString, newString } });
    for (const [session, from, to] of [
      [mine, "one", "two"],
      [other, "two", "three"],
    ] as const) {
      test.model
        .calls({ name: "read", input: { filePath: "a.txt" } })
        .calls(edit(from, to))
        .text("done");
      await sessions.prompt(session.id, say(`to ${to}`));
    }
    await sessions.remove(mine.id);
    const [question] = (await sessions.messages(other.id)).items;
    await sessions.revert(other.id, { messageID: question?.info.id ?? "" });
    expect(await test.repository.read("a.txt")).toBe("two\n");
    await sessions.unrevert(other.id);
    expect(await test.repository.read("a.txt")).toBe("three\n");
  });

  it("leaves snapshots working: what a later session's command does to the same files can be undone", async () => {
    await using test = await testApp({ files: { "a.txt": "one\n", ".gitignore": "tracked.txt\n" } });
    const { sessions, repository } = { sessions: test.app.sessions, repository: test.repository };
    await repository.write({ "tracked.txt": "one\n" });
    await repository.git("add", "--force", "tracked.txt");
    await repository.commit();
    const first = await sessions.create(repository.path, {});
    test.model.calls(bash("echo two > a.txt; echo two > tracked.txt; echo new > new.txt")).text("done");
    await sessions.prompt(first.id, say("two"));
    await sessions.remove(first.id);
    const second = await sessions.create(repository.path, {});
    test.model.calls(bash("echo three > a.txt; echo three > tracked.txt; rm new.txt")).text("done");
    await sessions.prompt(second.id, { ...say("three"), messageID: "msg_three" });
    await sessions.revert(second.id, { messageID: "msg_three" });
    expect(await Promise.all(["a.txt", "tracked.txt", "new.txt"].map(repository.read))).toEqual(["two\n", "two\n", "new\n"]);
  });

  it("ends what runs in it, and whoever waited for it is told", async () => {
    await using test = await testServer();
    const call = restClient(test.url);
    test.model.calls(bash(`echo ${marker}; sleep 100`));
    const session = await test.app.sessions.create(test.repository.path, {});
    using events = watch(test.app);
    const waiting = call(`POST /session/${session.id}/message`, say(marker));
    await events.until(
      "message.part.updated",
      ({ properties: { part } }) => part.type === "tool" && JSON.stringify(part).includes(`${marker}\\n`),
    );
    expect(await call(`DELETE /session/${session.id}`)).toMatchObject({ status: 200 });
    expect((await waiting).body).toMatchObject({ info: { error: { name: "MessageAbortedError" } } });
    expect(await filesWith(test.home.path, marker)).toEqual([]);
  });
});
