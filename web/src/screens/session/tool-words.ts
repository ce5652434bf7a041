import type { Part } from "../../../../src/client/client.ts";
import { endingOf } from "../../ui/paths.ts";

export type ToolPart = Extract<Part, { type: "tool" }>;

const names: Record<string, string> = {
  bash: "Command",
  read: "Read",
  write: "Write",
  edit: "Edit",
  multiedit: "Edit",
  apply_patch: "Patch",
  glob: "Find files",
  grep: "Search",
  list: "List",
  task: "Sub-agent",
  webfetch: "Fetch",
  websearch: "Web search",
  todowrite: "Todos",
  todoread: "Todos",
  question: "Question",
  skill: "Skill",
  process: "Process",
};

export const toolName = (tool: string): string => names[tool] ?? tool;

/** What of its input tells most, on one line: the command, the path, the pattern. */
export function toolSummary({ tool, state }: Pick<ToolPart, "tool" | "state">): string {
  const { input } = state;
  const first = ["description", "command", "filePath", "path", "pattern", "query", "url", "name"].map((key) => input[key]).find(isText);
  if (tool === "bash" && isText(input.command)) return line(input.command);
  if (isText(first)) return line(first);
  return "title" in state && isText(state.title) ? line(state.title) : "";
}

const line = (text: string): string => text.trim().split("\n")[0] ?? "";
const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

/** How a call stands, in a word. A command that ended badly has failed, whatever the tool says of itself; one that was not allowed has not. */
export function toolState(state: ToolPart["state"]): { word: "waiting" | "running" | "done" | "failed" | "denied"; exit?: number } {
  const metadata = "metadata" in state ? (state.metadata ?? {}) : {};
  const exit = typeof metadata.exit === "number" ? metadata.exit : undefined;
  if (state.status === "pending") return { word: "waiting" };
  if (state.status === "running") return { word: "running" };
  if (state.status === "error" && metadata.denied !== undefined) return { word: "denied" };
  return { word: state.status === "error" || (exit !== undefined && exit !== 0) ? "failed" : "done", exit };
}

/** What it said, or says: a command that runs tells its output as it comes. */
export function toolOutput(state: ToolPart["state"]): string {
  if (state.status === "completed") return isText(state.metadata.output) ? state.metadata.output : state.output;
  if (state.status === "error") return state.error;
  const live = state.status === "running" ? state.metadata?.output : undefined;
  return isText(live) ? live : "";
}

/** Its input as text: of a command the command, of a file the file, of everything else JSON. */
export function toolInput({ tool, state: { input } }: Pick<ToolPart, "tool" | "state">): { code: string; language: string } | undefined {
  if (tool === "bash" && isText(input.command)) return { code: input.command, language: "bash" };
  if (tool === "write" && isText(input.content)) return { code: input.content, language: endingOf(String(input.filePath)) };
  if (Object.keys(input).length === 0) return undefined;
  return { code: JSON.stringify(input, null, 2), language: "json" };
}

/** The change it made, as a patch. */
export function toolDiff(state: ToolPart["state"]): string | undefined {
  const diff = state.status === "completed" ? state.metadata.diff : undefined;
  return isText(diff) ? diff : undefined;
}

/** The files it changed, relative to the directory as the session's diffs name them. */
export function changedFiles({ tool, state }: Pick<ToolPart, "tool" | "state">, directory: string): string[] {
  if (state.status !== "completed" || !["edit", "multiedit", "write", "apply_patch"].includes(tool)) return [];
  const { files } = state.metadata;
  const listed = Array.isArray(files) ? files.flatMap((file: unknown) => pathOf(file) ?? []) : [];
  const named = listed.length > 0 ? listed : [state.metadata.filepath, state.input.filePath].filter(isText).slice(0, 1);
  const root = directory.endsWith("/") ? directory : `${directory}/`;
  return named.map((file) => (file.startsWith(root) ? file.slice(root.length) : file));
}

function pathOf(file: unknown): string | undefined {
  if (isText(file)) return file;
  if (typeof file !== "object" || file === null) return undefined;
  const path = ["relativePath", "filePath", "file", "path"].map((key) => Reflect.get(file, key) as unknown).find(isText);
  return isText(path) ? path : undefined;
}

/** The session of the sub-agent that a call started. */
export function subagentOf(state: ToolPart["state"]): string | undefined {
  const metadata = "metadata" in state ? (state.metadata ?? {}) : {};
  const id = metadata.sessionId ?? metadata.sessionID;
  return isText(id) ? id : undefined;
}
