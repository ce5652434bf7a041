import { execFile } from "node:child_process";
import { cp, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../helpers/directory.ts";

const root = resolve(import.meta.dirname, "..", "..");
const drizzleKit = join(dirname(createRequire(import.meta.url).resolve("drizzle-kit")), "bin.cjs");

test("the migrations make the tables that the schema says", async () => {
  await using place = await temporaryDirectory();
  const copy = place.join("migrations");
  await cp(join(root, "db", "migrations"), copy, { recursive: true });
  // It takes no absolute paths.
  const words = ["generate", "--dialect", "turso", "--schema", "./db/schema.ts", "--out", relative(root, copy)];
  const { stdout } = await promisify(execFile)(process.execPath, [drizzleKit, ...words], { cwd: root });
  expect(stdout).toContain("No schema changes");
  expect(await readdir(copy)).toEqual(await readdir(join(root, "db", "migrations")));
});
