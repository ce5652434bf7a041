import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, rowsWithFiles } from "./proofs.ts";

test("every requirement has a test file of its own, and every file named for one exists", () => {
  const rows = rowsWithFiles();
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
  expect(rows.filter(({ files }) => !files.some((file) => file.startsWith("test/requirements/"))).map(({ number }) => number)).toEqual([]);
  expect(rows.flatMap(({ files }) => files).filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test("every numbered file belongs to a requirement", () => {
  const known = new Set(rowsWithFiles().flatMap(({ files }) => files));
  const numbered = readdirSync(import.meta.dirname).filter((name) => /^\d+-.*\.test\.ts$/.test(name));
  expect(numbered.filter((name) => !known.has(`test/requirements/${name}`))).toEqual([]);
});
