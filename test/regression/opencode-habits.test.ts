import { expect, test } from "vitest";
import { readArguments } from "../../src/cli/arguments.ts";

const read = (...words: string[]) => readArguments(words, "1.2.3");

test("a path alone is the directory that the terminal client works in", async () => {
  expect(await read(".")).toMatchObject({ command: "terminal", flags: { dir: "." } });
  expect(await read("../jars", "--continue")).toMatchObject({ command: "terminal", flags: { dir: "../jars", continue: true } });
  await expect(read("jars")).rejects.toThrow('Unknown command "jars"');
  await expect(read(".", "jars")).rejects.toThrow('Unknown command "."');
});

test("ls lists, and what is called otherwise here is told", async () => {
  expect(await read("session", "ls")).toMatchObject({ command: "session", flags: { action: "list" } });
  await expect(read("export", "ses_1")).rejects.toThrow("codeport session export <id>");
});
