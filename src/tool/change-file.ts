import { AppError } from "../schema/error.ts";
import { judgeFiles, type Verdict } from "./diagnostics.ts";
import { type FileDiff, fileDiff } from "./diff.ts";
import { type Formatted, formatFile } from "./format-file.ts";
import { permissionPatterns, resolvePath, type ToolPath } from "./path.ts";
import { recorded } from "./recorded.ts";
import { readTextFile, type TextFile, writeTextFile } from "./text-file.ts";
import type { ToolContext } from "./tool.ts";
import { alone } from "./writers.ts";

const attempts = 5;

/** The change as it is on disk, formatted, and what the project's programs say about it. */
export interface ChangedFile extends Verdict {
  diff: FileDiff;
}

/**
 * Changes one file: plans the new content, asks for `edit` with the diff, and writes only if the file still is what the
 * plan was made from. A change by this session meanwhile (a parallel call) is planned again; a change by others throws
 * BadRequest, as does a file that was not read before. `plan` gets `undefined` where no file is. The project's formatter runs
 * before anybody else may write to the file.
 */
export async function changeFile(
  target: ToolPath,
  plan: (before: TextFile | undefined) => TextFile,
  context: ToolContext,
): Promise<ChangedFile> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await readTextFile(target.real);
    if (before !== undefined) await context.files.assertFresh(target.real);
    const after = plan(before);
    const diff = fileDiff(target.absolute, before?.text ?? "", after.text);
    const metadata = { filepath: target.absolute, diff: diff.patch };
    await context.ask({ permission: "edit", patterns: await permissionPatterns(target, context), always: ["*"], metadata });
    context.signal.throwIfAborted();
    const formatted = await commit(target, { before, after }, context);
    if (formatted === undefined) continue;
    await context.edited(target.absolute);
    const { note, diagnostics } = await judgeFiles([target], context);
    const final = formatted.text === after.text ? diff : fileDiff(target.absolute, before?.text ?? "", formatted.text);
    return { diff: final, note: formatted.note + note, diagnostics };
  }
  throw new AppError(
    "ConflictError",
    `${target.absolute} keeps changing while it is being changed here. Read it again, then repeat the change.`,
  );
}

/** Undefined when the file is not what it was when the change was planned. */
function commit(
  target: ToolPath,
  change: { before: TextFile | undefined; after: TextFile },
  context: ToolContext,
): Promise<Formatted | undefined> {
  return alone([target.real], async () => {
    const place = await resolvePath(target.absolute, context);
    if (place.real !== target.real) throw new AppError("ConflictError", `${target.absolute} now leads elsewhere. Look at it again.`);
    const now = await readTextFile(target.real);
    if (now?.text !== change.before?.text || now?.bom !== change.before?.bom) return undefined;
    const formatted = await recorded(context, [target.real], async () => {
      await writeTextFile(target.real, change.after);
      return formatFile(target, change.after, context);
    });
    await context.files.seen(target.real);
    return formatted;
  });
}
