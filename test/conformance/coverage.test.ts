import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rows } from "./rows.ts";
import { tables, withTable } from "./table.ts";

const root = new URL("../../", import.meta.url);

describe("the documented surface", () => {
  test("has a test for every row", () => {
    const proven = provenRows();
    expect(Object.keys(rows).filter((row) => !proven.has(row))).toEqual([]);
  });

  test.each(Object.entries(tables))("is the table in %s", (name, table) => {
    const text = readFileSync(new URL(name, root), "utf8");
    expect(text, "run: node test/conformance/table.ts").toBe(withTable(text, table()));
  });
});

/** The names in the first arguments of `verifies(` in the sources of all tests. */
function provenRows(): Set<string> {
  const files = readdirSync(new URL("test/", root), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  const sources = files.map((file) => readFileSync(new URL(`test/${file}`, root), "utf8"));
  const first = sources.flatMap((source) => [...source.matchAll(/\bverifies\(\s*(\[[^\]]*\]|"[^"]*")/g)].map(([, names = ""]) => names));
  return new Set(first.flatMap((names) => [...names.matchAll(/"([^"]*)"/g)].map(([, name = ""]) => name)));
}
