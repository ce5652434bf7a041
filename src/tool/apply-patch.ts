import { stat } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../schema/error.ts";
import description from "./apply-patch.md";
import { changeFiles, type FileChange } from "./change-files.ts";
import type { FileDiff } from "./diff.ts";
import { missingPath } from "./missing.ts";
import { applyHunks } from "./patch-hunks.ts";
import { type FilePatch, parsePatch } from "./patch-text.ts";
import { enterPath, type ToolPath } from "./path.ts";
import { readTextFile, type TextFile } from "./text-file.ts";
import { defineTool, type ToolContext, type ToolResult } from "./tool.ts";

const input = z.object({
  patchText: z.string().min(1, "must not be empty").describe("The whole patch, from *** Begin Patch to *** End Patch"),
});

type Kind = "add" | "update" | "delete" | "move";

/** One file header of the patch, as changes of files on disk: a move is two of them. */
interface Step {
  kind: Kind;
  source: ToolPath;
  target: ToolPath;
  changes: FileChange[];
}

export const applyPatch = defineTool({
  id: "apply_patch",
  description,
  input,
  repeatable: false,
  async execute({ patchText }, context): Promise<ToolResult> {
    const steps: Step[] = [];
    for (const patch of parsePatch(patchText)) steps.push(await planStep(patch, context));
    const changes = steps.flatMap((step) => step.changes);
    assertDistinct(changes);
    const { diffs, note, diagnostics } = await changeFiles(changes, context);
    const summary = steps.map(
      ({ kind, source, target }) => `${letters[kind]} ${kind === "move" ? `${source.relative} -> ` : ""}${target.relative}`,
    );
    const files = steps.map((step) => describeStep(step, diffs[changes.indexOf(step.changes.at(-1) as FileChange)]));
    const metadata = { diff: diffs.map(({ patch }) => patch).join("\n"), files, diagnostics };
    context.metadata({ metadata });
    const title = steps.length === 1 ? (steps[0]?.target.relative ?? "") : `${steps.length} files`;
    return { title, output: ["Success. Updated the following files:", ...summary].join("\n") + note, metadata };
  },
});

const letters: Record<Kind, string> = { add: "A", update: "M", delete: "D", move: "R" };

async function planStep(patch: FilePatch, context: ToolContext): Promise<Step> {
  const source = await enterPath(patch.path, context, { kind: "file" });
  const before = await readTextFile(source.real);
  if (patch.kind === "add") {
    if (before !== undefined) throw refused(`${source.absolute} exists already, so it cannot be added. Use "*** Update File:" for it`);
    return { kind: "add", source, target: source, changes: [{ target: source, before, after: { text: patch.text, bom: false } }] };
  }
  if (before === undefined) throw await missingPath(source);
  const mode = (await stat(source.real)).mode & 0o7777;
  if (patch.kind === "delete")
    return { kind: "delete", source, target: source, changes: [{ target: source, before, after: undefined, mode }] };
  const after = { text: applyHunks(before.text, patch.hunks, source.absolute), bom: before.bom };
  if (patch.moveTo === undefined) return { kind: "update", source, target: source, changes: [{ target: source, before, after }] };
  return planMove({ source, before, after, mode }, patch.moveTo, context);
}

async function planMove(
  { source, before, after, mode }: { source: ToolPath; before: TextFile; after: TextFile; mode: number },
  moveTo: string,
  context: ToolContext,
): Promise<Step> {
  const target = await enterPath(moveTo, context, { kind: "file" });
  if (target.real === source.real) return { kind: "update", source, target, changes: [{ target: source, before, after }] };
  const there = await readTextFile(target.real);
  if (there !== undefined) throw refused(`${target.absolute} exists already, so ${source.relative} cannot be moved there`);
  const changes = [
    { target: source, before, after: undefined, mode },
    { target, before: undefined, after, mode },
  ];
  return { kind: "move", source, target, changes };
}

function assertDistinct(changes: FileChange[]): void {
  const names = changes.map(({ target }) => target.real);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refused(`the patch touches ${twice} twice, under two names or by a move`);
}

function refused(reason: string): AppError {
  return new AppError("BadRequest", `${reason}. Nothing was changed, in no file.`);
}

function describeStep({ kind, source, target }: Step, diff: FileDiff | undefined) {
  const move = kind === "move" ? { movePath: target.absolute } : {};
  const { patch = "", additions = 0, deletions = 0 } = diff ?? {};
  return { filePath: source.absolute, relativePath: target.relative, type: kind, patch, additions, deletions, ...move };
}
