import { formatPatch, type StructuredPatch, structuredPatch } from "diff";

/** A change of one file, as completed `edit` calls carry it in `metadata.filediff`. */
export interface FileDiff {
  file: string;
  patch: string;
  additions: number;
  deletions: number;
}

/** Milliseconds after which two texts count as too different for a minimal diff. */
const patience = 300;

export function fileDiff(file: string, before: string, after: string): FileDiff {
  const patch =
    structuredPatch(file, file, before, after, undefined, undefined, { timeout: patience }) ?? wholeReplacement(file, before, after);
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    file,
    patch: formatPatch(patch),
    additions: lines.filter((line) => line.startsWith("+")).length,
    deletions: lines.filter((line) => line.startsWith("-")).length,
  };
}

/** All lines out, all lines in: right for any two texts, if not short. */
function wholeReplacement(file: string, before: string, after: string): StructuredPatch {
  const oldLines = toLines(before);
  const newLines = toLines(after);
  const lines = [...marked("-", oldLines, before), ...marked("+", newLines, after)];
  const hunk = { oldStart: 1, oldLines: oldLines.length, newStart: 1, newLines: newLines.length, lines };
  return { oldFileName: file, newFileName: file, oldHeader: undefined, newHeader: undefined, hunks: [hunk] };
}

function toLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function marked(sign: "+" | "-", lines: string[], text: string): string[] {
  const result = lines.map((line) => sign + line);
  return lines.length === 0 || text.endsWith("\n") ? result : [...result, "\\ No newline at end of file"];
}
