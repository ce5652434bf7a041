import type { Check, Diagnostic } from "../lsp/lsp.ts";
import type { ToolPath } from "./path.ts";
import type { ToolContext } from "./tool.ts";

/** What the project's language servers say about a change. */
export interface Verdict {
  /** For the model, to be put after a tool's output; "" when nothing is wrong. */
  note: string;
  /** By the absolute path of the file, for clients; files without any are left out. */
  diagnostics: Record<string, Diagnostic[]>;
}

const mostErrors = 20;
const mostFiles = 5;
const mostCharacters = 400;
/** Of one file, so that an event stays small. */
const mostDiagnostics = 50;

/** Asks about files that were changed or removed. Waits a bounded time, and never rejects. */
export async function judgeFiles(targets: ToolPath[], context: ToolContext): Promise<Verdict> {
  const check = await context.lsp?.check(
    targets.map(({ real }) => real),
    context.signal,
  );
  if (check === undefined) return { note: "", diagnostics: {} };
  const changed = targets.flatMap((target) => (check.files[target.real] ? [{ target, found: check.files[target.real] ?? [] }] : []));
  const own = changed.map(({ target, found }) => [target.absolute, found.slice(0, mostDiagnostics)] as const);
  const others = Object.entries(check.others).slice(0, mostFiles);
  return {
    note: [...changed.map(describeOwn), describeOthers(check.others)].join(""),
    diagnostics: Object.fromEntries([...others, ...own]),
  };
}

function describeOwn({ target, found }: { target: ToolPath; found: Diagnostic[] }): string {
  const errors = found.filter(({ severity = 1 }) => severity === 1);
  if (errors.length === 0) return "";
  const lines = errors.slice(0, mostErrors).map(describe);
  const more = errors.length > mostErrors ? [`and ${errors.length - mostErrors} more`] : [];
  return [`\n\nThere are errors in ${target.relative} now, please fix them:`, ...lines, ...more].join("\n");
}

function describeOthers(others: Check["others"]): string {
  const files = Object.entries(others);
  if (files.length === 0) return "";
  const lines = files.slice(0, mostFiles).map(([file, [first, ...rest]]) => {
    const more = rest.length === 0 ? "" : ` (and ${rest.length} more)`;
    return `${file}:${first ? describe(first) : ""}${more}`;
  });
  const left = files.length > mostFiles ? [`and in ${files.length - mostFiles} more files`] : [];
  return ["\n\nThe change made new errors in other files:", ...lines, ...left].join("\n");
}

function describe({ range: { start }, message }: Diagnostic): string {
  const text = message.replace(/\s+/g, " ").trim();
  return `${start.line + 1}:${start.character + 1} ${text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text}`;
}
