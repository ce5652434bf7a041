import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readArguments } from "../src/cli/arguments.ts";
import type { Host } from "../src/cli/env.ts";
import { manage } from "../src/cli/manage.ts";
import { temporaryDirectory } from "./helpers/directory.ts";

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A home of its own, and the commands as the program runs them there. */
async function workplace(variables: NodeJS.ProcessEnv = {}) {
  const home = await temporaryDirectory({ files: { "project/a.txt": "" } });
  const run = async (...words: string[]): Promise<Ran> => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const paths = { HOME: home.path, XDG_DATA_HOME: home.join("data"), XDG_CONFIG_HOME: home.join("config") };
    const host = { variables: { ...paths, ...variables }, directory: home.path, stdout, stderr, database: undefined } as unknown as Host;
    const request = await readArguments(words, "1.2.3");
    if (request.command !== "token" && request.command !== "trust" && request.command !== "audit") throw new Error(request.command);
    const code = await manage(request, host);
    return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
  };
  return { home, run, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

test("a token is created, with its secret alone on stdout, listed and revoked; the trail tells of it and is intact", async () => {
  await using place = await workplace();
  const made = await place.run("token", "create", "--scope", "read", "--expires", "12h", "--directory", "project", "--name", "ci");
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^cpt_[\w-]{43}\n$/) });
  const [listed] = JSON.parse((await place.run("token", "list", "--json")).stdout);
  expect(listed).toMatchObject({ name: "ci", scope: "read", directories: [place.home.join("project")] });
  expect(listed.expires - listed.created).toBeGreaterThan(11 * 3_600_000);
  expect(made.stderr).toContain(listed.id);
  expect((await place.run("token", "list")).stdout).toContain("project");
  expect((await place.run("token", "revoke", listed.id)).stdout).toContain("revoked");
  const actions = JSON.parse((await place.run("audit", "list", "--json")).stdout);
  expect(actions).toMatchObject([
    { action: "token.revoke", actor: "command line", subject: { tokenID: listed.id } },
    { action: "token.create", actor: "command line", subject: { tokenID: listed.id, scope: "read" } },
  ]);
  const checked = await place.run("audit", "verify");
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^2 entries, intact. Head: 2:[0-9a-f]{64}\n$/) });
});

test("as JSON a new token holds its secret; never is a lifetime", async () => {
  await using place = await workplace();
  const made = JSON.parse((await place.run("token", "create", "--scope", "admin", "--expires", "never", "--json")).stdout);
  expect(made).toMatchObject({ scope: "admin", secret: expect.stringMatching(/^cpt_/) });
  expect(made.expires).toBeUndefined();
});

test("a directory is trusted, listed and trusted no more", async () => {
  await using place = await workplace();
  const project = place.home.join("project");
  expect(await place.run("trust", "project")).toMatchObject({ code: 0, stderr: `${project} is trusted.\n` });
  expect((await place.run("trust", "--list")).stdout).toBe(`${project}\n`);
  expect(JSON.parse((await place.run("trust", project, "--revoke", "--json")).stdout)).toEqual({ directories: [] });
  await expect(place.run("trust", project, "--revoke")).rejects.toMatchObject({ name: "NotFoundError" });
  await expect(place.run("trust", "nothing")).rejects.toMatchObject({ name: "NotFoundError" });
  const actions = JSON.parse((await place.run("audit", "list", "--json")).stdout);
  expect(actions).toMatchObject([
    { action: "trust.revoke", directory: project },
    { action: "trust.add", directory: project },
  ]);
});

test.each([
  [["token", "create"], "--scope"],
  [["token", "create", "--scope", "owner"], "owner"],
  [["token", "create", "--scope", "read", "--expires", "soon"], "--expires"],
  [["token", "revoke"], "token list"],
  [["token", "destroy"], "destroy"],
  [["token", "list", "--scop", "read"], "--scope"],
  [["audit", "list", "--limit", "0"], "--limit"],
  [["trust", "--lst"], "--list"],
])("%j is refused, naming %s", async (words, named) => {
  await using place = await workplace();
  await expect(place.run(...words)).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining(named) });
});

test("an agent's command neither makes tokens nor trusts directories", async () => {
  await using place = await workplace({ CODEPORT_TOOL: "srv_1/ses_1/call_1" });
  for (const words of [
    ["token", "create", "--scope", "admin"],
    ["trust", "project"],
  ]) {
    await expect(place.run(...words)).rejects.toMatchObject({ kind: "permission", message: expect.stringContaining("person") });
  }
  expect((await place.run("token", "list", "--json")).stdout).toBe("[]\n");
});
