import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { openStoredFile, type StoredFile } from "../file-store/file-store.ts";
import type { Config } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import { type Change, changesOf, same, withChanges } from "./change.ts";
import type { ResolvedConfig } from "./config.ts";
import { hasReferences } from "./substitute.ts";

/** Writes configuration files. Calls for the same file follow each other, and none loses what another has written. */
export interface ConfigWriter {
  /**
   * Writes what a patch changes to a file, and gives what holds then. Throws ConfigInvalidError for a file that is broken before or would be after,
   * ConflictError for a change that something stronger than the file keeps from having an effect; nothing is written then.
   */
  write(target: WriteTarget, patch: Config): Promise<{ written: boolean; resolved: ResolvedConfig }>;
}

export interface WriteTarget {
  file: string;
  /** The configuration the file is part of; with a draft, as if that were in the file. */
  load(draft?: Draft): Promise<ResolvedConfig>;
  /** Whether a file may be written, symlinks resolved. */
  isOurs(file: string): boolean;
}

export interface Draft {
  file: string;
  text: string;
}

export function createConfigWriter(): ConfigWriter {
  const files = new Map<string, StoredFile>();
  const opened = (file: string): StoredFile => {
    const known = files.get(file) ?? openStoredFile(file);
    files.set(file, known);
    return known;
  };
  return {
    async write({ file, load, isOurs }, patch) {
      const real = await realFile(file);
      if (!isOurs(real)) throw new AppError("ForbiddenError", `${file} lies outside of what this server writes to.`, { path: file });
      const holds: { resolved?: ResolvedConfig } = {};
      const written = await opened(real).change(async (text = "{}\n") => {
        holds.resolved = await load();
        const changes = changesOf(patch, holds.resolved.config);
        if (changes.length === 0) return undefined;
        const draft = { file, text: withChanges(text, changes) };
        holds.resolved = await load(draft);
        requireEffect(changes, { file, resolved: holds.resolved });
        return draft.text;
      });
      return { written, resolved: holds.resolved ?? (await load()) };
    },
  };
}

/** The file a link leads to, so that the link stays one. */
async function realFile(file: string): Promise<string> {
  const found = await realpath(file).catch(() => undefined);
  if (found !== undefined) return found;
  const folder = await realpath(dirname(file)).catch(() => dirname(file));
  return `${folder}${file.slice(dirname(file).length)}`;
}

/** A value that something stronger overrules would be stored, and nobody would see why it does not count. */
function requireEffect(changes: Change[], { file, resolved }: { file: string; resolved: ResolvedConfig }): void {
  const lost = changes.find(({ path, value }) => !hasReferences(value) && !isIn(value, valueAt(resolved.config, path)));
  if (lost === undefined) return;
  const field = lost.path.join(".");
  const stronger = resolved.sources.slice(resolved.sources.indexOf(file) + 1);
  const reason = stronger.length > 0 ? `one of these wins over ${file}: ${stronger.join(", ")}` : `${file} does not decide it here`;
  const untrusted = resolved.warnings.find((warning) => warning.startsWith(`${file}: `) && warning.includes("not trusted"));
  throw new AppError("ConflictError", `${field}: the change would have no effect, because ${untrusted ?? reason}.`, {
    field,
    path: file,
    stronger,
  });
}

/** Lists that add up over files hold more than was asked for. */
function isIn(wanted: unknown, found: unknown): boolean {
  if (same(wanted, found)) return true;
  return Array.isArray(wanted) && Array.isArray(found) && wanted.every((entry) => found.some((other) => same(entry, other)));
}

function valueAt(value: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Object.entries(at).find(([name]) => name === key)?.[1] : undefined),
    value,
  );
}
