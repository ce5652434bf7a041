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

/** Whether the directory is one of the roots or below one. */
export function isServed(directory: string, roots: string[]): boolean {
  return roots.some((root) => directory === root || directory.startsWith(root.endsWith(sep) ? root : root + sep));
}
