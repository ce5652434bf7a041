import type { Argv } from "yargs";
import type { Known } from "./manage-flags.ts";
import {
  agentActions,
  agentFlags,
  authActions,
  authFlags,
  configFlags,
  mcpActions,
  mcpFlags,
  modelsFlags,
  type Served,
  sessionActions,
  sessionFlags,
} from "./served-flags.ts";
import { actionOf } from "./words.ts";

/** Adds the commands to a parser; `take` gets what they were given, after `known` has checked it. */
export function addServed<Parser>(parser: Argv<Parser>, { known, take }: { known: Known; take(request: Served): void }): Argv<Parser> {
  return parser
    .command(
      "session [action] [words..]",
      "List, show, delete, prune, export and import sessions",
      withSession,
      ({ "--": _, ...flags }) => {
        const action = actionOf("session", flags.action, sessionActions);
        take({ command: "session", flags: { ...known(flags, { ...sessionFlags, action: {}, words: {} }), action } });
      },
    )
    .command("models [provider]", "List the models", withModels, (flags) => {
      take({ command: "models", flags: known(flags, { ...modelsFlags, provider: {} }) });
    })
    .command("agent [action]", "List the agents", withAgent, (flags) => {
      const action = actionOf("agent", flags.action, agentActions);
      take({ command: "agent", flags: { ...known(flags, { ...agentFlags, action: {} }), action } });
    })
    .command("mcp [action] [words..]", "List and add MCP servers", withMcp, ({ "--": dashed, ...flags }) => {
      const action = actionOf("mcp", flags.action, mcpActions);
      const words = [...flags.words, ...(Array.isArray(dashed) ? dashed.map(String) : [])];
      take({ command: "mcp", flags: { ...known(flags, { ...mcpFlags, action: {}, words: {} }), action, words } });
    })
    .command("auth [action] [provider]", "Log in at model providers, with a key or in the browser", withAuth, (flags) => {
      const action = actionOf("auth", flags.action, authActions);
      take({ command: "auth", flags: { ...known(flags, { ...authFlags, action: {}, provider: {} }), action } });
    })
    .command("config", "Show the configuration, and where each setting comes from", withConfig, (flags) => {
      take({ command: "config", flags: known(flags, configFlags) });
    });
}

const withSession = (parser: Argv) =>
  parser
    .usage(
      "$0 session list\n$0 session show <id>\n$0 session delete <id..>\n$0 session prune --older-than 90d\n$0 session export <id> > session.json\n$0 session import <file>\n\n" +
        "An export holds what was said and done; import makes a session of it, also from an export of OpenCode. Without a file it is read from standard input.",
    )
    .positional("action", { type: "string", describe: sessionActions.join(", ") })
    .positional("words", { type: "string", array: true, default: [] as string[], describe: "Ids, or the file to import" })
    .options(sessionFlags);

const withModels = (parser: Argv) =>
  parser
    .usage("$0 models [provider]\n\nThe models that can be called, as --model takes them.")
    .positional("provider", { type: "string", describe: "Only of this provider" })
    .options(modelsFlags);

const withAgent = (parser: Argv) =>
  parser
    .usage("$0 agent list")
    .positional("action", { type: "string", describe: agentActions.join(", ") })
    .options(agentFlags);

const withMcp = (parser: Argv) =>
  parser
    .usage(
      "$0 mcp list\n$0 mcp add <name> -- <command..>\n$0 mcp add <name> --url <address>\n\n" +
        "`add` writes to the project's opencode.json (--global: to your own configuration) and tells whether the server connects.",
    )
    .positional("action", { type: "string", describe: mcpActions.join(", ") })
    .positional("words", { type: "string", array: true, default: [] as string[], describe: "The name, and behind -- the command" })
    .options(mcpFlags);

const withAuth = (parser: Argv) =>
  parser
    .usage(
      "$0 auth login <provider>\n$0 auth list\n$0 auth logout <provider>\n\n" +
        "A key is asked for without being shown, or read from standard input; it is never an argument, which other users could see.",
    )
    .positional("action", { type: "string", describe: authActions.join(", ") })
    .positional("provider", { type: "string", describe: "openai, anthropic, …" })
    .options(authFlags);

const withConfig = (parser: Argv) =>
  parser
    .usage("$0 config\n$0 config --explain\n\nFlags win over the environment, that over files. Keys and other secrets are not shown.")
    .options(configFlags);
