import type { Orm } from "../../db/client.ts";
import { findSession } from "../../db/queries/session.ts";
import { AppError } from "../schema/error.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";

/** Throws NotFoundError for an unknown id. */
export async function knownSession(orm: Orm, id: string): Promise<Session> {
  const session = await findSession(orm, id);
  if (session === undefined) throw new AppError("NotFoundError", `Session not found: ${id}`, { sessionID: id });
  return session;
}

/** As `knownSession`, for what a session holds and for changing it. Throws ForbiddenError for one of a directory outside the roots: it is listed, no more. */
export async function ourSession({ database, serves }: SessionOptions, id: string): Promise<Session> {
  const session = await knownSession(database.orm, id);
  if (serves(session.directory)) return session;
  const message = `The session ${id} belongs to ${session.directory}, outside the roots this server works in. Start it there, or add it with --root.`;
  throw new AppError("ForbiddenError", message, { sessionID: id, directory: session.directory });
}
