import { eq } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { defaultSession } from "../schema.ts";

/** The session that the id `default` stands for in the directory. */
export async function findDefaultSession(orm: Orm, directory: string): Promise<string | undefined> {
  return (await orm.select({ id: defaultSession.sessionID }).from(defaultSession).where(eq(defaultSession.directory, directory)).get())?.id;
}

export function saveDefaultSession(orm: Orm, row: { directory: string; sessionID: string }): Statement {
  return orm.insert(defaultSession).values(row);
}
