import { describe, expect, it } from "vitest";
import type { Session } from "../../src/schema/session.ts";
import { postJSON, testServer } from "../helpers/server.ts";
import { turn, undoAmongOthers } from "../helpers/undo.ts";

describe("two sessions and a person edit the same files by turns", () => {
  it("undoing one session leaves the others' bytes alone and names the conflicts; redoing it restores its own", async () => {
    const { restored, conflicts } = await undoAmongOthers({ seed: 3, length: 7 });
    expect([restored, conflicts]).toEqual([1, 1]);
  });

  it("and what a person writes while the work is undone stays when it is redone", async () => {
    await using server = await testServer({ files: { "a.txt": "0\n", "b.txt": "0\n" } });
    const { url, repository } = server;
    const session = await postJSON<Session>(`${url}/session`, {});
    const write = (file: string) => ({ name: "write", input: { filePath: file, content: "1\n" } });
    const read = (file: string) => ({ name: "read", input: { filePath: file } });
    const messageID = await turn(server, session, { calls: [read("a.txt"), read("b.txt"), write("a.txt"), write("b.txt")], mark: "both." });
    await postJSON(`${url}/session/${session.id}/revert`, { messageID });
    await repository.write({ "a.txt": "a person's\n" });
    const restored = await postJSON<Session>(`${url}/session/${session.id}/unrevert`, {});
    expect([await repository.read("a.txt"), await repository.read("b.txt")]).toEqual(["a person's\n", "1\n"]);
    expect(JSON.stringify(restored.metadata)).toContain("a.txt");
  });
});
