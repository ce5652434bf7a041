import { opendir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { AppError } from "../schema/error.ts";
import type { Skill } from "../schema/skill.ts";
import type { SkillFolder } from "./folders.ts";

/** A skill is a page or some; what is larger is something else. */
const largest = 1024 * 1024;
/** Below one folder. One of skills has fewer; a home or a whole disk, if the configuration names it, would take for ever. */
const mostEntries = 10_000;
/** What others have put into a folder. */
const foreign = new Set(["node_modules", ".git"]);

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

/** Nearest first. A link is not entered, save for a `SKILL.md` right behind it. */
async function skillFiles(folder: string, onProblem: (problem: AppError) => void): Promise<string[]> {
  const files: string[] = [];
  const folders = [folder];
  let left = mostEntries;
  for (const at of folders) {
    try {
      for await (const entry of await opendir(at)) {
        if (left === 0) {
          onProblem(tooLarge(folder));
          return files.sort();
        }
        left -= 1;
        const path = join(at, entry.name);
        if (entry.isDirectory() && !foreign.has(entry.name)) folders.push(path);
        else if (entry.name === "SKILL.md") files.push(path);
        else if (entry.isSymbolicLink() && (await isFile(join(path, "SKILL.md")))) files.push(join(path, "SKILL.md"));
      }
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code !== "ENOENT" && code !== "ENOTDIR") onProblem(problem(at, error));
    }
  }
  return files.sort();
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
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

function tooLarge(folder: string): AppError {
  const message = `Skills are looked for among the ${mostEntries} nearest files of ${folder}, which holds more.`;
  return new AppError("ConfigInvalidError", message, { path: folder });
}

function problem(file: string, fault: unknown): AppError {
  const reason = fault instanceof Error ? fault.message : String(fault);
  return new AppError("ConfigInvalidError", `The skill ${file} is ignored: ${reason}.`, { path: file });
}
