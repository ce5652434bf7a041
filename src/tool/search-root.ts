import { stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../schema/error.ts";
import { missingPath } from "./missing.ts";
import { enterPath, type ToolPath } from "./path.ts";
import type { ToolContext } from "./tool.ts";

/** Where a search happens: a directory, and the one file in it if only that is searched. */
export interface SearchRoot {
  target: ToolPath;
  directory: string;
  file?: string;
}

/** Resolves a search's `path` (default: the session's directory), asking first when it lies outside. */
export async function enterSearchRoot(
  given: string | undefined,
  context: ToolContext,
  options: { allowFile: boolean },
): Promise<SearchRoot> {
  const target = await enterPath(given ?? ".", context, { kind: "directory", alsoInside: [context.output.directory] });
  const stats = await stat(target.real).catch(() => undefined);
  if (stats === undefined) throw await missingPath(target);
  if (stats.isDirectory()) return { target, directory: target.real };
  if (!options.allowFile)
    throw new AppError("BadRequest", `${target.absolute} is a file. Give the path of a directory, or use the read tool.`);
  return { target, directory: path.dirname(target.real), file: path.basename(target.real) };
}
