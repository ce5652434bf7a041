import { lstat, readlink, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { AppError } from "../schema/error.ts";
import { fileError } from "./failure.ts";

/** A path that was found inside the root. */
export interface Place {
  /** As it was asked for, relative to the root, with "/"; "" is the root. */
  path: string;
  /** On disk, without any symlink in it. */
  absolute: string;
}

/** More links in one path are a circle, as for the kernel. */
const mostLinks = 40;

/**
 * Finds a path, relative to the root or absolute, inside the root. Every symlink on the way is followed by hand and has to stay inside: nothing
 * outside is ever looked at, so an answer cannot tell what exists there. Throws ForbiddenError for what leads outside (an encoded `..` too),
 * NotFoundError for what is missing inside, BadRequest for a NUL byte.
 */
export async function resolveInside(root: string, path: string): Promise<Place> {
  if (path.includes("\0")) throw new AppError("BadRequest", "A path cannot contain a NUL byte.");
  if (hasEncodedParent(path)) throw outside(path);
  const boundary: Boundary = { given: resolve(root), real: await realRoot(root), path };
  const way = wayInside(boundary, resolve(boundary.given, path));
  return { path: way.split(sep).join("/"), absolute: await follow(boundary, way) };
}

interface Boundary {
  given: string;
  real: string;
  /** As asked for, for messages. */
  path: string;
}

async function follow(boundary: Boundary, way: string): Promise<string> {
  let current = boundary.real;
  let links = 0;
  const rest = segments(way);
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    const next = join(current, name);
    const target = await readLink(next, boundary.path);
    if (target === undefined) {
      current = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) throw new AppError("NotFoundError", `"${boundary.path}" is a circle of links.`);
    rest.unshift(...segments(wayInside(boundary, resolve(current, target))));
    current = boundary.real;
  }
  return current;
}

/** Where a link points; undefined for what is there and is no link. */
async function readLink(absolute: string, path: string): Promise<string | undefined> {
  try {
    return (await lstat(absolute)).isSymbolicLink() ? await readlink(absolute) : undefined;
  } catch (error) {
    throw fileError(error, path);
  }
}

/** From the root to an absolute path, by names alone. The root may have been given through a link (`/tmp` on macOS). */
function wayInside({ real, given, path }: Boundary, absolute: string): string {
  const way = [relative(real, absolute), relative(given, absolute)].find((candidate) => !leadsOut(candidate));
  if (way === undefined) throw outside(path);
  return way;
}

function leadsOut(way: string): boolean {
  return isAbsolute(way) || way === ".." || way.startsWith(`..${sep}`);
}

function segments(way: string): string[] {
  return way.split(sep).filter((name) => name !== "");
}

/** `%2e%2e%2f` and the like, encoded once or more, for whoever decodes twice. */
function hasEncodedParent(path: string): boolean {
  const characters: Record<string, string> = { "2e": ".", "2f": "/", "5c": "\\" };
  const decoded = path.replace(/%(?:25)*(2e|2f|5c)/gi, (_, code: string) => characters[code.toLowerCase()] ?? "");
  return decoded !== path && decoded.split(/[/\\]/).includes("..");
}

async function realRoot(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (error) {
    throw fileError(error, root);
  }
}

function outside(path: string): AppError {
  return new AppError("ForbiddenError", `"${path}" leads outside this directory.`);
}
