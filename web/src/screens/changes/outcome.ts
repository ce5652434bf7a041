/** What became of one file in an undo. */
export interface Outcome {
  file: string;
  outcome: "undone" | "redone" | "unchanged" | "conflict";
}

/** What an undo came to, in a sentence; undefined where it did nothing but leave files alone, which is told elsewhere. */
export function outcomeText(outcomes: readonly Outcome[], redo: boolean): string | undefined {
  const done = outcomes.filter(({ outcome }) => outcome === "undone" || outcome === "redone");
  const verb = redo ? "Redone" : "Undone";
  if (done.length > 1) return `${verb}: ${done.length} files`;
  if (done[0] !== undefined) return `${verb}: ${done[0].file}`;
  return outcomes.some(({ outcome }) => outcome === "conflict") ? undefined : `There was nothing to ${redo ? "redo" : "undo"}`;
}
