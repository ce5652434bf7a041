import { parse } from "node:path";
import type { EventLog } from "./event/log.ts";
import { createFormatters, type Formatters } from "./format/format.ts";
import { createLanguageServers, type LanguageServers } from "./lsp/lsp.ts";
import { createPrograms } from "./program/program.ts";
import type { Config } from "./schema/config.ts";
import { endFamily, runCommand } from "./tool/registry.ts";

/** The programs that look after a project's files: found in the project and on PATH, configured, started when needed. */
export interface ProjectPrograms {
  formatters: Formatters;
  /** To be disposed: its processes live as long. */
  lsp: LanguageServers;
}

export interface ProjectProgramsOptions {
  directory: string;
  /** The root of the checkout that holds the directory; `/` outside git. */
  worktree: string;
  projectID: string;
  config: Config;
  environment: NodeJS.ProcessEnv;
  isTrusted(directory: string): boolean;
  log: Pick<EventLog, "publish">;
  /** Told of failures nobody waits for. */
  onError(error: unknown): void;
}

export function createProjectPrograms(options: ProjectProgramsOptions): ProjectPrograms {
  const { directory, worktree, projectID, config, environment, isTrusted, log, onError } = options;
  const boundary = parse(worktree).root === worktree ? directory : worktree;
  const programs = createPrograms({ boundary, environment, isTrusted });
  return {
    formatters: createFormatters({ directory, config: config.formatter, programs, environment, runCommand }),
    lsp: createLanguageServers({
      directory,
      config: config.lsp,
      programs,
      environment,
      endProcess: endFamily,
      onUpdated: () => log.publish({ type: "lsp.updated", properties: {} }, { directory, projectID }),
      onError,
    }),
  };
}
