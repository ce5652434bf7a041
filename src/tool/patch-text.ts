import { AppError } from "../schema/error.ts";

/** A stretch of a file as a patch describes it. */
export interface Hunk {
  /** Which hunk of its file, counted from 1. */
  number: number;
  /** Lines after `@@`, outermost first: the hunk stands below them. */
  headers: string[];
  /** What is there before, what shall be there after; ` ` lines are in both. */
  lines: { sign: " " | "-" | "+"; text: string }[];
  /** The hunk reaches to the end of the file. */
  atEnd: boolean;
}

export type FilePatch =
  | { kind: "add"; path: string; text: string }
  | { kind: "delete"; path: string }
  | { kind: "update"; path: string; moveTo?: string; hunks: Hunk[] };

const begin = "*** Begin Patch";
const end = "*** End Patch";
const fileHeader = /^\*\*\* (Add|Update|Delete) File:\s*(.*)$/;
const moveHeader = /^\*\*\* Move to:\s*(.*)$/;

/**
 * Reads a patch in the form that models write (`*** Begin Patch`, `*** Update File: …`). What stands around it (a here-document, a
 * code fence) is left out. Throws BadRequest that names the line and what is expected there.
 */
export function parsePatch(patch: string): FilePatch[] {
  const all = patch.split(/\r?\n/);
  const first = all.findIndex((line) => line.trim() === begin);
  const last = all.findLastIndex((line) => line.trim() === end);
  if (first === -1) throw malformed(`it has no line "${begin}"${hintOf(all)}`);
  if (last < first) throw malformed(`it has no line "${end}"; it may have been cut off`);
  const reader = { lines: all.slice(first + 1, last), at: 0, offset: first + 2 };
  const files: FilePatch[] = [];
  while (reader.at < reader.lines.length) {
    if (current(reader).trim() === "") reader.at++;
    else files.push(readFile(reader));
  }
  if (files.length === 0) throw malformed("it names no file");
  const twice = files.map(({ path }) => path).find((path, index, paths) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw malformed(`it names ${twice} twice; put all changes of a file under one header`);
  return files;
}

function hintOf(lines: string[]): string {
  return lines.some((line) => line.startsWith("--- ")) ? '. A unified diff ("--- a/…") is not understood' : "";
}

interface Reader {
  lines: string[];
  at: number;
  /** The number in the whole text of `lines[0]`. */
  offset: number;
}

const current = (reader: Reader): string => reader.lines[reader.at] ?? "";
const isHeader = (line: string): boolean => line.startsWith("*** ") && line.trim() !== "*** End of File";

function readFile(reader: Reader): FilePatch {
  const found = fileHeader.exec(current(reader).trimEnd());
  const [, kind, path = ""] = found ?? [];
  if (!kind || path === "") {
    throw malformed(`line ${reader.at + reader.offset} must be "*** Add File: path", "*** Update File: path" or "*** Delete File: path"`);
  }
  reader.at++;
  if (kind === "Delete") return { kind: "delete", path };
  return kind === "Add" ? { kind: "add", path, text: readAdded(reader) } : readUpdate(reader, path);
}

function readAdded(reader: Reader): string {
  const lines: string[] = [];
  for (; reader.at < reader.lines.length && !isHeader(current(reader)); reader.at++) {
    const line = current(reader);
    if (line.startsWith("+")) lines.push(line.slice(1));
    else if (line.trim() !== "") throw malformed(`line ${reader.at + reader.offset} is in a file to add and must begin with "+"`);
    // A blank line within the file is meant; one before the next header is not.
    else if (
      reader.lines
        .slice(reader.at + 1)
        .find((next) => next.trim() !== "")
        ?.startsWith("+")
    )
      lines.push("");
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function readUpdate(reader: Reader, path: string): FilePatch {
  const moveTo = moveHeader.exec(current(reader).trimEnd())?.[1];
  if (moveTo !== undefined) reader.at++;
  const hunks: Hunk[] = [];
  while (reader.at < reader.lines.length && !isHeader(current(reader))) {
    const hunk = readHunk(reader, hunks.length + 1);
    if (hunk.lines.length > 0) hunks.push(hunk);
  }
  if (hunks.length === 0 && moveTo === undefined) throw malformed(`the update of ${path} holds no hunk`);
  return { kind: "update", path, hunks, ...(moveTo ? { moveTo } : {}) };
}

function readHunk(reader: Reader, number: number): Hunk {
  const hunk: Hunk = { number, headers: [], lines: [], atEnd: false };
  for (; current(reader).startsWith("@@"); reader.at++) {
    const header = headerOf(current(reader));
    if (header !== "") hunk.headers.push(header);
  }
  for (; reader.at < reader.lines.length; reader.at++) {
    const line = current(reader);
    if (line.startsWith("@@") || isHeader(line)) break;
    if (line.trim() === "*** End of File") {
      hunk.atEnd = true;
      reader.at++;
      break;
    }
    hunk.lines.push(readLine(line, reader));
  }
  while (isBlankEnd(hunk, reader)) hunk.lines.pop();
  return hunk;
}

/** Blank lines before the next header only part it from the hunk. */
function isBlankEnd({ lines, atEnd }: Hunk, reader: Reader): boolean {
  const last = lines.at(-1);
  return !atEnd && last?.sign === " " && last.text === "" && reader.lines[reader.at - 1] === "" && lines.length > 1;
}

/** `@@ -1,3 +1,4 @@ text` is written too: the numbers are of no use, the text is. */
function headerOf(line: string): string {
  return line
    .replace(/^@@\s*-\d+(?:,\d+)?\s+\+\d+(?:,\d+)?\s*@@/, "@@")
    .slice(2)
    .replace(/\s*@@$/, "")
    .trim();
}

function readLine(line: string, reader: Reader): Hunk["lines"][number] {
  const sign = line[0] ?? " ";
  if (line === "") return { sign: " ", text: "" };
  if (sign === " " || sign === "-" || sign === "+") return { sign, text: line.slice(1) };
  throw malformed(
    `line ${reader.at + reader.offset} ("${line.slice(0, 60)}") must begin with a blank (as it is), "-" (goes) or "+" (comes)`,
  );
}

function malformed(reason: string): AppError {
  return new AppError("BadRequest", `The patch cannot be read: ${reason}. Nothing was changed.`);
}
