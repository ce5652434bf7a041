import { mkdir, readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { makeDirectory, openStoredFile } from "../src/file-store/file-store.ts";
import { temporaryDirectory } from "./helpers/directory.ts";

const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => "done").catch((error: unknown) => error);

test("a file that cannot be written says so, and nothing is left of it", async () => {
  await using home = await temporaryDirectory({ files: { file: "" } });
  await mkdir(home.join("directory.json"));
  for (const [path, why] of [
    ["file/below/a.json", "file is not a directory"],
    ["directory.json", "it is a directory"],
  ] as const) {
    const file = home.join(path);
    const message = expect.stringMatching(`^${file} cannot be used: [^\n]*${why}\\.$`);
    expect(await failureOf(openStoredFile(file).change(() => "{}"))).toMatchObject({ name: "ConfigInvalidError", message });
  }
  expect((await readdir(home.path)).toSorted()).toEqual(["directory.json", "file"]);
});

test.runIf(process.platform === "linux")("a directory that nobody can make ends the attempt", () => {
  expect(() => makeDirectory("/proc/x/y")).toThrow("the directory /proc/x cannot be made (ENOENT)");
});
