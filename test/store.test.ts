import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../db/client.ts";
import { listProjects } from "../db/queries/project.ts";
import { temporaryDirectory } from "./helpers/directory.ts";

describe("opening a store", () => {
  it("makes its directory and its tables", async () => {
    await using directory = await temporaryDirectory();
    await using database = await openDatabase(directory.join("a", "b", "store.db"));
    expect(await listProjects(database.orm)).toEqual([]);
  });

  it.runIf(process.platform === "linux")("fails at once where no directory can be made", async () => {
    await expect(openDatabase("/proc/nope/store.db")).rejects.toThrow(/ENOENT/);
  });

  it("fails for a file that is no database, and leaves it as it was", async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.join("store.db"), "this is a letter, not a database\n".repeat(100));
    await expect(openDatabase(directory.join("store.db"))).rejects.toThrow(/no store at all/);
    expect(await directory.read("store.db")).toContain("this is a letter");
  });

  it("works for two servers that open an empty file at once", async () => {
    await using directory = await temporaryDirectory();
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(directory.join("store.db"))));
    for (const database of opened) {
      expect(await listProjects(database.orm)).toEqual([]);
      await database[Symbol.asyncDispose]();
    }
  });
});
