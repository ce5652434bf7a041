import { execFileSync } from "node:child_process";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { commands } from "../src/cli/arguments.ts";
import { completion } from "../src/cli/completion.ts";
import type { Host } from "../src/cli/env.ts";

async function script(shell: string | undefined, variables: NodeJS.ProcessEnv = {}): Promise<string> {
  const stdout = new PassThrough();
  await completion(shell, { variables, stdout } as unknown as Host);
  return String(stdout.read());
}

/** What bash would offer behind the words. */
async function offered(...words: string[]): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const ask = `COMP_WORDS=(codeport ${quoted}); COMP_CWORD=${words.length}; _codeport; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", `${await script("bash")}\n${ask}`], { encoding: "utf8" })
    .trim()
    .split("\n");
}

test("bash completes commands, then actions, then flags", async () => {
  expect(await offered("se")).toEqual(["serve", "session"]);
  expect(await offered("session", "e")).toEqual(["export"]);
  expect(await offered("session", "list", "--li")).toEqual(["--limit"]);
  expect(await offered("serve", "--tls")).toEqual(["--tls-cert", "--tls-key"]);
  expect(await offered("")).toEqual(commands);
  expect(await offered("audit", "")).toEqual(["list", "verify"]);
  expect(await offered("doctor", "--j")).toEqual(["--json"]);
});

test("the shell is the user's own unless it is named; another one is refused", async () => {
  expect(await script(undefined, { SHELL: "/usr/bin/zsh" })).toContain("bashcompinit");
  expect(await script("fish")).toContain(`complete -c codeport -n "__fish_seen_subcommand_from session" -l limit`);
  await expect(script("tcsh")).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining("bash|zsh|fish") });
});
