import type { Argv, InferredOptionTypes, Options } from "yargs";
import { runFlags, serveFlags } from "./flags.ts";

const shared = {
  session: runFlags.session,
  continue: runFlags.continue,
  model: runFlags.model,
  agent: runFlags.agent,
} satisfies Record<string, Options>;

export const attachFlags = {
  token: { type: "string", requiresArg: true, describe: "Access token of the server, instead of OPENCODE_SERVER_PASSWORD" },
  dir: { ...runFlags.dir, describe: "Directory to work in, on the server's machine [default: the server's]" },
  ...shared,
  list: { type: "boolean", describe: "List the servers that announce themselves in the local network" },
  json: { type: "boolean", describe: "list: print JSON" },
} satisfies Record<string, Options>;

export const terminalFlags = {
  port: { ...serveFlags.port, describe: "Port that other programs find the server at [default: none can use it]" },
  hostname: { ...serveFlags.hostname, describe: "Address that other programs find the server at" },
  dir: runFlags.dir,
  db: serveFlags.db,
  ...shared,
} satisfies Record<string, Options>;

export type AttachFlags = Partial<InferredOptionTypes<typeof attachFlags>> & { url?: string };
export type TerminalFlags = Partial<InferredOptionTypes<typeof terminalFlags>>;

export type TerminalRequest = { command: "attach"; flags: AttachFlags } | { command: "terminal"; flags: TerminalFlags };

export const terminalCommands = ["attach"];

interface Adding {
  known<Flags extends Record<string, unknown>>(values: Flags, flags: Record<string, Options>): Flags;
  take(request: TerminalRequest): void;
  /** Throws for a first word that is no command. */
  unknown(): never;
}

/** Adds the terminal client to a parser: `attach`, and what the program does without a command. */
export function addTerminal<Parser>(parser: Argv<Parser>, { known, take, unknown }: Adding): Argv<Parser> {
  return parser
    .command("attach [url]", "Drive a running server from this terminal", withAttachFlags, (flags) => {
      take({ command: "attach", flags: known(flags, { ...attachFlags, url: {} }) });
    })
    .command("$0", "Start a server and drive it from this terminal; a path names the directory to work in", terminalFlags, (flags) => {
      const [directory, ...more] = Array.isArray(flags._) ? flags._.map(String) : [];
      if (directory === undefined) return take({ command: "terminal", flags: known(flags, terminalFlags) });
      if (more.length > 0 || flags.dir !== undefined || !isPath(directory)) return unknown();
      take({ command: "terminal", flags: { ...known(flags, terminalFlags), dir: directory } });
    });
}

/** `codeport .`, as OpenCode's users write it: no command has such a name. */
const isPath = (word: string): boolean => word === "." || word === ".." || /[/\\]/.test(word);

const withAttachFlags = (parser: Argv) =>
  parser
    .usage(
      "$0 attach [url]\n$0 attach opencode://NAME.local\n$0 attach --list\n\nDrives a running server from this terminal; opencode:// looks for one in the local network.",
    )
    .positional("url", { type: "string", describe: "Address of the server [default: http://127.0.0.1:4096]" })
    .options(attachFlags);
