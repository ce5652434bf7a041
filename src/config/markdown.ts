import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { AppError } from "../schema/error.ts";
import { check } from "./check.ts";
import type { Document } from "./document.ts";
import { isObject, type Json } from "./merge.ts";
import { linkedOut, restrict, untrustedKeys } from "./restrict.ts";
import { leadsOut, projectDirectories, readText, userFolders } from "./sources.ts";

/** Folders whose files each describe one thing: the key of the configuration it goes under, and the field that the file's text is. */
const kinds = [
  { folder: "agent", key: "agent", body: "prompt" },
  { folder: "agents", key: "agent", body: "prompt" },
  { folder: "command", key: "command", body: "template" },
  { folder: "commands", key: "command", body: "template" },
];

/** A document that has been checked, and restricted where it is not trusted. */
interface Layer {
  source: string;
  value: Json;
}

/** What the user's own Markdown files describe, weakest first. */
export async function userMarkdown(env: NodeJS.ProcessEnv, home: string, warnings: string[]): Promise<Layer[]> {
  const documents = await Promise.all(userFolders(env, home).map((folder) => readMarkdown(folder, { warnings })));
  return documents.flat().flatMap((document) => checked(document, warnings));
}

/**
 * What the Markdown files of a project's `.opencode` folders describe, from the worktree's root down. In a directory that is not trusted agents
 * lose their permissions and tools, commands that run something are left out, and so are files that are links to something outside.
 */
export async function projectMarkdown(
  options: { worktree: string; directory: string; isTrusted(directory: string): boolean },
  warnings: string[],
): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const project of projectDirectories(options.worktree, options.directory)) {
    const isTrusted = options.isTrusted(project);
    const isOwn = async (file: string): Promise<boolean> => {
      const leads = await leadsOut({ file, project });
      if (leads) warnings.push(linkedOut({ file, project }));
      return !leads;
    };
    const documents = await readMarkdown(join(project, ".opencode"), { warnings, accept: isTrusted ? undefined : isOwn });
    const found = documents.flatMap((document) => checked(document, warnings));
    layers.push(...(isTrusted ? found : found.map((layer) => restricted(layer, project, warnings))));
  }
  return layers;
}

/** A file that says something impossible is left out with a warning: it takes nothing else down with it. */
function checked(document: Document, warnings: string[]): Layer[] {
  try {
    return [{ source: document.source, value: check(document, warnings) }];
  } catch (error) {
    if (!(error instanceof AppError) || error.name !== "ConfigInvalidError") throw error;
    warnings.push(`${document.source} is ignored: ${issueOf(error)}`);
    return [];
  }
}

/** `agent.name.mode: expected …`; the place it also names is one in JSON. */
function issueOf({ data, message }: AppError): string {
  const [issue] = Array.isArray(data.issues) ? data.issues : [];
  return issue ? `${issue.path.slice(2).join(".")}: ${issue.message}` : message;
}

function restricted({ source, value }: Layer, project: string, warnings: string[]): Layer {
  const { value: kept, ignored } = restrict(value);
  if (ignored.length > 0) warnings.push(untrustedKeys({ file: source, project }, ignored));
  return { source, value: kept };
}

/**
 * The agents and commands that Markdown files below a configuration folder describe (`agent(s)/`, `command(s)/`), in the order of their
 * paths. The name is the path without `.md`: `agents/team/reviewer.md` is `team/reviewer`.
 */
async function readMarkdown(
  folder: string,
  { warnings, accept = async () => true }: { warnings: string[]; accept?(file: string): Promise<boolean> },
): Promise<Document[]> {
  const documents: Document[] = [];
  for (const { folder: name, key, body: field } of kinds) {
    const base = join(folder, name);
    for (const file of await markdownFiles(base)) {
      const text = (await accept(file)) ? await readText(file) : undefined;
      const described = text === undefined ? undefined : await describe(file, text, warnings);
      if (text === undefined || described === undefined) continue;
      const { head, body } = described;
      const entry = body === "" ? head : { ...head, [field]: body };
      const title = relative(base, file).slice(0, -".md".length).split(sep).join("/");
      documents.push({ source: file, text, value: { [key]: { [title]: entry } } });
    }
  }
  return documents;
}

async function markdownFiles(base: string): Promise<string[]> {
  try {
    const entries = await readdir(base, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(".md"));
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw new AppError("ConfigInvalidError", `${base} cannot be read (${String(code)}).`, { path: base }, { cause: error });
  }
}

async function describe(file: string, text: string, warnings: string[]): Promise<{ head: Json; body: string } | undefined> {
  const [, front, rest] = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n([\s\S]*))?$/.exec(text.replaceAll("\r\n", "\n")) ?? [];
  if (front === undefined) return { head: {}, body: (rest ?? text).trim() };
  // Only who has such files pays for the parser.
  const { parse, YAMLParseError } = await import("yaml");
  try {
    const head: unknown = parse(front) ?? {};
    if (isObject(head)) return { head, body: (rest ?? "").trim() };
    warnings.push(`${file} is ignored: its front matter is not a list of keys and values.`);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // The front matter begins on the second line.
    const line = (error.linePos?.[0].line ?? 1) + 1;
    warnings.push(`${file}:${line} is ignored: its front matter is not valid YAML (${error.code.toLowerCase().replaceAll("_", " ")}).`);
  }
  return undefined;
}
