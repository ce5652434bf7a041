import type { PermissionRequest } from "../../../../src/client/client.ts";

const words: Record<string, string> = {
  bash: "Run a command",
  edit: "Change a file",
  read: "Read a file",
  glob: "Look for files",
  grep: "Search in files",
  list: "List a folder",
  task: "Start a sub-agent",
  webfetch: "Read a page of the web",
  websearch: "Search the web",
  external_directory: "Go outside the project's directory",
  doom_loop: "Make the same call again and again",
  skill: "Load a skill",
  lsp: "Ask the language server",
};

/** What is asked for, in words: `Run a command`. */
export function permissionTitle({ permission }: Pick<PermissionRequest, "permission">): string {
  return words[permission] ?? `Use ${permission}`;
}

/** What is to be done exactly, as a text to show: the command, the change, the address. */
export function permissionDetail({ permission, metadata, patterns }: PermissionRequest): { text: string; language: string } | undefined {
  const { command, diff, url } = metadata;
  if (typeof command === "string") return { text: command, language: "bash" };
  if (typeof diff === "string" && diff !== "") return { text: bare(diff), language: "diff" };
  if (typeof url === "string") return { text: url, language: "" };
  if (permission === "doom_loop")
    return { text: JSON.stringify({ tool: metadata.tool, input: metadata.input }, null, 2), language: "json" };
  const text = patterns.filter((pattern) => pattern !== "*").join("\n");
  return text === "" ? undefined : { text, language: "" };
}

/** What `always` would allow from now on: `bash: git status *`. */
export function permissionReach({ permission, always }: Pick<PermissionRequest, "permission" | "always">): string {
  return always.every((pattern) => pattern === "*") ? `everything of “${permission}”` : `${permission}: ${always.join(", ")}`;
}

/** The files that are to be changed, as far as the title does not say it: `src/app.ts`. */
export function permissionSubject({ permission, patterns }: PermissionRequest): string | undefined {
  return permission === "edit" ? patterns.join(", ") : undefined;
}

/** A diff without the lines that say again which file it is of. */
const bare = (diff: string): string => diff.replace(/^Index: .*\n=+\n/gm, "");
