import { eq } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { share } from "../schema.ts";

/** The session that the secret of a link opens. `hash`: the secret's SHA-256, in hex. */
export async function findShared(orm: Orm, hash: string): Promise<string | undefined> {
  return (await orm.select({ id: share.sessionID }).from(share).where(eq(share.secretHash, hash)).get())?.id;
}

/** A session has one link at most: an earlier one ends. */
export function saveShare(orm: Orm, row: { sessionID: string; secretHash: string }): Statement[] {
  return [eraseShare(orm, row.sessionID), orm.insert(share).values(row)];
}

export function eraseShare(orm: Orm, sessionID: string): Statement {
  return orm.delete(share).where(eq(share.sessionID, sessionID));
}
