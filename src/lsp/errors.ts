import type { Diagnostic, DiagnosticStore } from "./diagnostics.ts";

/** The protocol's severities; a diagnostic without one is for the client to judge, and we judge it an error. */
const error = 1;

type Known = Pick<DiagnosticStore, "of" | "files">;

export function isError({ severity = error }: Diagnostic): boolean {
  return severity === error;
}

/** The messages of all errors, by file. */
export function errorsOf(known: Known): Map<string, string[]> {
  const messages = (file: string) =>
    known
      .of(file)
      .filter(isError)
      .map(({ message }) => message);
  return new Map(known.files().map((file) => [file, messages(file)]));
}

/** The errors that were not there before, of all files but these. An error that only moved is not a new one. */
export function errorsSince(before: Map<string, string[]>, known: Known, except: string[]): Record<string, Diagnostic[]> {
  const others = known.files().filter((file) => !except.includes(file));
  const found = others.map((file): [string, Diagnostic[]] => [file, without(known.of(file).filter(isError), before.get(file) ?? [])]);
  return Object.fromEntries(found.filter(([, errors]) => errors.length > 0));
}

/** Takes away one error for each message. */
function without(errors: Diagnostic[], messages: string[]): Diagnostic[] {
  const left = [...messages];
  return errors.filter(({ message }) => {
    const at = left.indexOf(message);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

export function union(records: Record<string, Diagnostic[]>[]): Record<string, Diagnostic[]> {
  const all: Record<string, Diagnostic[]> = {};
  for (const [file, diagnostics] of records.flatMap((record) => Object.entries(record))) {
    if (diagnostics.length > 0) all[file] = [...(all[file] ?? []), ...diagnostics];
  }
  return all;
}
