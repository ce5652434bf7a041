import path from "node:path";
import { z } from "zod";
import { AppError } from "../schema/error.ts";
import { globMatcher } from "./glob-pattern.ts";
import description from "./grep.md";
import { relativeResult, ripgrep } from "./ripgrep.ts";
import { enterSearchRoot, type SearchRoot } from "./search-root.ts";
import { defineTool, type ToolContext, type ToolResult } from "./tool.ts";

const limit = 100;
const maximumColumns = 500;

const input = z.object({
  pattern: z.string().min(1, "must not be empty").describe("The regular expression to look for in the files' lines"),
  path: z.string().min(1).optional().describe("The directory or file to search (default: the session's directory)"),
  include: z.string().min(1).optional().describe('Only files that match this glob, such as "*.ts" or "src/**/*.{ts,tsx}"'),
});

interface Match {
  file: string;
  line: number;
  text: string;
}

export const grep = defineTool({
  id: "grep",
  description,
  input,
  repeatable: true,
  async execute({ pattern, path: given, include }, context): Promise<ToolResult> {
    const root = await enterSearchRoot(given, context, { allowFile: true });
    await context.ask({ permission: "grep", patterns: [pattern], always: ["*"], metadata: { pattern, path: given, include } });
    const found = await search({ pattern, include }, root, context);
    const isCut = found.length > limit;
    const matches = found.slice(0, limit);
    return { title: pattern, output: describeMatches(matches, isCut), metadata: { matches: matches.length, truncated: isCut } };
  },
});

async function search(wanted: { pattern: string; include?: string | undefined }, root: SearchRoot, context: ToolContext): Promise<Match[]> {
  const found: Match[] = [];
  const isIncluded = wanted.include ? globMatcher(wanted.include) : () => true;
  const base = root.file ? path.dirname(root.target.absolute) : root.target.absolute;
  const columns = [`--max-columns=${maximumColumns}`, "--max-columns-preview"];
  const args = ["--line-number", "--with-filename", "--no-heading", "--null", "--sortr=modified", ...columns];
  try {
    await ripgrep([...args, "--regexp", wanted.pattern, "--", `./${root.file ?? ""}`], {
      directory: root.directory,
      environment: context.environment,
      signal: context.signal,
      onLine(line) {
        const match = parseMatch(line);
        if (match && isIncluded(match.file)) found.push({ ...match, file: path.join(base, match.file) });
        return found.length <= limit;
      },
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(
      "BadRequest",
      `The pattern cannot be searched for: ${error.message}\nIt is a regular expression: escape ( ) [ ] { } . * + ? | ^ $ with a backslash to find them literally.`,
    );
  }
  return found;
}

/** ripgrep's `path NUL line:text`. */
function parseMatch(line: string): Match | undefined {
  const found = /^([^\0]+)\0(\d+):(.*)$/s.exec(line);
  if (!found) return undefined;
  const [, file = "", number, text = ""] = found;
  return { file: relativeResult(file), line: Number(number), text };
}

function describeMatches(matches: Match[], isCut: boolean): string {
  if (matches.length === 0) return "No matches found";
  const groups = Map.groupBy(matches, (match) => match.file);
  const blocks = [...groups].map(([file, lines]) => [`${file}:`, ...lines.map(({ line, text }) => `  Line ${line}: ${text}`)].join("\n"));
  const head = isCut
    ? `Found more than ${limit} matches; the first ${limit} follow. Use a narrower pattern, path or include.`
    : `Found ${matches.length} matches`;
  return [head, ...blocks].join("\n\n");
}
