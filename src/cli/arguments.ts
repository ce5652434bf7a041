import yargs, { type Argv, type Options } from "yargs";
import { Failure } from "./failure.ts";
import { type RunFlags, runFlags, type ServeFlags, serveFlags, type WebFlags, webFlags } from "./flags.ts";
import { addMaintenance, type Maintenance, maintenanceCommands } from "./maintain-flags.ts";
import { addManagement, type Management, managementCommands } from "./manage-flags.ts";
import { addServed } from "./served-commands.ts";
import { type Served, servedCommands } from "./served-flags.ts";
import { addTerminal, type TerminalRequest, terminalCommands } from "./terminal-flags.ts";
import { suggestion } from "./words.ts";

/** What the arguments ask for. `print`: help or the version, wanted as such. */
export type Request =
  | { command: "print"; text: string }
  | { command: "serve"; flags: ServeFlags }
  | { command: "web"; flags: WebFlags }
  | { command: "run"; flags: RunFlags }
  | { command: "completion"; shell?: string }
  | Served
  | TerminalRequest
  | Management
  | Maintenance;

/** All there are, without the one that is not named. */
export const commands = [
  "serve",
  "web",
  "run",
  ...terminalCommands,
  ...servedCommands,
  ...managementCommands,
  ...maintenanceCommands,
  "completion",
];
/** Commands of OpenCode that are called otherwise. */
const elsewhere: Record<string, string> = {
  export: "codeport session export <id>.",
  import: "codeport session import <file>.",
  providers: "codeport auth.",
};
const common = ["help", "h", "version", "v"];

/** Reads the arguments (without executable and script). Throws Failure "usage" for what it does not know, with what comes nearest. */
export async function readArguments(words: readonly string[], version: string): Promise<Request> {
  let request: Request | undefined;
  let printed = "";
  const parser = describe(yargs([...words]), version)
    .command("serve", "Start the server", serveFlags, (flags) => {
      request = { command: "serve", flags: known(flags, serveFlags) };
    })
    .command("web", "Start the server and show its page in the browser", webFlags, (flags) => {
      request = { command: "web", flags: known(flags, webFlags) };
    })
    .command("run [message..]", "Send one prompt, print the answer and end", withMessage, (flags) => {
      const { "--": dashedWords, ...others } = flags;
      const message = [...flags.message, ...(Array.isArray(dashedWords) ? dashedWords.map(String) : [])];
      request = { command: "run", flags: known({ ...others, message }, { ...runFlags, message: {} }) };
    });
  const take = (other: Request) => {
    request = other;
  };
  parser.command("completion [shell]", "Print what completes these commands in bash, zsh or fish", withShell, (flags) => {
    request = { command: "completion", shell: known(flags, { shell: {} }).shell };
  });
  addTerminal(parser, { known, take, unknown: () => unknownCommand(words) });
  addServed(parser, { known, take });
  addManagement(parser, { known, take });
  addMaintenance(parser, { known, take });
  await parser.parseAsync([...words], {}, (_error, _argv, output) => {
    printed = output;
  });
  if (printed !== "") return { command: "print", text: printed };
  return request ?? unknownCommand(words);
}

function describe(parser: Argv, version: string): Argv {
  return parser
    .scriptName("codeport")
    .usage("$0 <command>\n$0 [directory]\n\nAn OpenCode-compatible agent server. `opencode` is the same program.")
    .locale("en")
    .version(version)
    .alias({ help: "h", version: "v" })
    .epilogue(
      "Exit codes: 0 ok, 1 task failed, 2 usage, 3 configuration, 4 connection, 5 login, 6 permission, 7 model provider, 124 time-out, 130 interrupted",
    )
    .parserConfiguration({
      "camel-case-expansion": false,
      "greedy-arrays": false,
      "parse-numbers": false,
      "populate--": true,
      "parse-positional-numbers": false,
      "strip-aliased": true,
    })
    .wrap(null)
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof Failure ? error : new Failure("usage", `${error?.message ?? message} (codeport --help lists the flags.)`);
    });
}

function withShell(parser: Argv) {
  return parser
    .usage("$0 completion [shell]\n\nFor bash: source <(codeport completion bash)")
    .positional("shell", { type: "string", describe: "bash, zsh or fish [default: yours]" });
}

function withMessage(parser: Argv) {
  return parser
    .usage("$0 run [message..]\n\nSends one prompt, prints the answer and ends. Piped input is added to the message.")
    .positional("message", { type: "string", array: true, default: [] as string[], describe: "The prompt; its words are joined" })
    .options(runFlags);
}

/** The values of the flags that exist. Throws for one that does not: silently ignored, a slip of the finger would change what is done. */
function known<Flags extends Record<string, unknown>>(values: Flags, flags: Record<string, Options>): Flags {
  for (const name of Object.keys(values)) {
    if (name in flags || name === "_" || name === "$0" || common.includes(name)) continue;
    throw new Failure("usage", `Unknown flag ${dashed(name)}.${suggestion(dashed(name), Object.keys(flags).map(dashed))}`);
  }
  const extra = values._;
  if (Array.isArray(extra) && extra.length > 1) {
    throw new Failure("usage", `Unexpected argument "${extra[1]}". codeport ${extra[0]} --help shows the use.`);
  }
  return values;
}

const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

function unknownCommand(words: readonly string[]): never {
  const word = words.find((candidate) => !candidate.startsWith("-"));
  if (word === undefined) throw new Failure("usage", `Name a command: ${commands.join(", ")}. codeport --help explains them.`);
  const here = elsewhere[word];
  if (here !== undefined) throw new Failure("usage", `Unknown command "${word}". Here it is ${here}`);
  throw new Failure("usage", `Unknown command "${word}".${suggestion(word, commands)}`);
}
