import type { Config } from "../schema/config.ts";

/** The resolved configuration of one directory and how it came about. */
export interface ResolvedConfig {
  config: Config;
  /** Absolute paths (or names like `OPENCODE_CONFIG_CONTENT`) that took part, weakest first. */
  sources: string[];
  /** One line each: unknown keys with the nearest known one, keys ignored because the directory is not trusted. */
  warnings: string[];
}
