/**
 * What the documents promise and what is tested, made from the rows: a summary in the README and every row in `docs/compatibility.md`.
 * `node test/conformance/table.ts` writes both, the coverage test checks them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Row, rows } from "./rows.ts";

const begin = "<!-- compatibility: made by node test/conformance/table.ts -->";
const end = "<!-- /compatibility -->";

/** The files that hold a table. */
export const tables: Record<string, () => string> = { "README.md": summary, "docs/compatibility.md": everyRow };

/** The text with its table of today between the marks. Throws Error when the marks are missing. */
export function withTable(text: string, table: string): string {
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error("The text has no marks for the compatibility table.");
  return `${text.slice(0, before)}${begin}\n\n${table}\n\n${text.slice(after)}`;
}

function entries(): [string, Row][] {
  return Object.entries<Row>(rows);
}

function summary(): string {
  const groups = [...new Set(entries().map(([, row]) => row.group))];
  const lines = groups.map((group) => {
    const members = entries().filter(([, row]) => row.group === group);
    const failing = members.filter(([, row]) => row.failing !== undefined);
    return [group, String(members.length - failing.length), failing.map(([name]) => name).join(", ") || "none"];
  });
  return markdownTable([["promises", "tested and working", "not working"], ...lines]);
}

function everyRow(): string {
  const lines = entries().map(([name, { group, source, failing }]) => [`\`${name}\``, group, source, failing ?? "works"]);
  return markdownTable([["row", "group", "source", "state"], ...lines]);
}

function markdownTable(lines: string[][]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const padded = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = lines;
  return [padded(head), padded(widths.map((width) => "-".repeat(width))), ...body.map(padded)].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, table] of Object.entries(tables)) {
    const file = new URL(`../../${name}`, import.meta.url);
    writeFileSync(file, withTable(readFileSync(file, "utf8"), table()));
  }
}
