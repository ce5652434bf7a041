import { findTexts, marks, type TextQuery } from "../../db/queries/searchable.ts";
import { AppError } from "../schema/error.ts";
import type { SessionHit } from "../schema/session-list.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";

/** Words are looked for in titles and in what people and models wrote. */
export interface SearchQuery extends Omit<TextQuery, "match" | "before"> {
  query: string;
  cursor?: string;
}

/** More words than this say nothing more. */
const mostWords = 16;

export function createSearch({ database: { orm } }: Pick<SessionOptions, "database">): Pick<SessionService, "search"> {
  return {
    async search({ query, cursor, limit, ...filter }) {
      const before = cursor === undefined ? undefined : Number(decodeCursor(cursor, ["number"])[0]);
      const found = await findTexts(orm, { ...filter, match: matchOf(query), before, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { items: page.map(hitOf), ...(found.length > limit && last && { cursor: encodeCursor([last.place]) }) };
    },
  };
}

/** All words must be there, each as a word or as the beginning of one; what is written together is found together. */
function matchOf(query: string): string {
  const words = query.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length === 0)
    throw new AppError("BadRequest", "query: needs a letter or a digit to look for.", { kind: "Query", field: "query" });
  return words
    .slice(0, mostWords)
    .map((word) => `"${word.replaceAll('"', " ").replaceAll("\0", " ")}"*`)
    .join(" ");
}

function hitOf({ session, messageID, partID, role, created, snippet }: Awaited<ReturnType<typeof findTexts>>[number]): SessionHit {
  const { id: sessionID, title, directory, projectID, parentID, time } = session;
  return {
    ...{ sessionID, title, directory, projectID },
    ...(parentID !== undefined && { parentID }),
    ...(time.archived !== undefined && { archived: time.archived }),
    ...(messageID !== null && { messageID, partID }),
    ...(role !== null && { role }),
    time: created ?? time.updated,
    ...unmarked(snippet),
  };
}

/** The text without its marks, and where they were. */
function unmarked(marked: string): Pick<SessionHit, "snippet" | "matches"> {
  const matches: SessionHit["matches"] = [];
  let snippet = "";
  for (const [at, piece] of marked.split(marks.begin).entries()) {
    const [word = "", rest = ""] = at === 0 ? ["", piece] : piece.split(marks.end);
    if (word !== "") matches.push({ start: snippet.length, end: snippet.length + word.length });
    snippet += word + rest;
  }
  return { snippet, matches };
}
