import { readFile, rm } from "node:fs/promises";
import { AppError } from "../schema/error.ts";
import { judgeFiles, type Verdict } from "./diagnostics.ts";
import { type FileDiff, fileDiff } from "./diff.ts";
import { type Formatted, formatFile } from "./format-file.ts";
import { errorCode, permissionPatterns, resolvePath, type ToolPath } from "./path.ts";
import { recorded } from "./recorded.ts";
import { readTextFile, type StagedFile, stageTextFile, type TextFile } from "./text-file.ts";
import type { ToolContext } from "./tool.ts";
import { alone } from "./writers.ts";

/** What one file was when the change was planned, and what it is to be; `undefined`: no file. */
export interface FileChange {
  target: ToolPath;
  before: TextFile | undefined;
  after: TextFile | undefined;
  /** The mode of a file that is not there yet, or will not be there any more. */
  mode?: number;
}

/** The changes as they are on disk, formatted, in the order of the plan; and what the project's programs say about them. */
export interface ChangedFiles extends Verdict {
  diffs: FileDiff[];
}

/**
 * Changes several files, all or none: asks once for `edit` with the diffs of all, then writes only if every file still is what the
 * change was planned from (else ConflictError). A write that fails takes back those before it.
 */
export async function changeFiles(changes: FileChange[], context: ToolContext): Promise<ChangedFiles> {
  const diffs = changes.map(({ target, before, after }) => fileDiff(target.absolute, before?.text ?? "", after?.text ?? ""));
  const patterns = (await Promise.all(changes.map(({ target }) => permissionPatterns(target, context)))).flat();
  const metadata = {
    filepath: changes.map(({ target }) => target.relative).join(", "),
    diff: diffs.map(({ patch }) => patch).join("\n"),
  };
  await context.ask({ permission: "edit", patterns: [...new Set(patterns)], always: ["*"], metadata });
  context.signal.throwIfAborted();
  const files = changes.map(({ target }) => target.real);
  const formatted = await alone(files, () => recorded(context, files, () => commit(changes, context)));
  for (const { target } of changes) await context.edited(target.absolute);
  const targets = changes.map(({ target }) => target);
  const { note, diagnostics } = await judgeFiles(targets, context);
  const final = changes.map(({ target, before, after }, index) => {
    const text = formatted[index]?.text ?? "";
    return text === (after?.text ?? "") ? diffs[index] : fileDiff(target.absolute, before?.text ?? "", text);
  });
  return { diffs: final.filter((diff) => diff !== undefined), note: formatted.map((file) => file.note).join("") + note, diagnostics };
}

async function commit(changes: FileChange[], context: ToolContext): Promise<Formatted[]> {
  for (const change of changes) await assertUnchanged(change, context);
  const staged = new Map<FileChange, StagedFile>();
  const done: FileChange[] = [];
  try {
    for (const change of changes) if (change.after) staged.set(change, await stageTextFile(change.target.real, change.after, change.mode));
    for (const change of changes) {
      await (staged.get(change)?.commit() ?? rm(change.target.real));
      done.push(change);
    }
  } catch (error) {
    for (const file of staged.values()) await file.discard();
    for (const change of done.toReversed()) await takeBack(change);
    throw error;
  }
  const formatted: Formatted[] = [];
  for (const { target, after } of changes) {
    formatted.push(after ? await formatFile(target, after, context) : { text: "", note: "" });
    if (after) await context.files.seen(target.real);
  }
  return formatted;
}

async function assertUnchanged({ target, before }: FileChange, context: ToolContext): Promise<void> {
  const place = await resolvePath(target.absolute, context);
  if (place.real !== target.real) throw new AppError("ConflictError", `${target.absolute} now leads elsewhere. Look at it again.`);
  const now = await readTextFile(target.real);
  if (now?.text === before?.text && now?.bom === before?.bom) return;
  throw new AppError(
    "ConflictError",
    `${target.absolute} has changed meanwhile, so nothing was changed, in no file. Read it again, then repeat the patch.`,
  );
}

async function takeBack({ target, before, after, mode }: FileChange): Promise<void> {
  // What somebody else put there in the same moment is theirs.
  if (after && (await contentOf(target.real)) !== (after.bom ? `\uFEFF${after.text}` : after.text)) return;
  if (before === undefined) await rm(target.real, { force: true });
  else await (await stageTextFile(target.real, before, mode)).commit();
}

async function contentOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  });
}
