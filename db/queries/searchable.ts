import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Part } from "../../src/schema/part.ts";
import type { Session } from "../../src/schema/session.ts";
import type { Orm, Statement } from "../client.ts";
import { message, searchable, session } from "../schema.ts";
import { isWithin } from "./within.ts";

/** Characters of one text that are searched. */
const longest = 32_768;

/** What marks the words that were found, in a snippet. */
export const marks = { begin: "\u0002", end: "\u0003" };

export function indexTitle(orm: Orm, { id, title }: Session): Statement {
  return save(orm, { sessionID: id, messageID: null, partID: id, text: title });
}

/** Keeps the text of a part findable: of what people and models wrote, once it is whole. */
export function indexPart(orm: Orm, part: Part): Statement[] {
  if (part.type !== "text") return [];
  const isWhole = part.time === undefined || part.time.end !== undefined;
  const { id: partID, sessionID, messageID, text } = part;
  if (!isWhole || part.synthetic || part.ignored || text === "") return [eraseText(orm, partID)];
  return [save(orm, { sessionID, messageID, partID, text: text.slice(0, longest) })];
}

function save(orm: Orm, row: Omit<typeof searchable.$inferInsert, "id">): Statement {
  return orm
    .insert(searchable)
    .values(row)
    .onConflictDoUpdate({ target: searchable.partID, set: row, setWhere: sql`${searchable.text} <> ${row.text}` });
}

export const eraseText = (orm: Orm, partID: string): Statement => orm.delete(searchable).where(eq(searchable.partID, partID));

export const eraseMessageText = (orm: Orm, messageID: string): Statement =>
  orm.delete(searchable).where(eq(searchable.messageID, messageID));

export const eraseSessionText = (orm: Orm, sessionID: string): Statement =>
  orm.delete(searchable).where(eq(searchable.sessionID, sessionID));

export interface TextQuery {
  /** Of FTS5. */
  match: string;
  /** Found before this place. */
  before?: number;
  limit: number;
  projectID?: string;
  sessionID?: string;
  archived: boolean;
  /** In each list one must be or hold the session's directory. */
  within: readonly (readonly string[])[];
}

/** Newest first, as far as SQLite can tell without looking at all: in the order in which the texts were stored. */
export async function findTexts(orm: Orm, query: TextQuery) {
  return orm
    .select({
      place: searchable.id,
      session: session.data,
      messageID: searchable.messageID,
      partID: searchable.partID,
      role: message.role,
      created: message.created,
      snippet: sql<string>`snippet(search, 0, ${marks.begin}, ${marks.end}, '…', 24)`,
    })
    .from(sql`search`)
    .innerJoin(searchable, sql`${searchable.id} = search.rowid`)
    .innerJoin(session, eq(session.id, searchable.sessionID))
    .leftJoin(message, eq(message.id, searchable.messageID))
    .where(and(sql`search match ${query.match}`, ...conditions(query)))
    .orderBy(sql`search.rowid desc`)
    .limit(query.limit);
}

function conditions({ before, projectID, sessionID, archived, within }: TextQuery): (SQL | undefined)[] {
  return [
    before === undefined ? undefined : sql`search.rowid < ${before}`,
    projectID === undefined ? undefined : eq(session.projectID, projectID),
    sessionID === undefined ? undefined : eq(session.id, sessionID),
    archived ? undefined : sql`${session.archived} is null`,
    ...within.map((roots) => isWithin(roots)),
  ];
}
