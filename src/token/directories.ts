import { realpath, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { AppError } from "../schema/error.ts";

/** The directories with symlinks resolved. Throws BadRequest for a path that is not absolute, NotFoundError for what is no directory. */
export async function realDirectories(paths: string[]): Promise<string[]> {
  return Promise.all(paths.map(realDirectory));
}

async function realDirectory(path: string): Promise<string> {
  if (!isAbsolute(path)) {
    throw new AppError("BadRequest", `directories: "${path}" is not an absolute path.`, { kind: "Payload", field: "directories" });
  }
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || !(await stat(real)).isDirectory()) {
    throw new AppError("NotFoundError", `There is no directory ${path}.`, { directory: path });
  }
  return real;
}
