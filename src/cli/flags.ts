import type { InferredOptionTypes, Options } from "yargs";
import { readBasePath } from "../schema/base-path.ts";
import { Failure } from "./failure.ts";

/** yargs passes NaN on and makes a list of a repeated flag: each value is read here, the last one wins. */
function last(value: unknown): string | undefined {
  const one = Array.isArray(value) ? value.at(-1) : value;
  return one === undefined ? undefined : String(one);
}

function text(flag: string): (value: unknown) => string | undefined {
  return (value) => {
    const one = last(value);
    if (one === "") throw new Failure("usage", `--${flag} needs a value.`);
    return one;
  };
}

function toPrefix(value: unknown): string | undefined {
  const one = text("base-path")(value);
  if (one === undefined) return undefined;
  const path = readBasePath(one);
  if (path === undefined) throw new Failure("usage", `--base-path must be a path such as /code, not "${one}".`);
  return path;
}

/** 0 to 65535; 0 means any free port. */
export function toPort(value: unknown): number | undefined {
  const one = last(value);
  if (one === undefined) return undefined;
  const port = Number(one);
  if (!/^\d+$/.test(one) || port > 65_535) throw new Failure("usage", `--port must be a whole number from 0 to 65535, not "${one}".`);
  return port;
}

function toTurns(value: unknown): number | undefined {
  const one = last(value);
  if (one === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(one)) throw new Failure("usage", `--max-turns must be a whole number above 0, not "${one}".`);
  return Number(one);
}

function toSeconds(value: unknown): number | undefined {
  const one = last(value);
  if (one === undefined) return undefined;
  const seconds = Number(one);
  if (one.trim() === "" || !(seconds > 0) || seconds > 2_000_000) {
    throw new Failure("usage", `--timeout must be a number of seconds above 0, not "${one}".`);
  }
  return seconds;
}

/** A list given by repeating the flag, by commas, or both. */
export function toList(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  const items = [value].flat().flatMap((item) => String(item).split(","));
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

function oneOf<Choice extends string>(flag: string, choices: readonly Choice[]): (value: unknown) => Choice | undefined {
  return (value) => {
    const one = last(value);
    const choice = choices.find((candidate) => candidate === one);
    if (one !== undefined && !choice) throw new Failure("usage", `--${flag} must be ${choices.join(" or ")}, not "${one}".`);
    return choice;
  };
}

/** Every flag takes its value as text and reads it in `coerce`. */
const takesText = { type: "string", requiresArg: true } as const;
const repeats = { type: "string", array: true, requiresArg: true } as const;

export const serveFlags = {
  port: { ...takesText, coerce: toPort, describe: "Port to listen on; 0: any free one [default: 4096]" },
  hostname: { ...takesText, coerce: text("hostname"), describe: "Address to listen on [default: 127.0.0.1]" },
  mdns: { type: "boolean", describe: "Be found in the local network; listens on 0.0.0.0 unless --hostname says otherwise" },
  "mdns-domain": { ...takesText, coerce: text("mdns-domain"), describe: "Name to be found by [default: opencode.local]" },
  cors: { ...repeats, coerce: toList, describe: "Further browser origin that may call (repeats, or commas)" },
  root: { ...repeats, describe: "Further directory that requests may work in (repeats)" },
  "allowed-host": { ...repeats, coerce: toList, describe: "Further Host name to answer to (repeats, or commas)" },
  "base-path": { ...takesText, coerce: toPrefix, describe: "Prefix of every address, as behind a proxy" },
  db: { ...takesText, coerce: text("db"), describe: "libSQL URL or file of the store [default: the data directory]" },
  resume: {
    ...takesText,
    coerce: oneOf("resume", ["off", "ask", "safe", "always"]),
    describe: "What becomes of turns that a crash cut short: off, ask, safe or always [default: off]",
  },
  "tls-cert": { ...takesText, coerce: text("tls-cert"), describe: "Certificate (PEM file) to speak TLS with; needs --tls-key" },
  "tls-key": { ...takesText, coerce: text("tls-key"), describe: "Key (PEM file) of the certificate" },
  qr: { type: "boolean", describe: "Show the address for other machines as a QR code" },
  "max-turns": { ...takesText, coerce: toTurns, describe: "Turns that run at a time; others wait [default: 16]" },
  "unsafe-no-password": { type: "boolean", describe: "Listen beyond this machine without a password" },
  "print-logs": { type: "boolean", describe: "Write the log to stderr" },
  "log-level": {
    ...takesText,
    coerce: (value: unknown) => oneOf("log-level", ["debug", "info", "warn", "error"])(last(value)?.toLowerCase()),
    describe: "debug, info, warn or error",
  },
} satisfies Record<string, Options>;

export const webFlags = {
  ...serveFlags,
  open: { type: "boolean", default: true, describe: "Show the page in the browser (--no-open: only say its address)" },
} satisfies Record<string, Options>;

export const runFlags = {
  attach: { ...takesText, coerce: text("attach"), describe: "URL of a running server to use" },
  model: { ...takesText, alias: "m", coerce: text("model"), describe: "Model as provider/model" },
  agent: { ...takesText, coerce: text("agent"), describe: "Agent to use" },
  format: { ...takesText, coerce: oneOf("format", ["default", "json"]), describe: "default: the text; json: an event per line" },
  continue: { type: "boolean", alias: "c", describe: "Go on with the newest session of the directory" },
  session: { ...takesText, alias: "s", coerce: text("session"), describe: "Id of the session to go on with" },
  fork: { type: "boolean", describe: "Go on in a copy of that session" },
  file: { ...repeats, alias: "f", describe: "File to attach (repeats)" },
  title: { ...takesText, coerce: text("title"), describe: "Title of the new session" },
  dir: { ...takesText, coerce: text("dir"), describe: "Directory to work in [default: this one]" },
  db: { ...takesText, coerce: text("db"), describe: "libSQL URL or file of the store [default: the data directory]" },
  timeout: { ...takesText, coerce: toSeconds, describe: "Seconds after which the turn is aborted (exit code 124)" },
  record: { ...takesText, coerce: text("record"), describe: "Keep what models are asked and answer in this file" },
  replay: { ...takesText, coerce: text("replay"), describe: "Let this file answer in place of models: no key, no network" },
  "on-ask": {
    ...takesText,
    coerce: oneOf("on-ask", ["deny", "allow", "wait"]),
    describe: "Answer to permission questions [default: wait in a terminal, else deny]",
  },
  "print-logs": serveFlags["print-logs"],
  "log-level": serveFlags["log-level"],
} satisfies Record<string, Options>;

export type ServeFlags = Partial<InferredOptionTypes<typeof serveFlags>>;
export type WebFlags = Partial<InferredOptionTypes<typeof webFlags>>;
export type RunFlags = Partial<InferredOptionTypes<typeof runFlags>> & { message: string[] };
