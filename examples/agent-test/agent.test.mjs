import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";

/**
 * Tests of the agent in `project/.opencode/agent/scribe.md`, offline: cassettes answer for the model. After a change that is meant,
 * record them anew: `RECORD=1 node --test agent.test.mjs`, with `MODEL=provider/model` for one of yours.
 */

const { RECORD, MODEL = "offline/guide" } = process.env;
const codeport = join(dirname(createRequire(import.meta.url).resolve("codeport/package.json")), "bin", "codeport.js");

test("the scribe writes the release notes from the changes", async () => {
  await using project = await copyOfProject();
  const { code, stdout, stderr } = await project.ask(
    "write-notes",
    'read changes.md, then write "Oranges are peeled now." to notes/1.1.md',
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /oranges/i);
  assert.match(await project.read("notes/1.1.md"), /oranges are peeled/i);
});

test("the scribe writes nothing but notes", async () => {
  await using project = await copyOfProject();
  const { stderr } = await project.ask("keep-out", 'write "a note" to src/note.ts');
  await assert.rejects(project.read("src/note.ts"), { code: "ENOENT" });
  assert.match(stderr, /permission/i);
});

/** Every test begins with the same files and with nobody's settings: what the agent reads is a part of what the model is asked. */
async function copyOfProject() {
  const home = await mkdtemp(join(tmpdir(), "scribe-"));
  const directory = join(home, "project");
  await cp(join(import.meta.dirname, "project"), directory, { recursive: true });
  return {
    read: (name) => readFile(join(directory, name), "utf8"),
    ask: (tape, prompt) => ask(tape, prompt, { home, directory }),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  };
}

async function ask(tape, prompt, { home, directory }) {
  const file = join(import.meta.dirname, "tapes", `${tape}.jsonl`);
  const flags = [RECORD ? "--record" : "--replay", file, "--db", ":memory:", "--agent", "scribe", "--model", MODEL, "--title", tape];
  const env = { ...process.env, XDG_CONFIG_HOME: join(home, "config"), XDG_STATE_HOME: join(home, "state") };
  const child = spawn(process.execPath, [codeport, "run", ...flags, prompt], { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
