import { mkdir, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { WorkspaceSymbol } from "../../src/schema/file.ts";
import type { ToolPart } from "../../src/schema/part.ts";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import type { FormatterStatus, LSPStatus } from "../../src/schema/service.ts";
import type { Session } from "../../src/schema/session.ts";
import { say, watch } from "../helpers/app.ts";
import { processesIn } from "../helpers/process.ts";
import { getJSON, postJSON, type TestServer, testServer } from "../helpers/server.ts";

const modules = join(import.meta.dirname, "..", "..", "node_modules");
const classic = dirname(dirname(createRequire(join(modules, "@vtsls/language-service/package.json")).resolve("typescript")));

/** Puts packages and programs into the project's node_modules. */
async function install(server: TestServer, links: Record<string, string>): Promise<void> {
  for (const [name, target] of Object.entries(links)) {
    const link = server.repository.join("node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link);
  }
}

/** Runs a prompt of the scripted model; its tool calls, and what the model was told of the last of them. */
async function run(server: TestServer, session?: Session): Promise<{ session: Session; calls: ToolPart[]; told: string }> {
  const { url, model } = server;
  const used = session ?? (await postJSON<Session>(`${url}/session`, {}));
  await postJSON(`${url}/session/${used.id}/message`, say("go"));
  const messages = await getJSON<MessageWithParts[]>(`${url}/session/${used.id}/message`);
  const calls = messages.flatMap(({ parts }) => parts).filter((part) => part.type === "tool");
  return { session: used, calls, told: String(model.requests().at(-1)?.body.messages.at(-1)?.content) };
}

function completed(part: ToolPart | undefined) {
  if (part?.state.status !== "completed") throw new Error(`The call is not completed: ${JSON.stringify(part?.state)}`);
  return part.state;
}

const typescriptFiles = {
  "package.json": "{}",
  "tsconfig.json": '{"compilerOptions":{"strict":true,"types":[],"lib":["es5"]},"include":["src"]}',
  "src/length.ts": "export function lengthOf(text: string): number {\n  return text.length;\n}\n",
  "src/use.ts": 'import { lengthOf } from "./length.js";\n\nexport const total: number = lengthOf("a");\n',
  ".gitignore": "node_modules\n",
};

describe("a TypeScript project", () => {
  it("tells the model of the errors its edits make, in the file and in others, also after its server was killed", async () => {
    const failures: unknown[] = [];
    await using server = await testServer({ files: typescriptFiles, onError: (error) => failures.push(error) });
    const { url, model, repository, app } = server;
    const bin = join(modules, ".bin", "typescript-language-server");
    await install(server, { typescript: classic, ".bin/typescript-language-server": bin });
    using events = watch(app);
    const symbols = await getJSON<WorkspaceSymbol[]>(`${url}/find/symbol?query=lengthOf`);
    expect(symbols).toContainEqual({
      name: "lengthOf",
      kind: 12,
      location: { uri: expect.stringMatching(/src\/length\.ts$/), range: expect.objectContaining({ start: { line: 0, character: 0 } }) },
    });
    const connected: LSPStatus[] = [{ id: "typescript", name: "typescript-language-server", root: "", status: "connected" }];
    expect(await getJSON(`${url}/lsp`)).toEqual(connected);

    const file = repository.join("src", "length.ts");
    const change = (oldString: string, newString: string) => ({ name: "edit", input: { filePath: file, oldString, newString } });
    model
      .calls([
        { name: "read", input: { filePath: file } },
        { name: "read", input: { filePath: repository.join("src", "use.ts") } },
      ])
      .calls(change("return text.length", "return text"))
      .text("Oh.");
    const first = await run(server);
    expect(first.told).toContain(
      "There are errors in src/length.ts now, please fix them:\n2:3 Type 'string' is not assignable to type 'number'.",
    );
    expect(completed(first.calls.at(-1)).metadata.diagnostics).toEqual({ [file]: [expect.objectContaining({ severity: 1, code: 2322 })] });

    model.calls(change("text: string): number {\n  return text;", "text: string): string {\n  return text;")).text("Oh.");
    const second = await run(server, first.session);
    expect(second.told).not.toContain("There are errors in src/length.ts");
    expect(second.told).toMatch(/new errors in other files:\n.*src\/use\.ts:3:14 Type 'string' is not assignable to type 'number'\./);

    const [pid = 0] = processesIn(repository.path);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => getJSON(`${url}/lsp`), { timeout: 10_000 }).toMatchObject([{ status: "error" }]);
    model.calls(change("return text;", "return 5;")).text("Oh.");
    expect((await run(server, first.session)).told).toContain("Type 'number' is not assignable to type 'string'.");
    expect(await getJSON(`${url}/lsp`)).toEqual(connected);
    expect(events.seen.filter(({ type }) => type === "lsp.updated")).toHaveLength(3);
    expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining("it ended with SIGKILL") })]);
  }, 90_000);

  it("of version 7 is judged by its compiler, and no process of it outlives the server", async () => {
    await using server = await testServer({ files: typescriptFiles });
    const { url, model, repository } = server;
    await install(server, { typescript: join(modules, "typescript"), ".bin/tsc": join(modules, ".bin", "tsc") });
    model.calls({ name: "write", input: { filePath: "src/new.ts", content: "export const one: number = true;\n" } }).text("Oh.");
    const { told } = await run(server);
    expect(told).toContain("src/new.ts now, please fix them:\n1:14 Type 'boolean' is not assignable to type 'number'.");
    expect(await getJSON(`${url}/lsp`)).toEqual([{ id: "typescript", name: "typescript", root: "", status: "connected" }]);
    if (process.platform === "linux") expect(processesIn(repository.path)).not.toEqual([]);
    await (await server.app.instance(repository.path))[Symbol.asyncDispose]();
    expect(processesIn(repository.path)).toEqual([]);
  }, 60_000);
});

