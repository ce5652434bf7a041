import type { Argv, InferredOptionTypes, Options } from "yargs";
import { Failure } from "./failure.ts";
import { actionOf } from "./words.ts";

const takesText = { type: "string", requiresArg: true } as const;
const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `30d`, `12h`, `45m`, `2w` in milliseconds; undefined for `never`. */
export function toLifetime(value: unknown): number | undefined {
  const text = String([value].flat().at(-1));
  if (text === "never") return undefined;
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  if (unit === "") throw new Failure("usage", `--expires must be like 30d, 12h, 45m, 2w or never, not "${text}".`);
  return Number(count) * (units[unit] ?? 0);
}

const shared = {
  json: { type: "boolean", describe: "Print JSON" },
  db: { ...takesText, describe: "libSQL URL or file of the store [default: the data directory]" },
} satisfies Record<string, Options>;

export const tokenFlags = {
  ...shared,
  scope: { ...takesText, choices: ["read", "prompt", "admin"] as const, describe: "What it may do; each includes those before it" },
  expires: { ...takesText, default: "30d", describe: "How long it lasts: 30d, 12h, 45m, 2w or never" },
  directory: { type: "string", array: true, requiresArg: true, describe: "Directory it is limited to, with what is below (repeats)" },
  name: { ...takesText, describe: "What it is for" },
} satisfies Record<string, Options>;

export const trustFlags = {
  ...shared,
  list: { type: "boolean", describe: "List the trusted directories" },
  revoke: { type: "boolean", describe: "Trust the directory no longer" },
} satisfies Record<string, Options>;

export const auditFlags = {
  ...shared,
  limit: { ...takesText, default: "100", describe: "Newest entries to list" },
  head: { ...takesText, describe: "The head that an earlier check printed, which must still be in the trail" },
} satisfies Record<string, Options>;

export type TokenFlags = Partial<InferredOptionTypes<typeof tokenFlags>> & { action: string; id?: string };
export type TrustFlags = Partial<InferredOptionTypes<typeof trustFlags>> & { directory?: string };
export type AuditFlags = Partial<InferredOptionTypes<typeof auditFlags>> & { action: string };

/** What people do beside a server: it need not run. */
export type Management =
  | { command: "token"; flags: TokenFlags }
  | { command: "trust"; flags: TrustFlags }
  | { command: "audit"; flags: AuditFlags };

export const managementCommands = ["token", "trust", "audit"];

/** Gives the flags back; throws for one that there is not. */
export type Known = <Flags extends Record<string, unknown>>(values: Flags, flags: Record<string, Options>) => Flags;

/** Adds the commands to a parser; `take` gets what they were given, after `known` has checked it. */
export function addManagement<Parser>(
  parser: Argv<Parser>,
  { known, take }: { known: Known; take(request: Management): void },
): Argv<Parser> {
  return parser
    .command("token [action] [id]", "Create, list and revoke access tokens", withTokenFlags, (flags) => {
      const action = actionOf("token", flags.action, ["create", "list", "revoke"]);
      take({ command: "token", flags: { ...known(flags, { ...tokenFlags, action: {}, id: {} }), action } });
    })
    .command("trust [directory]", "Let the configuration of a directory run commands", withTrustFlags, (flags) => {
      take({ command: "trust", flags: known(flags, { ...trustFlags, directory: {} }) });
    })
    .command("audit [action]", "Show and check who did what", withAuditFlags, (flags) => {
      const action = actionOf("audit", flags.action, ["list", "verify"]);
      take({ command: "audit", flags: { ...known(flags, { ...auditFlags, action: {} }), action } });
    });
}

const withTokenFlags = (parser: Argv) =>
  parser
    .usage("$0 token create --scope read|prompt|admin\n$0 token list\n$0 token revoke <id>\n\nThe secret of a new token is printed once.")
    .positional("action", { type: "string", describe: "create, list, revoke" })
    .positional("id", { type: "string", describe: "The token to revoke" })
    .options(tokenFlags);

const withTrustFlags = (parser: Argv) =>
  parser
    .usage("$0 trust [directory]\n\nCommands, permissions and model endpoints that the directory's own configuration names take effect.")
    .positional("directory", { type: "string", describe: "The directory [default: this one]" })
    .options(trustFlags);

const withAuditFlags = (parser: Argv) =>
  parser
    .usage("$0 audit list\n$0 audit verify\n\nApprovals, prompts, changes of configuration, credentials and tokens.")
    .positional("action", { type: "string", describe: "list, verify" })
    .options(auditFlags);
