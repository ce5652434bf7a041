import type { InferredOptionTypes, Options } from "yargs";
import { Failure } from "./failure.ts";
import { serveFlags } from "./flags.ts";

const takesText = { type: "string", requiresArg: true } as const;
const repeats = { type: "string", array: true, requiresArg: true } as const;

/** Of every command that works on a running server, or else on the local store. */
const shared = {
  json: { type: "boolean", describe: "Print JSON" },
  attach: { ...takesText, describe: "URL of a running server to use [default: the local store]" },
  dir: { ...takesText, describe: "Directory it is about [default: this one]" },
  db: { ...takesText, describe: "libSQL URL or file of the store [default: the data directory]" },
} satisfies Record<string, Options>;

function toLimit(value: unknown): number | undefined {
  const text = [value].flat().at(-1);
  if (text === undefined) return undefined;
  if (typeof text === "string" && /^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Failure("usage", `--limit must be a whole number above 0, not "${String(text)}".`);
}

function toDays(value: unknown): number | undefined {
  const text = [value].flat().at(-1);
  if (text === undefined) return undefined;
  const [, days] = /^([1-9]\d{0,4})d?$/.exec(String(text)) ?? [];
  if (days === undefined) throw new Failure("usage", `--older-than must be a number of days, like 90d, not "${String(text)}".`);
  return Number(days);
}

export const sessionFlags = {
  ...shared,
  limit: { ...takesText, coerce: toLimit, describe: "list: newest sessions to show [default: 50]" },
  search: { ...takesText, describe: "list: words of the title" },
  "older-than": { ...takesText, coerce: toDays, describe: "prune: days without a change, as in 90d" },
  keep: { ...repeats, choices: ["archived", "shared", "tagged"] as const, describe: "prune: kept however old they are (repeats)" },
  "dry-run": { type: "boolean", describe: "prune: only tell what would be deleted" },
  project: { type: "boolean", describe: "list: those of the whole project, not only of the directory" },
} satisfies Record<string, Options>;

export const modelsFlags = {
  ...shared,
  all: { type: "boolean", describe: "Also of providers that cannot be called yet" },
} satisfies Record<string, Options>;

export const agentFlags = {
  ...shared,
  all: { type: "boolean", describe: "Also those that the server uses for itself" },
} satisfies Record<string, Options>;

export const mcpFlags = {
  ...shared,
  url: { ...takesText, describe: "add: address of a remote server" },
  env: { ...repeats, describe: "add: NAME=value for the process of a local server (repeats)" },
  header: { ...repeats, describe: "add: NAME=value sent to a remote server (repeats)" },
  global: { type: "boolean", describe: "add: to your own configuration, not the project's" },
} satisfies Record<string, Options>;

export const authFlags = {
  ...shared,
  method: { ...takesText, describe: "login: which way to log in, by the number it is listed with" },
} satisfies Record<string, Options>;

export const configFlags = {
  ...serveFlags,
  ...shared,
  explain: { type: "boolean", describe: "Each setting, and where it comes from" },
} satisfies Record<string, Options>;

export const sessionActions = ["list", "show", "delete", "prune", "export", "import"] as const;
export const agentActions = ["list"] as const;
export const mcpActions = ["list", "add"] as const;
export const authActions = ["login", "list", "logout"] as const;

export type SessionFlags = Partial<InferredOptionTypes<typeof sessionFlags>> & { action: (typeof sessionActions)[number]; words: string[] };
export type ModelsFlags = Partial<InferredOptionTypes<typeof modelsFlags>> & { provider?: string };
export type AgentFlags = Partial<InferredOptionTypes<typeof agentFlags>> & { action: (typeof agentActions)[number] };
export type McpFlags = Partial<InferredOptionTypes<typeof mcpFlags>> & { action: (typeof mcpActions)[number]; words: string[] };
export type AuthFlags = Partial<InferredOptionTypes<typeof authFlags>> & { action: (typeof authActions)[number]; provider?: string };
export type ConfigFlags = Partial<InferredOptionTypes<typeof configFlags>>;

/** Commands that a server answers: a running one, or one of the command's own. */
export type Served =
  | { command: "session"; flags: SessionFlags }
  | { command: "models"; flags: ModelsFlags }
  | { command: "agent"; flags: AgentFlags }
  | { command: "mcp"; flags: McpFlags }
  | { command: "auth"; flags: AuthFlags }
  | { command: "config"; flags: ConfigFlags };

export const servedCommands = ["session", "models", "agent", "mcp", "auth", "config"];
