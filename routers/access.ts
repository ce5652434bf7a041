import { AppError } from "../src/schema/error.ts";
import { isServed } from "./place.ts";
import type { Context, Meta } from "./trpc.ts";

/** Throws ForbiddenError unless the caller's scope covers the procedure's. */
export function requireScope({ principal }: Context, meta: Meta | undefined): void {
  if (meta !== undefined && principal.scopes.includes(meta.scope)) return;
  throw new AppError("ForbiddenError", `This needs the scope "${meta?.scope}".`, { scope: meta?.scope });
}

/** Fields that widen what a session may do without asking. */
const elevating = ["permission"];

/**
 * Whether only a person may make this call: what an administrator does, what the procedure says of itself, and whatever sets permission
 * rules. A tool that could make it would approve its own doing.
 */
export function needsPerson(meta: Meta, type: string, input: unknown): boolean {
  if (type !== "mutation") return meta.person === true;
  return meta.person ?? (meta.scope === "admin" || elevating.some((field) => fieldOf(input, field) !== undefined));
}

/** Throws ForbiddenError when the call comes from a process that a tool started, as far as that can be told. */
export async function requirePerson({ app, principal }: Context, action: string): Promise<void> {
  const tool = await principal.tool?.();
  if (tool === undefined) return;
  const actor = { name: `tool ${tool}`, address: principal.address };
  await app.audit.record({ actor, action: `${action} refused` });
  const message = "This has to be decided by a person: it was sent by a process that the server itself started, as a tool or for one.";
  throw new AppError("ForbiddenError", message, { tool });
}

/**
 * For a caller that is limited to directories: throws ForbiddenError for a request elsewhere, and NotFoundError for ids that lead
 * elsewhere, as for ids that do not exist.
 */
export async function requirePlace(context: Context, input: unknown): Promise<void> {
  const { directories } = context.principal;
  if (directories === undefined) return;
  await context.instance();
  for (const text of textsOf(input)) {
    const place = await context.app.placeOf(text);
    if (place !== undefined && !isServed(place, directories)) throw new AppError("NotFoundError", `Not found: ${text}`, { id: text });
  }
}

/** An answer without what lies outside the caller's directories. Such lists are the only answers that reach beyond the request's own. */
export function onlyPlaces(value: unknown, directories: readonly string[]): unknown {
  if (Array.isArray(value)) return value.filter((item) => isWithin(item, directories));
  const lists = Object.entries(isObject(value) ? value : {}).filter(([, inner]) => Array.isArray(inner));
  if (lists.length === 0) return value;
  return { ...(value as object), ...Object.fromEntries(lists.map(([key, inner]) => [key, onlyPlaces(inner, directories)])) };
}

/** A session by its directory; a project when it and the caller's directories have some in common. */
function isWithin(item: unknown, directories: readonly string[]): boolean {
  const [directory, worktree] = [fieldOf(item, "directory"), fieldOf(item, "worktree")];
  if (typeof directory === "string") return isServed(directory, directories);
  if (typeof worktree !== "string") return true;
  return isServed(worktree, directories) || directories.some((own) => isServed(own, [worktree]));
}

const idLike = /^(?:ses|per|que|mem)\S{0,80}$|^file:/i;

/** Ids and addresses of files, wherever in the input they stand. */
function textsOf(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return idLike.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null || depth > 6) return [];
  return Object.values(value).flatMap((inner) => textsOf(inner, depth + 1));
}

/** Ids in an input, by the names of their fields: those of the address, and whatever has the form of an id. */
export function idsOf(meta: Meta, input: unknown): Record<string, string> {
  const addressed = [...(meta.openapi?.path ?? "").matchAll(/\{(\w+)/g)].map(([, name]) => name);
  const entries = Object.entries(isObject(input) ? input : {}).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== "string" || value.length > 200) return [];
    return addressed.includes(name) || /^[a-z]{3}_[0-9A-Za-z]{10,}$/.test(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(entries);
}

/** A field of what may be an object. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
