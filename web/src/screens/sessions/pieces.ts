import type { SessionHit } from "../../../../src/client/client.ts";

export interface Piece {
  /** Where it begins in the snippet, in characters. */
  start: number;
  text: string;
  isMatch: boolean;
}

/** A snippet in pieces: what was looked for, and what stands between. */
export function piecesOf({ snippet, matches }: Pick<SessionHit, "snippet" | "matches">): Piece[] {
  const ends = [0, ...matches.map(({ end }) => end)];
  const pieces = matches.flatMap(({ start, end }, at) => [piece(ends[at] ?? 0, start, false), piece(start, end, true)]);
  return [...pieces, piece(ends.at(-1) ?? 0, snippet.length, false)].filter(({ text }) => text !== "");

  function piece(start: number, end: number, isMatch: boolean): Piece {
    return { start, text: snippet.slice(start, end), isMatch };
  }
}
