import { fstatSync } from "node:fs";
import type { Host } from "./env.ts";
import { Failure } from "./failure.ts";

/** How long an input that may never come is waited for when the words alone make a prompt, in ms. */
const patience = { pipe: 30_000, socket: 2_000 };

/**
 * The prompt: the words joined, and what is piped in below them. A shell's pipe and a file end by themselves; a parent program that
 * leaves the input open (a socket, mostly) must not make the command hang, so with words given only the first byte is waited for.
 * Throws Failure "usage" when there is nothing to say.
 */
export async function readMessage(words: string[], { stdin, stderr }: Pick<Host, "stdin" | "stderr">): Promise<string> {
  const text = words.join(" ").trim();
  if (stdin.isTTY) return required(text);
  const kind = inputKind(stdin.fd);
  if (kind === "nothing") return required(text);
  const limit = text === "" || kind === "file" ? undefined : patience[kind];
  const piped = await readAll(stdin, limit);
  if (piped === undefined) stderr.write("Nothing came on standard input; going on without it.\n");
  return required([text, piped?.trim() ?? ""].filter((piece) => piece !== "").join("\n\n"));
}

/** Whether there is anything to ask, before anything is started. */
export function mayHaveMessage(words: string[], stdin: Host["stdin"]): boolean {
  return words.join("").trim() !== "" || (!stdin.isTTY && inputKind(stdin.fd) !== "nothing");
}

function required(text: string): string {
  if (text === "") throw new Failure("usage", 'Say what to do: codeport run "list the files", or pipe it in.');
  return text;
}

function inputKind(descriptor: number): "file" | "pipe" | "socket" | "nothing" {
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFile()) return "file";
    if (stats.isFIFO()) return "pipe";
    if (stats.isSocket()) return "socket";
    return "nothing";
  } catch (error) {
    // A closed descriptor is no input; Windows cannot stat its pipes.
    return error instanceof Error && "code" in error && error.code === "EBADF" ? "nothing" : "socket";
  }
}

/** Everything until the end, or undefined when no byte came within the limit. */
async function readAll(stdin: Host["stdin"], limit: number | undefined): Promise<string | undefined> {
  const timer = limit === undefined ? undefined : setTimeout(() => stdin.destroy(), limit);
  let text = "";
  try {
    stdin.setEncoding("utf8");
    for await (const chunk of stdin) {
      clearTimeout(timer);
      text += chunk;
    }
    return text;
  } catch (error) {
    if (text === "" && stdin.destroyed) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
