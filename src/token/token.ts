import { createHash, randomBytes } from "node:crypto";
import type { Database, Statement } from "../../db/client.ts";
import { findToken, findTokenByHash, findTokens, listTokens, revokeToken, saveToken, type TokenRow } from "../../db/queries/token.ts";
import type { Actor, AuditEntry } from "../schema/audit.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { Token, TokenCreate } from "../schema/token.ts";
import { realDirectories } from "./directories.ts";
import { createTickets, type Tickets } from "./ticket.ts";

/**
 * Access tokens: what lets a program in without the password, with less than all rights. A secret is shown once and kept as its hash;
 * it is 256 random bits, so a plain hash is enough.
 */
export interface TokenService {
  /** Throws BadRequest (a date that has passed, `admin` with directories), NotFoundError (a directory that is not there). */
  create(input: TokenCreate, actor: Actor): Promise<{ token: Token; secret: string }>;
  /** Oldest first; those that ended too. */
  list(): Promise<Token[]>;
  /** Throws NotFoundError. What was revoked before stays as it is. */
  revoke(id: string, actor: Actor): Promise<Token>;
  /** The token of a secret. Throws UnauthorizedError when it is unknown, has expired or was revoked. */
  verify(secret: string): Promise<Token>;
  /** Those of the ids that let nobody in any more. */
  ended(ids: string[]): Promise<string[]>;
  /** One-use keys for the streams of browsers, known to this server only. */
  tickets: Tickets;
}

export interface TokenOptions {
  database: Database;
  /** Puts an entry on record in the batch of the change. */
  audit: { entry(entry: AuditEntry): Statement };
}

const prefix = "cpt_";

/** Whether a text looks like the secret of a token: told apart from passwords by its beginning. */
export function isTokenSecret(text: string): boolean {
  return text.startsWith(prefix);
}

export function createTokens({ database, audit }: TokenOptions): TokenService {
  const { orm } = database;

  async function create(input: TokenCreate, actor: Actor): Promise<{ token: Token; secret: string }> {
    refuseUnfit(input);
    const directories = input.directories && (await realDirectories(input.directories));
    const secret = prefix + randomBytes(32).toString("base64url");
    const { scope, name = "", expires = null } = input;
    const row: TokenRow = {
      ...{ id: createId("token"), name, scope, expires, revoked: null },
      ...{ hash: digest(secret), directories: directories ?? null, created: Date.now() },
    };
    const record = audit.entry({ actor, action: "token.create", subject: { tokenID: row.id, scope } });
    await database.write([saveToken(orm, row), record]);
    return { token: toToken(row), secret };
  }

  async function revoke(id: string, actor: Actor): Promise<Token> {
    const row = await findToken(orm, id);
    if (row === undefined) throw new AppError("NotFoundError", `There is no token ${id}.`, { tokenID: id });
    if (row.revoked !== null) return toToken(row);
    const time = Date.now();
    const record = audit.entry({ actor, action: "token.revoke", subject: { tokenID: id } });
    await database.write([revokeToken(orm, { id, time }), record]);
    return toToken({ ...row, revoked: time });
  }

  return {
    create,
    revoke,
    list: async () => (await listTokens(orm)).map(toToken),
    async verify(secret) {
      const row = await findTokenByHash(orm, digest(secret));
      if (row === undefined) throw new AppError("UnauthorizedError", "The token is not known here.");
      if (hasEnded(row))
        throw new AppError("UnauthorizedError", `The token ${row.id} ${row.revoked === null ? "has expired" : "was revoked"}.`);
      return toToken(row);
    },
    async ended(ids) {
      const rows = await findTokens(orm, ids);
      const good = new Set(rows.filter((row) => !hasEnded(row)).map(({ id }) => id));
      return ids.filter((id) => !good.has(id));
    },
    tickets: createTickets(),
  };
}

function refuseUnfit({ scope, expires, directories }: TokenCreate): void {
  if (expires !== undefined && expires <= Date.now()) throw unfit("expires", "must be in the future.");
  // What an administrator changes holds for the whole server: a limit to directories would be none.
  if (scope === "admin" && directories !== undefined)
    throw unfit("directories", "a token with the scope admin cannot be limited to directories.");
}

function unfit(field: string, fault: string): AppError {
  return new AppError("BadRequest", `${field}: ${fault}`, { kind: "Payload", field });
}

const hasEnded = ({ expires, revoked }: TokenRow): boolean => revoked !== null || (expires !== null && expires <= Date.now());

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function toToken({ hash: _hash, directories, expires, revoked, ...row }: TokenRow): Token {
  return { ...row, directories: directories ?? undefined, expires: expires ?? undefined, revoked: revoked ?? undefined };
}
