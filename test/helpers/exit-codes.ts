import { expect } from "vitest";
import type { Files } from "./directory.ts";
import { type MockModel, mockModel } from "./model.ts";
import { freePort, portHolder } from "./port.ts";
import { type Finished, programWorkspace, type Workspace } from "./program.ts";

/** A way to end, with its exit code and what the one line on stderr says to do; no line for what ended well. */
export interface Ending {
  name: string;
  code: number;
  says?: RegExp;
  /** The project's configuration. */
  config?: object;
  run(workspace: Workspace): Promise<Finished>;
}

const offline = ["--model", "offline/guide"];
const files = { "README.md": "# Marmalade\n" };

const serve =
  (...words: string[]) =>
  (workspace: Workspace) =>
    workspace.run(["serve", ...words]);
const run =
  (...words: string[]) =>
  (workspace: Workspace) =>
    workspace.run(["run", ...words]);

/** Those that end before anything is opened, or soon after. */
export const quickEndings: Ending[] = [
  { name: "help", code: 0, run: (workspace) => workspace.run(["--help"]) },
  { name: "an unknown command", code: 2, says: /Did you mean serve\?/, run: (workspace) => workspace.run(["sreve"]) },
  { name: "a port that is no number", code: 2, says: /--port.*80k/, run: serve("--port", "80k") },
  { name: "a port that no machine has", code: 2, says: /--port.*65535/, run: serve("--port", "70000") },
  {
    name: "an open bind without a password",
    code: 3,
    says: /OPENCODE_SERVER_PASSWORD/,
    run: serve("--hostname", "0.0.0.0", "--port", "0"),
  },
  { name: "a port that is taken", code: 4, says: /choose another port/, run: onTakenPort },
  { name: "no model to ask", code: 7, says: /OPENAI_API_KEY.*--model/, run: (workspace) => workspace.run(["run", "hello"], { input: "" }) },
];

export const slowEndings: Ending[] = [
  { name: "a prompt that was done", code: 0, run: run(...offline, "read README.md") },
  { name: "a task that failed", code: 1, says: /There is no store at/, run: (workspace) => workspace.run(["backup", "copy.db"]) },
  { name: "a place for a backup that is not there", code: 2, says: /There is no directory .*nowhere/, run: onNowhere },
  { name: "a recording onto a directory", code: 3, says: /cassette .* it is a directory/, run: run(...offline, "--record", ".", "hello") },
  {
    name: "a store inside a file",
    code: 3,
    says: /README\.md is not a directory.*--db/,
    run: run(...offline, "--db", "README.md/x.db", "hello"),
  },
  { name: "a session that is not there", code: 2, says: /ses_unknown/, run: run(...offline, "--session", "ses_unknown", "hello") },
  { name: "a configuration that is no JSON", code: 3, says: /opencode\.json/, run: onBrokenConfig },
  { name: "a server that is not there", code: 4, says: /codeport serve/, run: onNoServer },
  { name: "a server that asks for a password", code: 5, says: /OPENCODE_SERVER_PASSWORD/, run: onLockedServer },
  {
    name: "a permission that was refused",
    code: 6,
    says: /permission/i,
    config: { permission: { bash: "ask" } },
    run: run(...offline, "run `touch made.txt`"),
  },
  {
    name: "a provider that refuses",
    code: 7,
    says: /key is wrong/,
    run: withModel((model) => model.error(401, { message: "Your key is wrong." })),
  },
  {
    name: "time that ran out",
    code: 124,
    says: /1 s|time/i,
    config: { permission: "allow" },
    run: run(...offline, "--timeout", "1", "run `sleep 60`"),
  },
  { name: "an interrupt", code: 130, says: /Interrupted/, config: { permission: "allow" }, run: interrupted },
];

/** Runs the program to this end, and holds its exit code and its words against what is promised. */
export async function expectEnding({ name, code, says, config, run: end }: Ending): Promise<void> {
  const configured: Files = config === undefined ? {} : { "opencode.json": JSON.stringify(config) };
  await using workspace = await programWorkspace({ files: { ...files, ...configured } });
  const finished = await end(workspace);
  expect({ name, code: finished.code, stderr: finished.code === code ? "" : finished.stderr }).toEqual({ name, code, stderr: "" });
  const faults = finished.stderr.split("\n").filter((line) => line.startsWith("codeport: "));
  expect(faults, name).toEqual(says === undefined ? [] : [expect.stringMatching(says)]);
  expect(finished.stderr, name).not.toMatch(/^\s+at .*:\d+/m);
}

function withModel(script: (model: MockModel) => unknown): Ending["run"] {
  return async (workspace) => {
    await using model = await mockModel();
    script(model);
    return await workspace.run(["run", "hello"], { env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config()) } });
  };
}

async function onTakenPort(workspace: Workspace): Promise<Finished> {
  await using other = await portHolder();
  return await workspace.run(["serve", "--port", String(other.port)]);
}

async function onBrokenConfig(workspace: Workspace): Promise<Finished> {
  await workspace.repository.write({ "opencode.json": '{ "model": ' });
  return workspace.run(["run", ...offline, "hello"]);
}

async function onNoServer(workspace: Workspace): Promise<Finished> {
  return workspace.run(["run", "--attach", `http://127.0.0.1:${await freePort()}`, "hello"]);
}

async function onNowhere(workspace: Workspace): Promise<Finished> {
  await workspace.run(["run", ...offline, "hello"]);
  return workspace.run(["backup", "nowhere/copy.db"]);
}

async function onLockedServer(workspace: Workspace): Promise<Finished> {
  await using server = await workspace.start(["serve", "--port=0"], { env: { OPENCODE_SERVER_PASSWORD: "peel" } });
  return await workspace.run(["run", "--attach", await server.listening(), ...offline, "hello"]);
}

async function interrupted(workspace: Workspace): Promise<Finished> {
  await using program = await workspace.start(["run", ...offline, "run `sleep 60`"]);
  await program.seen("stderr", /\| bash/);
  program.kill("SIGINT");
  const { code } = await program.exited;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}
