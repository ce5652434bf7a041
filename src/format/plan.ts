import type { Programs } from "../program/program.ts";
import type { Config } from "../schema/config.ts";
import { type KnownFormatter, knownFormatters } from "./formatters.ts";
import { findEvidence } from "./project.ts";

/** A formatter as the configuration leaves it. */
export interface Formatter {
  name: string;
  extensions: string[];
  /** How it would run on files of a directory; undefined where the project does not use it or it is not installed. */
  plan(from: string): Promise<Plan | undefined>;
}

export interface Plan {
  /** Directories between the file and what shows that the project wants this formatter; the smaller, the better it fits. */
  distance: number;
  directory: string;
  environment: Record<string, string>;
  command(file: string): Promise<string[]>;
}

type Settings = Exclude<NonNullable<Config["formatter"]>, boolean>;
type Setting = Settings[string];

/** Those of the configuration first, in its order, then the known ones that it does not switch off or replace. */
export function formattersOf(config: Config["formatter"], { programs, directory }: { programs: Programs; directory: string }): Formatter[] {
  if (config === false) return [];
  const settings: Settings = typeof config === "object" ? config : {};
  const active = Object.entries(settings).filter(([, setting]) => setting.disabled !== true);
  const configured = active.flatMap(([name, setting]) =>
    setting.command ? [configuredFormatter(name, setting, { programs, directory })] : [],
  );
  const known = knownFormatters.filter(({ name }) => {
    const setting = settings[name];
    return setting === undefined || (setting.disabled !== true && setting.command === undefined);
  });
  return [...configured, ...known.map((formatter) => knownFormatter(formatter, settings[formatter.name] ?? {}, programs))];
}

function configuredFormatter(
  name: string,
  setting: Setting,
  { programs, directory }: { programs: Programs; directory: string },
): Formatter {
  const [word = "", ...args] = setting.command ?? [];
  const extensions = setting.extensions ?? knownFormatters.find((known) => known.name === name)?.extensions ?? [];
  return {
    name,
    extensions,
    async plan() {
      const program = await programs.find(word, directory);
      if (program === undefined) return undefined;
      return {
        distance: -1,
        directory,
        environment: setting.environment ?? {},
        command: async (file) => withFile([program, ...args], file),
      };
    },
  };
}

function knownFormatter(known: KnownFormatter, setting: Setting, programs: Programs): Formatter {
  const { name, evidence, runsProjectCode = false } = known;
  return {
    name,
    extensions: setting.extensions ?? known.extensions,
    async plan(from) {
      const directories = programs.up(from);
      const directory = evidence ? await findEvidence(evidence, directories) : from;
      if (directory === undefined || (runsProjectCode && !(await programs.mayRunCode(from)))) return undefined;
      const program = await programs.find(known.program, from);
      if (program === undefined) return undefined;
      const command = async (file: string) =>
        (await known.command?.({ program, directory, file })) ?? withFile([program, ...known.args], file);
      return { distance: directories.indexOf(directory), directory, environment: setting.environment ?? {}, command };
    },
  };
}

function withFile(words: string[], file: string): string[] {
  return words.map((word) => word.replaceAll("$FILE", () => file));
}
