import { sep } from "node:path";
import { AppError } from "../src/schema/error.ts";
import type { Context } from "./trpc.ts";

/** The directory as sessions of it are stored (symlinks resolved). Sessions of a place this server does not work in can be listed all the same. */
export async function storedDirectory(context: Context): Promise<string> {
  try {
    return (await context.instance()).directory;
  } catch (error) {
    if (error instanceof AppError && (error.name === "ForbiddenError" || error.name === "NotFoundError")) return context.directory;
    throw error;
  }
}

/** The lists of directories that a caller is limited to: the server's roots, and those of its token. */
export const placesOf = ({ app, principal }: Context): (readonly string[])[] => [
  app.roots,
  ...(principal.directories ? [principal.directories] : []),
];

/**
 * Whether a reader may see an event: not that of a directory outside the roots, which belongs to somebody else; and who is limited to
 * directories sees theirs alone, not what belongs to none.
 */
export function isVisible(event: { directory?: string }, reader: { roots: readonly string[]; directories?: readonly string[] }): boolean {
  if (event.directory === undefined) return reader.directories === undefined;
  return isServed(event.directory, reader.roots) && (reader.directories === undefined || isServed(event.directory, reader.directories));
}

/** Whether the directory is one of the roots or below one. */
export function isServed(directory: string, roots: readonly string[]): boolean {
  return roots.some((root) => directory === root || directory.startsWith(root.endsWith(sep) ? root : root + sep));
}
