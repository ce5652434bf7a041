import { link, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isHeld } from "../../src/held-file/held-file.ts";
import { testServer } from "../helpers/server.ts";
import { storeFile } from "../helpers/store.ts";

// Reading it would drop this process's locks on it, and another process would then remove the log under the server.
test("the files of the open store are not read or written through the workspace, by whatever name", async () => {
  await using store = await storeFile();
  {
    await using server = await testServer({ database: store.file });
    const { directory } = server.app;
    await link(store.file, join(directory, "alias.db"));
    await symlink("alias.db", join(directory, "link.db"));
    for (const path of ["alias.db", "link.db"]) {
      const answer = await fetch(`${server.url}/file/content?path=${path}`);
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ name: "ForbiddenError", message: expect.stringContaining("store") });
    }
    const call = (tool: string, input: object) => ({ name: tool, input: { filePath: join(directory, "alias.db"), ...input } });
    server.model.calls([call("read", {}), call("write", { content: "gone" })]).text("Neither.");
    const { id } = await server.app.sessions.create(directory, {});
    const { parts } = await server.app.sessions.prompt(id, { parts: [{ type: "text", text: "read the store" }] });
    expect(parts.filter((part) => part.type === "text").at(-1)?.text).toBe("Neither.");
    const history = await (await fetch(`${server.url}/session/${id}/message`)).text();
    expect(history.match(/"status":"error"/g)).toHaveLength(2);
    expect(history.match(/belongs to the server's own store/g)).toHaveLength(2);
    expect(isHeld(join(directory, "link.db"))).toBe(true);
    await link(store.file, join(directory, "AGENTS.md"));
    expect((await (await server.app.instance(directory)).instructions()).filter((text) => text.includes("SQLite format"))).toEqual([]);
  }
  expect(isHeld(store.file)).toBe(false);
  expect((await readFile(store.file)).subarray(0, 15).toString()).toBe("SQLite format 3");
});
