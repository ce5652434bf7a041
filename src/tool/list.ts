import { z } from "zod";
import { fileTree } from "./file-tree.ts";
import description from "./list.md";
import { relativeResult, ripgrep } from "./ripgrep.ts";
import { enterSearchRoot } from "./search-root.ts";
import { defineTool, type ToolResult } from "./tool.ts";

const limit = 100;
/** Files looked at to build the tree; a directory with more is shown from these. */
const scanned = 20_000;

const input = z.object({
  path: z.string().min(1).optional().describe("The directory to list (default: the session's directory)"),
  ignore: z.array(z.string().min(1)).optional().describe('Globs to leave out, such as ["dist/**", "*.snap"]'),
});

export const list = defineTool({
  id: "list",
  description,
  input,
  repeatable: true,
  async execute({ path: given, ignore = [] }, context): Promise<ToolResult> {
    const root = await enterSearchRoot(given, context, { allowFile: false });
    const pattern = root.target.relative || ".";
    await context.ask({ permission: "list", patterns: [pattern], always: ["*"], metadata: { path: root.target.absolute } });
    const files: string[] = [];
    await ripgrep(["--files", "--sort=path", ...ignore.map((glob) => `--glob=!${glob}`), "./"], {
      directory: root.directory,
      environment: context.environment,
      signal: context.signal,
      onLine: (line) => files.push(relativeResult(line)) < scanned,
    });
    const tree = fileTree(files, limit);
    const isCut = tree.left > 0 || files.length >= scanned;
    const notes = isCut ? ["", `(${limit} entries are shown, those nearest to the top. List a subdirectory to see more of it.)`] : [];
    const body = tree.lines.length === 0 ? ["  (no files)"] : tree.lines;
    const output = [`${root.target.absolute}/`, ...body, ...notes].join("\n");
    return { title: pattern, output, metadata: { count: tree.shown, truncated: isCut } };
  },
});
