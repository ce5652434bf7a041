import { sep } from "node:path";
import { z } from "zod";
import { AppError } from "../schema/error.ts";
import type { TextMatch } from "../schema/file.ts";
import { ripgrep } from "./ripgrep.ts";

/** Characters of all matching lines together: minified files have lines of megabytes. */
const mostText = 16 * 1024 * 1024;

/** ripgrep gives what is not UTF-8 as bytes in base64. */
const Text = z
  .union([z.object({ text: z.string() }), z.object({ bytes: z.string() })])
  .transform((value) => ({ text: "text" in value ? value.text : Buffer.from(value.bytes, "base64").toString("utf8") }));

const Match = z.object({
  path: Text,
  lines: Text,
  line_number: z.int(),
  absolute_offset: z.int(),
  submatches: z.array(z.object({ match: Text, start: z.int(), end: z.int() })),
});

/** ripgrep also says where files begin and end, and how long it took. */
const Entry = z.object({ type: z.string(), data: z.unknown() });

export interface TextSearch {
  directory: string;
  /** Further ripgrep arguments: which ignore files count. */
  scope: string[];
  limit: number;
  signal?: AbortSignal;
}

/** Lines that match a regular expression, by path and line. Offsets are bytes, as ripgrep counts. */
export async function searchText(pattern: string, { directory, scope, limit, signal }: TextSearch): Promise<TextMatch[]> {
  if (pattern.includes("\0")) throw new AppError("BadRequest", "A pattern cannot contain a NUL byte.");
  const matches: TextMatch[] = [];
  let length = 0;
  const args = ["--json", "--max-filesize=50M", ...scope, "--", pattern, "./"];
  for await (const line of ripgrep(args, { directory, separator: "\n", signal })) {
    const match = toMatch(line);
    if (match === undefined) continue;
    matches.push(match);
    length += match.lines.text.length;
    if (matches.length >= limit || length > mostText) break;
  }
  return matches.sort((left, right) => compare(left.path.text, right.path.text) || left.line_number - right.line_number);
}

function toMatch(line: string): TextMatch | undefined {
  const { type, data } = Entry.parse(JSON.parse(line));
  if (type !== "match") return undefined;
  const match = Match.parse(data);
  return { ...match, path: { text: toRelative(match.path.text) } };
}

/** `./src/a.ts`, with the platform's separator, as `src/a.ts`. */
export function toRelative(path: string): string {
  return path.split(sep).join("/").replace(/^\.\//, "");
}

const compare = (left: string, right: string): number => (left < right ? -1 : Number(left > right));
