import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Files, temporaryDirectory } from "./directory.ts";
import { type MockModel, mockModel } from "./model.ts";
import { type Finished, finished, type Program, type ProgramOptions, programWorkspace, type Workspace } from "./program.ts";

const root = join(import.meta.dirname, "..", "..");
export const examples = join(root, "examples");

/** A served repository with a scripted model, and beside it a project that the examples were copied into, as their READMEs say. */
export interface ExamplePlace extends AsyncDisposable {
  url: string;
  password: string;
  model: MockModel;
  workspace: Workspace;
  /** Where `examples/` was copied to. */
  examples: string;
  /** Starts `node examples/WORDS`, or a shell script with sh; in the served repository unless told. Knows the server. */
  start(words: string[], options?: ProgramOptions): Promise<Program>;
  /** Starts it and waits for its end. */
  run(words: string[], options?: ProgramOptions): Promise<Finished>;
  /** An authorized call of the server; throws Error for what it refuses. */
  call<Body>(method: string, path: string, body?: unknown): Promise<Body>;
}

/** `flags` are those of `serve`; `config` is laid over the scripted model's. */
export async function examplePlace(options: { files?: Files; flags?: string[]; config?: object } = {}): Promise<ExamplePlace> {
  const model = await mockModel();
  const config = JSON.stringify({ ...model.config(), ...options.config });
  const workspace = await programWorkspace({ files: { "opencode.json": config, ...options.files } });
  const project = await copiedExamples();
  const password = "peel/+";
  const server = await workspace.start(["serve", "--port=0", ...(options.flags ?? [])], { env: { OPENCODE_SERVER_PASSWORD: password } });
  const url = await server.listening();
  const known = { CODEPORT_URL: url, OPENCODE_SERVER_PASSWORD: password };
  const start = ([name = "", ...words]: string[], { env, ...rest }: ProgramOptions = {}) => {
    const command = name.endsWith(".sh") ? "sh" : "node";
    return workspace.launch([command, join(project.examples, name), ...words], { env: { ...known, ...env }, ...rest });
  };
  return {
    ...{ url, password, model, workspace, start, examples: project.examples },
    run: async (words, runOptions) => finished(await start(words, runOptions)),
    call: (method, path, body) => call(`${url}${path}`, { method, password, body }),
    async [Symbol.asyncDispose]() {
      for (const resource of [workspace, model, project]) await resource[Symbol.asyncDispose]();
    },
  };
}

/** A project of ES modules that has what the READMEs install, and nothing else. */
async function copiedExamples(): Promise<{ examples: string } & AsyncDisposable> {
  const project = await temporaryDirectory({ files: { "package.json": `{"type":"module"}` } });
  await cp(examples, project.join("examples"), { recursive: true });
  const wanted = await Promise.all((await exampleNames()).map(installs));
  for (const name of new Set(wanted.flat().map((each) => each.name))) {
    const link = project.join("node_modules", ...name.split("/"));
    await mkdir(dirname(link), { recursive: true });
    await symlink(name === "codeport" ? root : join(root, "node_modules", name), link, "junction");
  }
  return { examples: project.join("examples"), [Symbol.asyncDispose]: () => project[Symbol.asyncDispose]() };
}

/** What the README of an example has its reader install. */
export async function installs(example: string): Promise<{ name: string; version?: string }[]> {
  const readme = await readFile(join(examples, example, "README.md"), "utf8");
  const words = [...readme.matchAll(/`npm install ([^`]+)`/g)].flatMap(([, packages = ""]) => packages.split(" "));
  return words.map((word) => {
    const [, name = word, version] = /^(.[^@]*)(?:@(.+))?$/.exec(word) ?? [];
    return { name, version };
  });
}

export async function exampleNames(): Promise<string[]> {
  const entries = await readdir(examples, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function call<Body>(url: string, { method, password, body }: { method: string; password: string; body?: unknown }): Promise<Body> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Basic ${btoa(`opencode:${password}`)}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as Body;
}
