import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { AppError } from "../schema/error.ts";
import type { Skill } from "../schema/skill.ts";
import type { SkillFolder } from "./folders.ts";

/** A skill is a page or some; what is larger is something else. */
const largest = 1024 * 1024;

/** The skills below a folder, in the order of their paths. A folder that is not there has none; what cannot be read, or describes no skill, is a problem and left out. */
export async function readSkills(folder: SkillFolder, onProblem: (problem: AppError) => void): Promise<Skill[]> {
  const skills: Skill[] = [];
  for (const file of await skillFiles(folder.path, onProblem)) {
    try {
      skills.push(await readSkill(file, folder));
    } catch (error) {
      onProblem(error instanceof AppError ? error : problem(file, error));
    }
  }
  return skills;
}

async function skillFiles(folder: string, onProblem: (problem: AppError) => void): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const names = entries.filter(({ name }) => name === "SKILL.md").map(({ parentPath, name }) => join(parentPath, name));
    // A link to a skill's folder is not entered by the walk.
    const links = entries.filter((entry) => entry.isSymbolicLink()).map(({ parentPath, name }) => join(parentPath, name, "SKILL.md"));
    const linked = await Promise.all(links.map(async (file) => ((await stat(file).catch(() => undefined))?.isFile() ? [file] : [])));
    return [...names, ...linked.flat()].sort();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOENT" && code !== "ENOTDIR") onProblem(problem(folder, error));
    return [];
  }
}

async function readSkill(file: string, { within }: SkillFolder): Promise<Skill> {
  if (within !== undefined && !contains(await realpath(within), await realpath(file))) throw problem(file, "it leads out of the project");
  if ((await stat(file)).size > largest) throw problem(file, "it is larger than 1 MB");
  const { head, content } = await split(file, await readFile(file, "utf8"));
  const name = textOf(head.name) ?? basename(dirname(file));
  if (!/^[\w.-]+(?:[ /:][\w.-]+)*$/.test(name))
    throw problem(file, `its name ${JSON.stringify(name)} holds more than letters, digits, "-", "_" and "."`);
  const description = textOf(head.description);
  return { name, ...(description === undefined ? {} : { description }), location: file, content };
}

async function split(file: string, text: string): Promise<{ head: Record<string, unknown>; content: string }> {
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const [, front, content] = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n([\s\S]*))?$/.exec(plain) ?? [];
  if (front === undefined) return { head: {}, content: (content ?? plain).trim() };
  const { parse } = await import("yaml");
  const head: unknown = parse(front) ?? {};
  if (typeof head !== "object" || head === null || Array.isArray(head))
    throw problem(file, "its front matter is not a list of keys and values");
  return { head: head as Record<string, unknown>, content: (content ?? "").trim() };
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  return String(value).trim() || undefined;
}

function contains(directory: string, file: string): boolean {
  const way = relative(directory, file);
  return way.split(sep)[0] !== ".." && !isAbsolute(way);
}

function problem(file: string, fault: unknown): AppError {
  const reason = fault instanceof Error ? fault.message : String(fault);
  return new AppError("ConfigInvalidError", `The skill ${file} is ignored: ${reason}.`, { path: file });
}
