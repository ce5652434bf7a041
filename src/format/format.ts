import path from "node:path";
import type { Programs } from "../program/program.ts";
import type { Config } from "../schema/config.ts";
import type { FormatterStatus } from "../schema/service.ts";
import type { runCommand } from "../tool/registry.ts";
import { type Formatter, formattersOf, type Plan } from "./plan.ts";
import { run } from "./run.ts";

/** The formatters of one project: those of the configuration, and those the project asks for by its own files. */
export interface Formatters {
  /** Every formatter that the configuration leaves on; `enabled` where it would run in this directory. */
  status(): Promise<FormatterStatus[]>;
  /**
   * Formats a file in place (absolute, without symlinks) with the one formatter that fits it best; undefined when none does. Does not
   * reject: what went wrong is in `failure`. The command runs in a process group of its own and under a time limit.
   */
  format(file: string, signal: AbortSignal): Promise<Formatting | undefined>;
}

export interface Formatting {
  /** The name of the formatter that ran. */
  name: string;
  /** Why it did not do its work, for people and models; the file may be as it was, or half done. */
  failure?: string;
}

export interface FormatterOptions {
  directory: string;
  config: Config["formatter"];
  programs: Programs;
  environment: NodeJS.ProcessEnv;
  runCommand: typeof runCommand;
  /** Milliseconds a formatter may take. */
  timeout?: number;
  /** Milliseconds for which a formatter that took longer is left alone. */
  rest?: number;
}

const defaults = { timeout: 10_000, rest: 5 * 60_000 };

export function createFormatters(options: FormatterOptions): Formatters {
  const { directory, programs, timeout = defaults.timeout, rest = defaults.rest } = options;
  const formatters = formattersOf(options.config, { programs, directory });
  const resting = new Map<string, number>();
  const isAwake = ({ name }: Formatter): boolean => (resting.get(name) ?? 0) <= Date.now();
  return {
    status: () =>
      Promise.all(
        formatters.map(async ({ name, extensions, plan }) => ({ name, extensions, enabled: (await plan(directory)) !== undefined })),
      ),
    async format(file, signal) {
      const from = path.dirname(file);
      if (programs.up(from).length === 0) return undefined;
      const extension = path.extname(file).toLowerCase();
      const chosen = await choose(
        formatters.filter(({ extensions }) => extensions.includes(extension)),
        from,
      );
      if (chosen === undefined || !isAwake(chosen.formatter)) return undefined;
      const { name } = chosen.formatter;
      const failure = await run(chosen.plan, { ...options, file, signal, timeout });
      if (failure?.timedOut) resting.set(name, Date.now() + rest);
      return { name, ...(failure && { failure: failure.message }) };
    },
  };
}

/** The formatter whose evidence is nearest to the file; of several at one place the first. */
async function choose(formatters: Formatter[], from: string): Promise<{ formatter: Formatter; plan: Plan } | undefined> {
  const found = await Promise.all(formatters.map(async (formatter) => ({ formatter, plan: await formatter.plan(from) })));
  const usable = found.flatMap(({ formatter, plan }) => (plan ? [{ formatter, plan }] : []));
  return usable.sort((one, other) => one.plan.distance - other.plan.distance)[0];
}
