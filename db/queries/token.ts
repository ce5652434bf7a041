import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Orm, Statement } from "../client.ts";
import { token } from "../schema.ts";

export type TokenRow = typeof token.$inferSelect;

export function saveToken(orm: Orm, row: TokenRow): Statement {
  return orm.insert(token).values(row);
}

export async function listTokens(orm: Orm): Promise<TokenRow[]> {
  return orm.select().from(token).orderBy(asc(token.created), asc(token.id));
}

export async function findToken(orm: Orm, id: string): Promise<TokenRow | undefined> {
  return orm.select().from(token).where(eq(token.id, id)).get();
}

export async function findTokenByHash(orm: Orm, hash: string): Promise<TokenRow | undefined> {
  return orm.select().from(token).where(eq(token.hash, hash)).get();
}

export async function findTokens(orm: Orm, ids: string[]): Promise<TokenRow[]> {
  return orm.select().from(token).where(inArray(token.id, ids));
}

/** The first revocation counts. */
export function revokeToken(orm: Orm, { id, time }: { id: string; time: number }): Statement {
  return orm
    .update(token)
    .set({ revoked: time })
    .where(and(eq(token.id, id), isNull(token.revoked)));
}
