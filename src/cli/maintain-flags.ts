import type { Argv, InferredOptionTypes, Options } from "yargs";
import type { Known } from "./manage-flags.ts";

const takesText = { type: "string", requiresArg: true } as const;

const shared = {
  json: { type: "boolean", describe: "Print JSON" },
  db: { ...takesText, describe: "libSQL URL or file of the store [default: the data directory]" },
} satisfies Record<string, Options>;

export type BackupFlags = Partial<InferredOptionTypes<typeof shared>> & { file: string };
export type DoctorFlags = Partial<InferredOptionTypes<typeof shared>>;

/** Care for what a server leaves running for weeks; none of it needs the server to stop. */
export type Maintenance = { command: "backup"; flags: BackupFlags } | { command: "doctor"; flags: DoctorFlags };

export const maintenanceCommands = ["backup", "doctor"];

/** Adds the commands to a parser; `take` gets what they were given, after `known` has checked it. */
export function addMaintenance<Parser>(
  parser: Argv<Parser>,
  { known, take }: { known: Known; take(request: Maintenance): void },
): Argv<Parser> {
  return parser
    .command("backup <file>", "Copy the store into a new file, also while servers use it", withBackup, (flags) => {
      take({ command: "backup", flags: known(flags, { ...shared, file: {} }) });
    })
    .command("doctor", "Check what codeport needs and finds here", withDoctor, (flags) => {
      take({ command: "doctor", flags: known(flags, shared) });
    });
}

const withBackup = (parser: Argv) =>
  parser
    .usage("$0 backup <file>\n\nThe copy is a whole store of its own: start a server on it with --db.")
    .positional("file", { type: "string", demandOption: true, describe: "The file to make; it must not exist" })
    .options(shared);

const withDoctor = (parser: Argv) => parser.usage("$0 doctor\n\nEnds with 1 when something is wrong.").options(shared);
