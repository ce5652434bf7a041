import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../helpers/directory.ts";

const root = join(import.meta.dirname, "..", "..");
const execute = promisify(execFile);
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** What somebody who has only the package writes. */
const program = `
import { createClient, type Event, type RunResult } from "codeport/client";
import { type RunningServer, spawnServer, startServer } from "codeport/server";

async function ask(server: RunningServer): Promise<RunResult> {
  await using client = createClient({ url: server.url, password: "secret" });
  const [newest] = await client.api.session.list.query({ limit: 1 });
  const title: string | undefined = newest?.title;
  const seen: Event["type"][] = title === undefined ? [] : ["session.created"];
  // @ts-expect-error: there is no such procedure
  client.api.session.nothing;
  // Not before its answer is there: the client closes with this function.
  return await client.run(seen.length > 1 ? "list the files" : "read README.md").result;
}

for (const start of [startServer, spawnServer]) {
  await using server = await start({ password: "secret", config: { model: "offline/guide" } });
  const { text } = await ask(server);
  console.log(text.includes("Marmalade") ? "answered" : text);
}
`;

/** The compiler and Node's types are a project's own; here they are the repository's. */
const compilerOptions = {
  ...{ module: "nodenext", target: "es2024", lib: ["es2024", "esnext.disposable", "dom"], strict: true },
  ...{ types: ["node"], typeRoots: [join(root, "node_modules", "@types")], noEmit: true },
};

const files = {
  "package.json": `{"name":"consumer","private":true,"type":"module"}`,
  "README.md": "# Marmalade\n",
  "program.ts": program,
  "tsconfig.json": JSON.stringify({ compilerOptions, files: ["program.ts"] }),
};

/** Runs a program of Node's with nothing on its standard input; resolves with what it printed. */
async function node(words: string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<string> {
  const running = execute(process.execPath, words, options);
  running.child.stdin?.end();
  return (await running).stdout;
}

test("the package, installed into an empty project, runs, serves and type-checks a client without the repository", async () => {
  await using project = await temporaryDirectory({ files });
  // As `npm run test:full` built it.
  const packed = await execute(npm, ["pack", "--ignore-scripts", "--json", "--pack-destination", project.path], { cwd: root });
  const [{ filename, files: contents }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(packed.stdout);
  const foreign = contents.map(({ path }) => path).filter((path) => !/^(bin|dist)\/|^(README|CHANGELOG|LICENSE|package)\b/.test(path));
  expect(foreign).toEqual([]);
  await execute(npm, ["install", "--no-audit", "--no-fund", "--ignore-scripts", join(project.path, filename)], { cwd: project.path });

  const place = { cwd: project.path, env: environmentOf(project.path) };
  const codeport = join(project.path, "node_modules", "codeport", "bin", "codeport.js");
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  expect(await node([codeport, "--version"], place)).toBe(`${version}\n`);
  expect(await node([codeport, "run", "--model", "offline/guide", "read README.md"], place)).toContain("Marmalade");

  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const complaints = await node([compiler, "-p", project.path], place).catch((error: { stdout: string }) => error.stdout);
  expect(complaints).toBe("");
  expect(await node(["program.ts"], place)).toBe("answered\nanswered\n");
});

/** A home of its own, and no key of the machine. */
function environmentOf(path: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|TMPDIR|TEMP|TMP|SYSTEMROOT|COMSPEC|PATHEXT|LANG)$/i.test(name));
  const kinds = ["DATA", "CONFIG", "STATE", "CACHE"].map((kind) => [`XDG_${kind}_HOME`, join(path, ".home", kind.toLowerCase())]);
  return { ...Object.fromEntries(kept), HOME: join(path, ".home"), ...Object.fromEntries(kinds) };
}
