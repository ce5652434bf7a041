import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ParseError, parse as parseJSON } from "jsonc-parser";
import { describe, expect, test } from "vitest";
import { parse as parseYAML } from "yaml";
import { Config } from "../src/schema/config.ts";
import { blocksOf, documents, reasonOf } from "./helpers/documents.ts";

/** What can be said of the documents without running them; `test/full/documents.test.ts` runs their blocks. */
const root = join(import.meta.dirname, "..");
const all = documents.flatMap(blocksOf);

test("configurations in the documents are valid, and other data can be read", () => {
  for (const { document, line, language, mark, text } of all) {
    const where = `${document}:${line}`;
    if (language === "yaml") expect(() => parseYAML(text), where).not.toThrow();
    if (language !== "json") continue;
    const errors: ParseError[] = [];
    const value: unknown = parseJSON(text, errors);
    expect(errors, where).toEqual([]);
    if (mark !== "data") expect(Config.strict().safeParse(value).error?.issues ?? [], where).toEqual([]);
  }
});

test("blocks that are not run say why, and there are no more of them than these", () => {
  const reasons = all.flatMap((block) => (reasonOf(block) === undefined ? [] : [`${block.document}: ${reasonOf(block)}`]));
  expect(reasons.toSorted()).toMatchInlineSnapshot(`
    [
      "README.md: in a checkout of this repository",
      "docs/comparison.md: in a checkout, downloads OpenCode and takes three minutes",
      "docs/deployment.md: changes the machine",
      "docs/deployment.md: goes on until it is stopped",
      "docs/deployment.md: needs a certificate of that name",
      "docs/deployment.md: needs a container engine",
      "docs/terminal.md: needs a terminal; test/full/attach.test.ts runs them in one",
    ]
  `);
  const marks = all.filter((block) => reasonOf(block) === undefined).map(({ mark }) => mark);
  expect([...new Set(marks)].toSorted().filter((mark) => mark !== "data")).toEqual(["", "endless"]);
});

describe.each([...documents, "llms.txt", "AGENTS.md"])("%s", (name) => {
  test("links to files that there are", () => {
    const text = readFileSync(join(root, name), "utf8").replace(/^(`{3,}).*?^\1$/gms, "");
    const targets = [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target));
    expect(targets.filter((target) => !existsSync(join(root, dirname(name), target)))).toEqual([]);
  });
});
