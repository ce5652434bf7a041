import { createHash } from "node:crypto";
import { appendFile, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeDirectory } from "../../file-store/file-store.ts";
import { AppError } from "../../schema/error.ts";
import { Line } from "./line.ts";

const unread: Record<string, string> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a directory",
};

/** Writes lines, each with a check over itself and all before it; `finish` puts the file where it is wanted. */
export interface CassetteWriter {
  write(...lines: Line[]): void;
  finish(): Promise<void>;
}

/** Throws AppError ConfigInvalidError where the file cannot be written. */
export async function createWriter(file: string, program: string): Promise<CassetteWriter> {
  const part = `${file}.part`;
  let check = "";
  let calls = 0;
  let work = begin(file, part);
  await work.catch((error: Error) => {
    throw new AppError("ConfigInvalidError", `The cassette ${file} cannot be written: ${error.message}.`, { path: file }, { cause: error });
  });

  const write = (...lines: Line[]): void => {
    const text = lines.map((line) => {
      if (line.type === "call") calls += 1;
      const body = JSON.stringify(line).slice(0, -1);
      check = checkOf(check, body);
      return `${body},"check":"${check}"}\n`;
    });
    work = work.then(() => appendFile(part, text.join("")));
    // Told to whoever ends the recording.
    work.catch(() => {});
  };
  write({ type: "cassette", version: 1, program });
  return {
    write,
    async finish() {
      write({ type: "end", calls });
      await work;
      await rename(part, file).catch(async (error) => {
        await rm(part, { force: true });
        throw error;
      });
    },
  };
}

/** What would only be found out at the end, when the work is done, is looked at before it begins. */
async function begin(file: string, part: string): Promise<void> {
  makeDirectory(dirname(file));
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw new Error("it is a directory");
  await writeFile(part, "");
}

/** The lines of a cassette. Throws AppError ConfigInvalidError when it cannot be read, is none, was cut off, or a line is not as it was recorded. */
export async function readCassette(file: string): Promise<Line[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw fault(file, unread[String(error.code)] ?? error.message);
  });
  const lines: Line[] = [];
  let check = "";
  for (const [index, row] of text.split("\n").entries()) {
    if (row === "") continue;
    const [, body, given] = /^(.*),"check":"([0-9a-f]{16})"\}$/.exec(row) ?? [];
    if (body === undefined) throw fault(file, `line ${index + 1} is not one of a cassette`);
    check = checkOf(check, body);
    if (check !== given) throw fault(file, `line ${index + 1}, or one before it, was changed after it was recorded`);
    lines.push(parseLine(file, `${body}}`, index + 1));
  }
  if (lines[0]?.type !== "cassette") throw fault(file, "it does not begin as a cassette does");
  if (lines.at(-1)?.type !== "end") throw fault(file, "its end is missing: the recording was cut off");
  return lines;
}

function parseLine(file: string, text: string, number: number): Line {
  const parsed = Line.safeParse(JSON.parse(text));
  if (!parsed.success) throw fault(file, `line ${number} is of another version of cassettes`);
  return parsed.data;
}

function checkOf(before: string, body: string): string {
  return hashOf(before + body);
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function fault(file: string, why: string): AppError {
  return new AppError("ConfigInvalidError", `The cassette ${file} cannot be replayed: ${why}. Record it anew with --record.`, {
    path: file,
  });
}
