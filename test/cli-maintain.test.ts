import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { openDatabase } from "../db/client.ts";
import { readArguments } from "../src/cli/arguments.ts";
import { backup } from "../src/cli/backup.ts";
import { doctor } from "../src/cli/doctor.ts";
import type { Host } from "../src/cli/env.ts";
import { toFailure } from "../src/cli/failure.ts";
import { checkRuntime } from "../src/doctor/doctor.ts";
import type { Finding } from "../src/schema/doctor.ts";
import { temporaryDirectory } from "./helpers/directory.ts";

async function workplace(files: Record<string, string> = {}) {
  const home = await temporaryDirectory({ files: { "project/a.txt": "", ...files } });
  const run = async (...words: string[]) => {
    const stdout = new PassThrough();
    const paths = { PATH: process.env.PATH, HOME: home.path, XDG_DATA_HOME: home.join("data"), XDG_CONFIG_HOME: home.join("config") };
    const host = { variables: paths, directory: home.join("project"), stdout, database: undefined } as unknown as Host;
    const request = await readArguments(words, "1.2.3");
    if (request.command === "backup") await backup(request.flags, host);
    const code = request.command === "doctor" ? await doctor(request.flags, host) : 0;
    return { code, stdout: String(stdout.read() ?? "") };
  };
  const findings = async (): Promise<Finding[]> => JSON.parse((await run("doctor", "--json")).stdout);
  return {
    home,
    run,
    findings,
    store: home.join("data", "codeport", "codeport.db"),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

test("a backup is made of the store in the data directory, or of the one named", async () => {
  await using place = await workplace();
  await expect(place.run("backup", "copy.db")).rejects.toThrow("There is no store");
  await (await openDatabase(place.store))[Symbol.asyncDispose]();
  const made = await place.run("backup", "copy.db");
  const target = place.home.join("project", "copy.db");
  expect(made.stdout).toBe(`${target} (${(await stat(target)).size} bytes)\n`);
  await expect(place.run("backup", "copy.db")).rejects.toThrow("overwrites nothing");
  expect(JSON.parse((await place.run("backup", "again.db", "--db", target, "--json")).stdout).bytes).toBeGreaterThan(4096);
  await expect(place.run("backup", "x.db", "--db", "libsql://somewhere.example")).rejects.toThrow("not a file");
  for (const directory of ["nowhere", "a.txt"]) {
    const refused = await place.run("backup", `${directory}/x.db`).catch(toFailure);
    const message = `There is no directory ${place.home.join("project", directory)}: make it, or name another file.`;
    expect(refused).toMatchObject({ kind: "usage", message });
  }
});

test("the doctor finds a store that cannot be made where it is wanted", async () => {
  await using place = await workplace();
  const { code, stdout } = await place.run("doctor", "--json", "--db", place.home.join("project/a.txt/store.db"));
  const found = (JSON.parse(stdout) as Finding[]).find(({ check }) => check === "store");
  expect(found).toMatchObject({ status: "fail", message: expect.stringMatching(/a\.txt is not a directory/) });
  expect(code).not.toBe(0);
});

test("the doctor finds what is there, and ends with 0", async () => {
  await using place = await workplace();
  await (await openDatabase(place.store))[Symbol.asyncDispose]();
  const { code, stdout } = await place.run("doctor");
  expect(code).toBe(0);
  for (const line of [
    /^ok +node +\d/m,
    /^ok +git +git version/m,
    /^ok +ripgrep +ripgrep/m,
    /^ok +store .*whole/m,
    /^warn +providers .*offline/m,
  ])
    expect(stdout).toMatch(line);
});

test("the doctor names unknown keys, keys that others can read, a damaged store and a broken configuration", async () => {
  await using place = await workplace({ "project/opencode.json": '{ "modle": "mock/mock-1" }' });
  await mkdir(place.home.join("data", "codeport"), { recursive: true });
  await writeFile(place.store, "no store at all ".repeat(1000));
  await writeFile(place.home.join("data", "codeport", "auth.json"), "{}");
  await chmod(place.home.join("data", "codeport", "auth.json"), 0o644);
  const findings = await place.findings();
  expect(findings).toContainEqual({ check: "configuration", status: "warn", message: expect.stringContaining('"model"') });
  expect(findings).toContainEqual({ check: "credentials", status: "warn", message: expect.stringContaining("chmod 600") });
  expect(findings).toContainEqual({ check: "store", status: "fail", message: expect.stringContaining("damaged") });
  expect((await place.run("doctor")).code).toBe(1);
  await writeFile(place.home.join("project", "opencode.json"), "{ nonsense");
  expect(await place.findings()).toContainEqual({ check: "project", status: "fail", message: expect.stringContaining("opencode.json") });
});

test("the doctor knows a Node that is too old", () => {
  expect(checkRuntime("20.11.0")).toMatchObject([{ status: "fail", message: expect.stringContaining("needs 22.18") }]);
  expect(checkRuntime("24.1.0")).toMatchObject([{ status: "ok" }]);
});