describe("a formatter", () => {
  const biome = { files: { "biome.json": '{"formatter":{"indentStyle":"space"}}', "a.js": "const a = 1;\n" } };

  it("runs after each change: the diff, the file and the next edit know its text", async () => {
    await using server = await testServer(biome);
    const { url, model, repository } = server;
    await install(server, { ".bin/biome": join(modules, ".bin", "biome") });
    const formatters = await getJSON<FormatterStatus[]>(`${url}/formatter`);
    expect(formatters).toContainEqual({ name: "biome", extensions: expect.arrayContaining([".js"]), enabled: true });
    const patch = "*** Begin Patch\n*** Update File: a.js\n@@\n-const b = { c: 2 };\n+let   b\n*** Add File: d.js\n+let   d\n*** End Patch";
    model
      .calls({ name: "read", input: { filePath: "a.js" } })
      .calls({ name: "edit", input: { filePath: "a.js", oldString: "const a = 1;", newString: "const  b={c:1}" } })
      .calls({ name: "edit", input: { filePath: "a.js", oldString: "{ c: 1 }", newString: "{c:2}" } })
      .calls({ name: "apply_patch", input: { patchText: patch } })
      .text("Done.");
    const { calls } = await run(server);
    const [, first, second, third] = calls.map(completed);
    expect(first?.output).toContain("The formatter biome changed a.js afterwards");
    expect(first?.metadata.diff).toContain("+const b = { c: 1 };");
    expect(second?.metadata.filediff).toMatchObject({ patch: expect.stringContaining("+const b = { c: 2 };") });
    expect(third?.output).toMatch(/biome changed a\.js[\s\S]*biome changed d\.js/);
    expect(third?.metadata.diff).toContain("+let b;");
    expect([await repository.read("a.js"), await repository.read("d.js")]).toEqual(["let b;\n", "let d;\n"]);
  });

  it("that fails does not fail the change, and the model reads why", async () => {
    const command = ["/bin/sh", "-c", "echo cannot parse; exit 3", "$FILE"];
    await using server = await testServer({ config: { formatter: { mine: { command, extensions: [".txt"] } } } });
    server.model.calls({ name: "write", input: { filePath: "a.txt", content: "a" } }).text("Done.");
    const { calls, told } = await run(server);
    expect(completed(calls[0]).metadata).toMatchObject({ exists: false, diagnostics: {} });
    expect(told).toContain("The formatter mine did not do its work on a.txt: it ended with exit code 3: cannot parse.");
    expect(await server.repository.read("a.txt")).toBe("a");
  });
});
