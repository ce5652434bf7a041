import { AppError } from "../schema/error.ts";

/** What one use of `/remember` or `/recall` asks for. */
export type MemoryCall =
  | { command: "remember"; type: string; text: string }
  | { command: "recall"; type?: string; recent: number; words: string[] };

export type MemoryCommand = MemoryCall["command"];

const defaultType = "NOTE";
const defaultRecent = 20;
const mostRecent = 1000;

/** The call at the beginning of a line, if there is one. */
export function memoryLine(line: string): { command: MemoryCommand; given: string } | undefined {
  const [, command, given = ""] = /^\s{0,3}\/(remember|recall)(?:\s+(.*))?$/.exec(line) ?? [];
  return command === undefined ? undefined : { command: command as MemoryCommand, given };
}

/**
 * `remember TYPE: text` or `remember --type TYPE text` (of type NOTE unless told), `recall [--type TYPE] [--recent N] [words]` (the newest 20 unless told).
 * Throws BadRequest for arguments that are none of this.
 */
export function parseCall(command: MemoryCommand, given: string): MemoryCall {
  const { type, recent, rest } = readFlags(command, given.trim());
  if (command === "recall")
    return { command, type, recent: recent ?? defaultRecent, words: rest.split(/\s+/).filter((word) => word !== "") };
  if (recent !== undefined) throw bad("/remember takes no --recent: it stores one text. /recall --recent lists the newest.");
  const [, prefix, prefixed = ""] = /^([A-Z][A-Z0-9_-]*):\s*([\s\S]*)$/.exec(rest) ?? [];
  const text = (type === undefined && prefix !== undefined ? prefixed : rest).trim();
  if (text === "") throw bad("/remember needs a text, as in /remember WORKING_SOLUTION: the tests need --runInBand");
  return { command, type: type ?? prefix ?? defaultType, text };
}

interface Flags {
  type?: string;
  recent?: number;
  rest: string;
}

/** Flags stand in front; what follows them is the text, whatever it looks like. */
function readFlags(command: MemoryCommand, given: string): Flags {
  const flags: Flags = { rest: given };
  for (;;) {
    const [whole, name, value] = /^--(type|recent)(?:[\s=]+(\S+))?\s*/.exec(flags.rest) ?? [];
    if (whole === undefined) return command === "recall" ? trailing(flags) : flags;
    setFlag(flags, name === "type" ? "type" : "recent", value);
    flags.rest = flags.rest.slice(whole.length);
  }
}

/** `/recall words --recent 5` is understood too. */
function trailing(flags: Flags): Flags {
  flags.rest = flags.rest.replaceAll(/(?:^|\s)--(type|recent)[\s=]+(\S+)/g, (_, name: string, value: string) => {
    setFlag(flags, name === "type" ? "type" : "recent", value);
    return "";
  });
  return flags;
}

function setFlag(flags: Flags, name: "type" | "recent", value: string | undefined): void {
  if (value === undefined) throw bad(`--${name} needs a value, as in ${name === "type" ? "--type FAILURE" : "--recent 20"}.`);
  if (name === "type") flags.type = typeOf(value);
  else flags.recent = numberOf(value);
}

function typeOf(value: string): string {
  if (/^[a-z][a-z0-9_-]*$/i.test(value)) return value.toUpperCase();
  throw bad(`--type is a word of letters, digits, _ and -, not ${JSON.stringify(value)}.`);
}

function numberOf(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= mostRecent) return number;
  throw bad(`--recent is a whole number from 1 to ${mostRecent}, not ${JSON.stringify(value)}.`);
}

function bad(message: string): AppError {
  return new AppError("BadRequest", message, { kind: "Payload", field: "arguments" });
}
