import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cruise, type ICruiseResult, type IModule, type IViolation } from "dependency-cruiser";
import { beforeAll, describe, expect, it } from "vitest";
import { teachUsing } from "./architecture.parser.ts";
import { circular, environmentReader, exceptions, innocent, planted, rules } from "./architecture.rules.ts";

const root = resolve(import.meta.dirname, "..");
const folders = ["src", "routers", "db"];
teachUsing();

/** Without the parser named, dependency-cruiser finds no TypeScript 7 it can use, reads nothing and reports success. */
async function examine(baseDir: string): Promise<ICruiseResult> {
  const { output } = await cruise(folders, {
    baseDir,
    parser: "swc",
    tsPreCompilationDeps: true,
    validate: true,
    ruleSet: { forbidden: rules },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.md$" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  });
  if (typeof output === "string") throw new Error(output);
  return output;
}

const sources = (): string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
  );

const isExcused = ({ rule, from, to }: IViolation): boolean =>
  exceptions.some((exception) => exception.rule === rule.name && exception.from === from && exception.to === to);

/** Files that import each other in a circle when the program runs. Types may point at each other: a room's door and its private files do. */
function circles(modules: IModule[]): string[] {
  const runs = ({ source, dependencies }: IModule) =>
    dependencies
      .filter(({ dependencyTypes }) => !dependencyTypes.includes("type-only"))
      .map(({ resolved }) => ({ from: source, to: resolved }));
  let edges = modules.flatMap(runs);
  for (;;) {
    const [importers, imported] = [new Set(edges.map(({ from }) => from)), new Set(edges.map(({ to }) => to))];
    const inner = edges.filter(({ from, to }) => importers.has(to) && imported.has(from));
    if (inner.length === edges.length) return [...new Set(inner.map(({ from }) => from))].sort();
    edges = inner;
  }
}

describe("the floors", () => {
  let house: ICruiseResult;
  beforeAll(async () => {
    house = await examine(root);
  });

  it("hold for every source file", () => {
    const { modules, summary } = house;
    const read = modules.map((module) => module.source).filter((source) => /^(src|routers|db)\//.test(source));
    expect(read.length).toBeGreaterThanOrEqual(30);
    expect(read).toEqual(expect.arrayContaining(sources()));
    const edges = modules.reduce((sum, module) => sum + module.dependencies.length, 0);
    expect(edges, "imports seen").toBeGreaterThan(read.length);
    const broken = summary.violations.filter((violation) => !isExcused(violation));
    expect(broken.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  });

  it("have no circles", () => {
    expect(circles(house.modules)).toEqual([]);
  });

  it("turn red for each kind of planted import", async () => {
    await using tree = plantedTree();
    const { modules, summary } = await examine(tree.directory);
    const found = summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
    expect(found).toEqual(expect.arrayContaining(planted.map(({ rule, file }) => `${rule}: ${file}`)));
    expect(new Set(planted.map(({ rule }) => rule)), "every rule has a planted import").toEqual(new Set(rules.map(({ name }) => name)));
    const accused = summary.violations.map(({ from }) => from);
    expect(innocent.filter(({ file }) => accused.includes(file))).toEqual([]);
    expect(circles(modules)).toEqual(["src/file/circle-back.ts", "src/file/circle.ts"]);
  });

  it("have no exception that is no longer used", () => {
    const { summary } = house;
    const unused = exceptions.filter(
      ({ rule, from, to }) => !summary.violations.some((seen) => seen.rule.name === rule && seen.from === from && seen.to === to),
    );
    expect(unused).toEqual([]);
  });
});

describe("a source file", () => {
  it("that is written by hand has 300 lines at most: a longer one hides a noun", () => {
    const lines = (source: string) => readFileSync(join(root, source), "utf8").trimEnd().split("\n").length;
    expect(sources().filter((source) => !source.endsWith(".gen.ts") && lines(source) > 300)).toEqual([]);
  });
});

describe("the process's environment", () => {
  const reads = /\bprocess\??\.env\b|\bprocess\[["']env["']\]|\benv\b[^;]*from "(node:)?process"/;
  const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");

  it(`is read in ${environmentReader} and nowhere else`, () => {
    const readers = sources().filter((source) => reads.test(code(readFileSync(join(root, source), "utf8"))));
    expect(readers.filter((source) => source !== environmentReader)).toEqual([]);
  });

  it.each(["process.env.HOME", "const { HOME } = process.env;", 'process["env"]', 'import { env } from "node:process";'])(
    "is seen to be read in %s",
    (text) => {
      expect(reads.test(code(text))).toBe(true);
      expect(reads.test(code(`/** ${text} */\n// ${text}`))).toBe(false);
    },
  );
});

const targets = [
  "src/event/log.ts",
  "src/session/session.ts",
  "src/app.ts",
  "src/file/file.ts",
  "src/file/secret.ts",
  "src/cli/main.ts",
  "src/schema/session.ts",
  "src/terminal/terminal.ts",
  "src/server/listen.ts",
  "routers/index.ts",
  "db/client.ts",
];

/** A small house in which every planted import breaks its rule, and the files they point to. */
function plantedTree(): AsyncDisposable & { directory: string } {
  const directory = mkdtempSync(join(tmpdir(), "codeport-floors-"));
  for (const file of targets) write(join(directory, file), "export const log = 1, session = 1, app = 1, file = 1, router = 1;\n");
  for (const { file, imports } of [...planted, ...innocent, ...circular]) write(join(directory, file), `${imports}\nexport {};\n`);
  writeFileSync(join(directory, "package.json"), readFileSync(join(root, "package.json")));
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"), "junction");
  return {
    directory,
    [Symbol.asyncDispose]: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
