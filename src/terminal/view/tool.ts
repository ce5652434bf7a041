import type { ToolPart } from "../../client/client.ts";
import type { Canvas } from "../markdown.ts";
import { clean, cleanLine, cut, tail, widthOf, wrapExactly } from "../text.ts";
import type { Theme } from "../theme.ts";

/** Lines of an output that are shown while the tool runs, and after. */
const [liveLines, outputLines] = [6, 8];

/** A tool call: its name, what it is about, its state, and the end of what it said. */
export function toolCard({ tool, state }: ToolPart, { width, theme, details }: Canvas & { details: boolean }): string[] {
  const isDenied = state.status === "error" && state.metadata?.denied !== undefined;
  const look = isDenied ? denied : looks[state.status];
  const about = cleanLine(subject(state.input) ?? ("title" in state ? (state.title ?? "") : ""));
  const name = cleanLine(tool);
  const said = isDenied ? " denied" : state.status === "completed" ? "" : ` ${state.status}`;
  const room = width - widthOf(`${look.mark} ${name} ${said}`) - 1;
  const head = `${look.style(theme)(look.mark)} ${theme.bold(name)} ${cut(about, room)}${look.style(theme)(said)}`;
  const { hidden, lines } = tail(
    body(tool, state, { width, theme }),
    details ? 10_000 : state.status === "running" ? liveLines : outputLines,
  );
  const more = hidden === 0 ? [] : [theme.dim(`  │ … ${hidden} more (Ctrl-O)`)];
  return [head, ...more, ...lines.map((line) => `${theme.dim("  │ ")}${line}`)];
}

const looks: Record<ToolPart["state"]["status"], { mark: string; style(theme: Theme): (text: string) => string }> = {
  pending: { mark: "○", style: ({ dim }) => dim },
  running: { mark: "◐", style: ({ warning }) => warning },
  completed: { mark: "●", style: ({ good }) => good },
  error: { mark: "✗", style: ({ bad }) => bad },
};

/** In the contract it is an error, but nothing went wrong. */
const denied: (typeof looks)["error"] = { mark: "⊘", style: ({ warning }) => warning };

/** Their outputs say nothing that a person wants to read by default: the card names the file or the search. */
const quiet = new Set(["read", "list", "glob", "todowrite", "todoread", "skill", "webfetch"]);

function body(tool: string, state: ToolPart["state"], { width, theme }: Canvas): string[] {
  if (state.status === "pending") return [];
  const draw = (text: string, style = theme.dim) =>
    clean(text)
      .trimEnd()
      .split("\n")
      .flatMap((line) => (line === "" ? [] : wrapExactly(line, width - 4)))
      .map(style);
  if (state.status === "error") return draw(state.error, state.metadata?.denied === undefined ? theme.bad : theme.dim);
  const { diff, output } = state.metadata ?? {};
  if (typeof diff === "string" && diff !== "") return diffLines(diff, { width: width - 4, theme });
  if (state.status === "running") return typeof output === "string" ? draw(output) : [];
  return quiet.has(tool) ? [] : draw(state.output);
}

/** A patch without its file headers. */
export function diffLines(patch: string, { width, theme }: Canvas): string[] {
  const lines = clean(patch).trimEnd().split("\n");
  const shown = lines.filter((line) => !/^(Index: |={4,}|--- |\+\+\+ |\\ No newline)/.test(line));
  return shown.flatMap((line) =>
    wrapExactly(line, width).map(line.startsWith("+") ? theme.good : line.startsWith("-") ? theme.bad : theme.dim),
  );
}

/** What a call is about: the first of its inputs that says so. */
export function subject(input: Record<string, unknown>): string | undefined {
  for (const key of ["command", "filePath", "path", "pattern", "url", "description", "query", "name"]) {
    const value = input[key];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}
