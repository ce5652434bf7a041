import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDirectory, temporaryDirectory } from "../helpers/directory.ts";
import { type Block, blocksOf, documents, reasonOf } from "../helpers/documents.ts";
import { type MockModel, mockModel } from "../helpers/model.ts";
import { freePort } from "../helpers/port.ts";
import { finished, programWorkspace, type Workspace } from "../helpers/program.ts";

/**
 * Each block of the documents does what a reader who pastes it sees: in an empty directory, with the package installed from its tarball, a server
 * that runs there and a scripted model. `sh` and `bash` end with 0; `ts` is checked and run; `js` is run, or is a file when its first line is its
 * name. `endless` blocks are ended once they have said something; `no-run: why` ones are counted in `test/documents.test.ts`.
 */
const root = join(import.meta.dirname, "..", "..");
const execute = promisify(execFile);
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const all = documents.flatMap(blocksOf);
const programs = new Set(["sh", "bash", "ts", "js"]);

let installed: TestDirectory;

beforeAll(async () => {
  installed = await temporaryDirectory({ files: { "package.json": `{"private":true}` } });
  const packed = await execute(npm, ["pack", "--ignore-scripts", "--json", "--pack-destination", installed.path], { cwd: root });
  const [{ filename }] = JSON.parse(packed.stdout);
  await execute(npm, ["install", "--no-audit", "--no-fund", "--ignore-scripts", installed.join(filename)], { cwd: installed.path });
}, 300_000);

afterAll(() => installed[Symbol.asyncDispose]());

/** What a document is read in: an empty directory and a server that runs there. */
interface Desk extends AsyncDisposable {
  workspace: Workspace;
  model: MockModel;
  port: number;
  env: NodeJS.ProcessEnv;
}

async function desk(): Promise<Desk> {
  const model = await mockModel();
  for (let answers = 0; answers < 40; answers++) model.text("Done.");
  const workspace = await programWorkspace();
  await mkdir(workspace.repository.join("here"));
  const bin = join(installed.path, "node_modules", ".bin");
  await symlink(join(installed.path, "node_modules"), workspace.repository.join("node_modules"), "junction");
  await writeFile(workspace.repository.join("package.json"), `{"type":"module"}`);
  const port = await freePort();
  // The model is the user's own, so that a document may write its configuration.
  const user = await temporaryDirectory({ files: { "opencode/opencode.json": JSON.stringify(model.config()) } });
  const env = { PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter), XDG_CONFIG_HOME: user.path, OPENAI_API_KEY: "" };
  const server = await workspace.launch(["codeport", "serve", "--port", String(port)], {
    env,
    directory: workspace.repository.join("here"),
  });
  await server.listening();
  return {
    ...{ workspace, model, port, env },
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      await user[Symbol.asyncDispose]();
    },
  };
}

/** The servers of the documents are on 4096; the one that a block starts finds it taken. */
const placed = ({ text }: Block, port: number) => text.replaceAll("--port 4096", "--port 0").replaceAll("4096", String(port));

async function commandOf(block: Block, { workspace, port }: Desk): Promise<string[] | undefined> {
  const text = placed(block, port);
  if (block.language === "sh" || block.language === "bash") return [block.language, "-e", "-c", text];
  const named = /^\/\/ (\S+\.\w+)\n/.exec(text)?.[1];
  const name = named ?? `block-${block.line}.${block.language}`;
  await workspace.repository.write({ [`here/${name}`]: text });
  return named === undefined ? ["node", "--experimental-eventsource", name] : undefined;
}

async function perform(block: Block, place: Desk): Promise<void> {
  const command = await commandOf(block, place);
  if (command === undefined) return;
  const program = await place.workspace.launch(command, { env: place.env, directory: place.workspace.repository.join("here") });
  if (block.mark === "endless") {
    await using _ = program;
    await program.seen("stdout", /\S/).catch((error: Error) => expect.fail(`${block.document}:${block.line}\n${error.message}`));
    return;
  }
  const end = await finished(program);
  expect(end.code, `${block.document}:${block.line}\n${end.stdout}\n${end.stderr}`).toBe(0);
}

describe.each(documents.filter((document) => all.some((block) => block.document === document && programs.has(block.language))))(
  "%s",
  (name) => {
    const blocks = blocksOf(name).filter((block) => programs.has(block.language) && reasonOf(block) === undefined);

    test.skipIf(process.platform === "win32")("has commands and programs that do as it says, one after the other", async () => {
      await using place = await desk();
      for (const block of blocks) await perform(block, place);
    });
  },
);

test("the programs are right by their types", async () => {
  await using project = await temporaryDirectory();
  await symlink(join(installed.path, "node_modules"), project.join("node_modules"), "junction");
  const sources = all.filter(({ language }) => language === "ts");
  const names = sources.map(({ document, line }) => `${document.replace(/\W/g, "-")}-${line}.ts`);
  for (const [index, { text }] of sources.entries()) await project.write({ [names[index] ?? ""]: `${text}\nexport {};\n` });
  const compilerOptions = {
    ...{ module: "nodenext", target: "es2024", lib: ["es2024", "esnext.disposable", "dom"], strict: true, noEmit: true },
    ...{ types: ["node"], typeRoots: [join(root, "node_modules", "@types")] },
  };
  await project.write({ "package.json": `{"type":"module"}`, "tsconfig.json": JSON.stringify({ compilerOptions, files: names }) });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const complaints = await execute(process.execPath, [compiler, "-p", project.path]).catch(({ stdout }: { stdout: string }) => ({
    stdout,
  }));
  expect(complaints.stdout).toBe("");
});
