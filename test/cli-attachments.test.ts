import { expect, test } from "vitest";
import { attachments } from "../src/cli/attachments.ts";
import { temporaryDirectory } from "./helpers/directory.ts";

test("a file of the directory is named; another one, and any for a server elsewhere, is sent", async () => {
  await using directory = await temporaryDirectory({ files: { "in/a.txt": "marmalade", "out.png": new Uint8Array([1, 0, 2]) } });
  const own = { directory: directory.join("in"), host: { directory: directory.join("in") } };
  expect(await attachments(["a.txt", "../out.png"], own)).toEqual([
    { type: "file", mime: "text/plain", filename: "a.txt", url: expect.stringMatching(/^file:\/\/.*\/in\/a\.txt$/) },
    { type: "file", mime: "image/png", filename: "out.png", url: "data:image/png;base64,AQAC" },
  ]);
  const [sent] = await attachments(["a.txt"], { ...own, directory: undefined });
  expect(sent?.url).toBe(`data:text/plain;base64,${btoa("marmalade")}`);
});

test.each([
  ["nowhere.txt", "there is no"],
  ["data.bin", "neither text"],
  ["large.txt", "larger than"],
  [".", "not a file"],
])("%s is refused: %s", async (name, reason) => {
  const files = { "data.bin": new Uint8Array([0, 1]), "large.txt": "x".repeat(300_000) };
  await using directory = await temporaryDirectory({ files });
  const place = { directory: undefined, host: { directory: directory.path } };
  await expect(attachments([name], place)).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining(reason) });
});
