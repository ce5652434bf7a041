import { readdir, readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exampleNames, examples, installs } from "./helpers/examples.ts";

/** The programs themselves run in `test/full/examples*.test.ts`. */

const names = await exampleNames();
const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
  await readFile(join(examples, "..", "package.json"), "utf8"),
);

test("every example is in the list, with a line about it", async () => {
  const list = await readFile(join(examples, "README.md"), "utf8");
  const listed = [...list.matchAll(/^\| \[([a-z-]+)\]\(\1\) +\| \S.*\|$/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(names.sort());
});

describe.each(names)("examples/%s", (name) => {
  test("installs what it imports, in the versions that are tested here", async () => {
    const wanted = new Map((await installs(name)).map((each) => [each.name, each.version]));
    for (const [packageName, wantedVersion] of wanted) {
      if (packageName !== "codeport") expect(`${packageName}@${wantedVersion}`).toBe(`${packageName}@${devDependencies[packageName]}`);
    }
    expect([...new Set(await importsOf(name))].filter((imported) => !wanted.has(imported))).toEqual([]);
  });

  test("imports nothing of the server's insides", async () => {
    const ours = (await sourcesOf(name)).flatMap(specifiersOf).filter((specifier) => /^(\.\.|codeport)/.test(specifier));
    expect(ours.filter((specifier) => !/^(codeport\/(client|server)|\.\.\/bot-adapter\/[a-z-]+\.ts)$/.test(specifier))).toEqual([]);
  });

  test("has a README that starts it", async () => {
    const readme = await readFile(join(examples, name, "README.md"), "utf8");
    expect(readme).toMatch(/^# \S/);
    expect(readme).toMatch(/^Needs: /m);
    const files = (await readdir(join(examples, name))).filter((file) => /\.(ts|mjs|sh|html)$/.test(file));
    expect(files.some((file) => readme.includes(file))).toBe(true);
  });
});

async function sourcesOf(name: string): Promise<string[]> {
  const files = await readdir(join(examples, name), { recursive: true });
  return Promise.all(files.filter((file) => /\.(ts|mjs|html)$/.test(file)).map((file) => readFile(join(examples, name, file), "utf8")));
}

function specifiersOf(source: string): string[] {
  return [...source.matchAll(/(?:^|\s)(?:from|import) "([^"]+)"|\bimport\("([^"]+)"\)/g)].map(([, from, lazy]) => from ?? lazy ?? "");
}

/** The names of the packages that are imported when it runs. */
async function importsOf(name: string): Promise<string[]> {
  const sources = await sourcesOf(name);
  const atRuntime = sources.map((source) => source.replaceAll(/^import type [^;]*;/gm, ""));
  const packages = atRuntime.flatMap(specifiersOf).filter((specifier) => !specifier.startsWith(".") && !isBuiltin(specifier));
  return packages.map((specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
}
