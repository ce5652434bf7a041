import { AppError, type ErrorName } from "../schema/error.ts";

const failures: Record<string, { name: ErrorName; reason: string }> = {
  ENOENT: { name: "NotFoundError", reason: "does not exist" },
  ENOTDIR: { name: "NotFoundError", reason: "does not exist" },
  ELOOP: { name: "NotFoundError", reason: "is a circle of links" },
  EACCES: { name: "ForbiddenError", reason: "may not be read by this server" },
  EPERM: { name: "ForbiddenError", reason: "may not be read by this server" },
  EISDIR: { name: "BadRequest", reason: "is a directory" },
  ENAMETOOLONG: { name: "BadRequest", reason: "is too long a name" },
};

/** What the file system said about a path, in the words of the caller: an AppError for what can be the path's fault, else the error as it is. */
export function fileError(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const failure = failures[code];
  return failure === undefined ? error : new AppError(failure.name, `"${path}" ${failure.reason}.`, {}, { cause: error });
}
