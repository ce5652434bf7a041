import { execFileSync } from "node:child_process";
import { join, relative } from "node:path";
import { type Row, root, rowsWithFiles } from "./proofs.ts";

/** `npm run requirements`: every requirement with the tests that prove it, by file; exit code 1 when one has none. */
interface ListedTest {
  name: string;
  /** Absolute. */
  file: string;
}

/** A generated matrix would hide the other tests: of each file so many are named. */
const named = 15;

function listTests(files: string[]): Map<string, string[]> {
  const runner = join(root, "node_modules", "vitest", "vitest.mjs");
  // Names that are made when a file runs (matrices, what runs on one system only) are not in its text.
  const parameters = [runner, "list", ...files, "--no-static-parse", "--json"];
  const text = execFileSync(process.execPath, parameters, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  const tests: ListedTest[] = JSON.parse(text.slice(text.indexOf("[\n")));
  const byFile = Map.groupBy(tests, ({ file }) => relative(root, file).replaceAll("\\", "/"));
  return new Map([...byFile].map(([file, found]) => [file, found.map(({ name }) => name)]));
}

function describeRow({ number, promise, files }: Row, tests: Map<string, string[]>): string {
  const proofs = files.flatMap((file) => {
    const names = tests.get(file) ?? [];
    const more = names.length > named ? [`      … and ${names.length - named} more`] : [];
    return [`   ${file}`, ...names.slice(0, named).map((name) => `      ${name}`), ...more];
  });
  return [`${String(number).padStart(2)} ${promise}`, ...proofs, ""].join("\n");
}

const rows = rowsWithFiles();
const tests = listTests(rows.flatMap(({ files }) => files).filter((file) => file.endsWith(".test.ts")));
for (const row of rows) process.stdout.write(`${describeRow(row, tests)}\n`);
const missing = rows.filter(({ files }) => !files.some((file) => file.startsWith("test/requirements/") && tests.has(file)));
const proven = `${rows.length - missing.length} of ${rows.length} requirements have tests.`;
process.stdout.write(`${proven}${missing.length === 0 ? "" : ` Missing: ${missing.map(({ number }) => number).join(", ")}.`}\n`);
process.exitCode = missing.length === 0 ? 0 : 1;
