import type { TreeRow } from "./rows.ts";

export interface Step {
  row: TreeRow;
  toggle?: boolean;
  choose?: boolean;
}

/** What a key does at a row (WAI-ARIA's pattern of a tree view); undefined for other keys. */
export function stepOf(key: string, rows: TreeRow[], current: TreeRow): Step | undefined {
  const at = rows.indexOf(current);
  const to = (index: number): Step => ({ row: rows[Math.max(0, Math.min(rows.length - 1, index))] ?? current });
  if (key === "ArrowDown") return to(at + 1);
  if (key === "ArrowUp") return to(at - 1);
  if (key === "Home") return to(0);
  if (key === "End") return to(rows.length - 1);
  if (key === "Enter" || key === " ") return { row: current, choose: true };
  if (key === "ArrowRight" && current.isOpen !== undefined) return current.isOpen ? to(at + 1) : { row: current, toggle: true };
  if (key !== "ArrowLeft") return undefined;
  if (current.isOpen) return { row: current, toggle: true };
  return { row: rows.slice(0, at).findLast(({ depth }) => depth < current.depth) ?? current };
}
