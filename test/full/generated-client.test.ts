import { execFile } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { verifies } from "../conformance/verifies.ts";
import { type TestDirectory, temporaryDirectory } from "../helpers/directory.ts";
import { testServer } from "../helpers/server.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const compilerHook = new URL("../fixtures/typescript-compiler.ts", import.meta.url).href;

/** The strictest settings a user would have. */
const settings = {
  compilerOptions: {
    target: "es2024",
    lib: ["es2024", "dom", "dom.iterable"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: false,
    outDir: "built",
    rootDir: ".",
  },
  include: ["**/*.ts"],
};

/** A project of a user: a client generated from the served document, and a program that uses it. */
async function clientProject(url: string, program: string): Promise<TestDirectory> {
  const project = await temporaryDirectory();
  await symlink(`${root}node_modules`, project.join("node_modules"), "junction");
  await writeFile(project.join("package.json"), JSON.stringify({ type: "module" }));
  await writeFile(project.join("tsconfig.json"), JSON.stringify(settings));
  await writeFile(project.join("openapi.json"), await (await fetch(`${url}/doc`)).text());
  await writeFile(project.join("program.ts"), program);
  return project;
}

/** Runs a generator; it prints with a compiler that has an interface for programs. */
async function generate(project: TestDirectory, words: string[]): Promise<void> {
  const [script = "", ...rest] = words;
  const env = { ...process.env, NODE_OPTIONS: `--import=${compilerHook}` };
  await run(process.execPath, [`${root}node_modules/${script}`, ...rest], { cwd: project.path, env });
}

/** Compiles the project, fails with what the compiler says, and gives what the program prints, as JSON. */
async function compileAndRun(project: TestDirectory, url: string): Promise<unknown> {
  const compiled = run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", "."], { cwd: project.path });
  await compiled.catch((error: { stdout: string }) => expect.fail(`It does not compile:\n${error.stdout.slice(0, 4_000)}`));
  const { stdout } = await run(process.execPath, ["built/program.js", url], { cwd: project.path });
  return JSON.parse(stdout);
}

const session = {
  title: "By a generated client",
  text: "Hello from the model.",
  messages: ["user", "assistant"],
  listed: ["By a generated client"],
  fault: { status: 404, name: "NotFoundError" },
  first: "server.connected",
  deleted: true,
};

describe("a client generated from the served document", () => {
  verifies(
    "client: generated with openapi-typescript",
    "compiles and runs a session",
    async () => {
      await using server = await testServer();
      server.model.text("Hello from the model.");
      await using project = await clientProject(server.url, fetchProgram);
      await generate(project, ["openapi-typescript/bin/cli.js", "openapi.json", "-o", "schema.d.ts"]);
      expect(await compileAndRun(project, server.url)).toEqual(session);
    },
    300_000,
  );

  verifies(
    "client: generated with openapi-ts",
    "compiles and runs a session",
    async () => {
      await using server = await testServer();
      server.model.text("Hello from the model.");
      await using project = await clientProject(server.url, generatedProgram);
      await generate(project, ["@hey-api/openapi-ts/bin/run.js", "-i", "openapi.json", "-o", "client", "--no-log-file"]);
      expect(await compileAndRun(project, server.url)).toEqual(session);
    },
    300_000,
  );
});

const fetchProgram = `
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const url = process.argv[2] ?? "";
const client = createClient<paths>({ baseUrl: url });
const must = <Value>({ data, error }: { data?: Value; error?: components["schemas"]["ErrorBody"] }): Value => {
  if (data === undefined) throw new Error(error?.message);
  return data;
};

const events = await client.GET("/event", { parseAs: "stream" });
const reader = (events.data as unknown as ReadableStream<Uint8Array>).getReader();
const frame = new TextDecoder().decode((await reader.read()).value);
const event: components["schemas"]["Event"] = JSON.parse(/^data: ?(.*)$/m.exec(frame)?.[1] ?? "");
await reader.cancel();

const { id: sessionID, title } = must(await client.POST("/session", { body: { title: "By a generated client" } }));
const path = { sessionID };
const answer = must(await client.POST("/session/{sessionID}/message", { params: { path }, body: { parts: [{ type: "text", text: "Hello" }] } }));
const text = answer.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
const messages = must(await client.GET("/session/{sessionID}/message", { params: { path, query: { limit: 10 } } })).map(({ info }) => info.role);
const listed = must(await client.GET("/session", { params: { query: { roots: true } } })).map((one) => one.title);
const missing = await client.GET("/session/{sessionID}", { params: { path: { sessionID: "ses_unknown" } } });
const fault = { status: missing.response.status, name: missing.error?.name };
const deleted = must(await client.DELETE("/session/{sessionID}", { params: { path } }));
console.log(JSON.stringify({ title, text, messages, listed, fault, first: event.type, deleted }));
`;

const generatedProgram = `
import { eventSubscribe, sessionCreate, sessionDelete, sessionGet, sessionList, sessionMessages, sessionPrompt } from "./client/index.js";
import { createClient } from "./client/client/index.js";

const client = createClient({ baseUrl: process.argv[2] ?? "" });
const options = { client, throwOnError: true } as const;

const { stream } = await eventSubscribe({ client });
const event = (await stream.next()).value;
const first = event !== undefined && "type" in event ? event.type : undefined;
await stream.return(undefined);

const { data: made } = await sessionCreate({ ...options, body: { title: "By a generated client" } });
const path = { sessionID: made.id };
const { data: answer } = await sessionPrompt({ ...options, path, body: { parts: [{ type: "text", text: "Hello" }] } });
const text = answer.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
const messages = (await sessionMessages({ ...options, path, query: { limit: 10 } })).data.map(({ info }) => info.role);
const listed = (await sessionList({ ...options, query: { roots: true } })).data.map((one) => one.title);
const { error, response } = await sessionGet({ client, path: { sessionID: "ses_unknown" } });
const fault = { status: response?.status, name: error?.name };
const { data: deleted } = await sessionDelete({ ...options, path });
console.log(JSON.stringify({ title: made.title, text, messages, listed, fault, first, deleted }));
process.exit();
`;
