import { describe, expect, test } from "vitest";
import { createClient } from "../src/client/client.ts";
import { say } from "./helpers/app.ts";
import { restClient } from "./helpers/request.ts";
import { type TestServer, testServer } from "./helpers/server.ts";

const write = (filePath: string, content: string) => ({ name: "write", input: { filePath, content } });

/** Two turns: the first writes both files, the second `a.txt` again. */
async function worked(server: TestServer): Promise<string> {
  const { sessions, directory } = server.app;
  const session = await sessions.create(directory, { title: "Undo" });
  const look = { name: "read", input: { filePath: "a.txt" } };
  server.model
    .calls(look)
    .calls([write("a.txt", "two\n"), write("new.txt", "new\n")])
    .text("Done.");
  await sessions.prompt(session.id, { ...say("first"), messageID: "msg_first" });
  server.model
    .calls({ name: "read", input: { filePath: "a.txt" } })
    .calls(write("a.txt", "three\n"))
    .text("Done.");
  await sessions.prompt(session.id, { ...say("second"), messageID: "msg_second" });
  return session.id;
}

const files = { "a.txt": "one\n" };

describe("undo of single files", () => {
  test("restores one file and leaves the others and the conversation; redo brings it back", async () => {
    await using server = await testServer({ files });
    await using client = createClient({ url: server.url, directory: server.app.directory });
    const sessionID = await worked(server);
    const { undoFiles, diff, revert, unrevert, messages } = client.api.session;
    const names = async () => (await diff.query({ sessionID })).map(({ file }) => file);
    const read = () => server.repository.read("a.txt");
    const before = await messages.query({ sessionID });
    const undone = await undoFiles.mutate({ sessionID, files: ["a.txt"] });
    expect(undone.files).toEqual([{ file: "a.txt", outcome: "undone", inferred: false }]);
    expect([await read(), await names(), undone.session.summary?.files]).toEqual(["one\n", ["new.txt"], 1]);
    expect(await messages.query({ sessionID })).toEqual(before);
    expect((await diff.query({ sessionID, messageID: "msg_second" })).map(({ file }) => file)).toEqual(["a.txt"]);
    expect((await undoFiles.mutate({ sessionID, files: ["a.txt"] })).files[0]?.outcome).toBe("unchanged");
    expect((await undoFiles.mutate({ sessionID, files: ["a.txt"], redo: true })).files[0]?.outcome).toBe("redone");
    expect([await read(), await names()]).toEqual(["three\n", ["a.txt", "new.txt"]]);
    await undoFiles.mutate({ sessionID, messageID: "msg_second" });
    expect(await read()).toBe("two\n");
    await revert.mutate({ sessionID, messageID: "msg_first" });
    expect([await read(), await names()]).toEqual(["one\n", []]);
    await unrevert.mutate({ sessionID });
    expect(await read()).toBe("two\n");
  });

  test("leaves alone what somebody else changed, and says so; a file that the session did not change is not found", async () => {
    await using server = await testServer({ files });
    const sessionID = await worked(server);
    const call = restClient(server.url);
    await server.repository.write({ "a.txt": "mine\n" });
    const { body } = await call(`POST /session/${sessionID}/undo`, {});
    expect(body).toMatchObject({
      files: [
        { file: "a.txt", outcome: "conflict" },
        { file: "new.txt", outcome: "undone" },
      ],
    });
    expect(await server.repository.read("a.txt")).toBe("mine\n");
    await expect(server.repository.read("new.txt")).rejects.toThrow(/ENOENT/);
    expect(await call(`POST /session/${sessionID}/undo`, { files: ["other.txt"] })).toMatchObject({ status: 404 });
    expect(await call(`POST /session/${sessionID}/undo`, { messageID: "msg_none" })).toMatchObject({ status: 404 });
    await server.app.sessions.revert(sessionID, { messageID: "msg_second" });
    expect(await call(`POST /session/${sessionID}/undo`, {})).toMatchObject({ status: 409, body: { name: "ConflictError" } });
  });

  test("one file can be looked at alone, with all of it before and after, also against the newest commit", async () => {
    await using server = await testServer({ files: { "a.txt": "one\n".repeat(20) } });
    const { sessions, directory } = server.app;
    const session = await sessions.create(directory, {});
    server.model
      .calls({ name: "read", input: { filePath: "a.txt" } })
      .calls(write("a.txt", `${"one\n".repeat(20)}end\n`))
      .text("Done.");
    await sessions.prompt(session.id, say("go"));
    await server.repository.write({ "b.txt": "b\n" });
    const call = restClient(server.url);
    for (const address of [`/session/${session.id}/diff?file=a.txt&context=1000`, "/vcs/diff?mode=git&file=a.txt&context=1000"]) {
      const { body } = await call<{ file: string; patch: string; additions: number }[]>(`GET ${address}`);
      expect(body.map(({ file, additions }) => [file, additions])).toEqual([["a.txt", 1]]);
      expect(body[0]?.patch.match(/^ one$/gm)?.length).toBe(20);
    }
    expect((await call("GET /vcs/diff?mode=git&file=none.txt")).body).toEqual([]);
    for (const file of ["/etc/passwd", "../outside", "a%00b"]) expect((await call(`GET /vcs/diff?mode=git&file=${file}`)).status).toBe(403);
    expect(await call(`GET /session/${session.id}/diff?context=-1`)).toMatchObject({ status: 400 });
  });
});
