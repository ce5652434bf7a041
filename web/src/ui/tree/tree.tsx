import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from "react";
import { classes } from "../classes.ts";
import { Icon } from "../icon.tsx";
import type { TreeRow } from "./rows.ts";
import { stepOf } from "./steps.ts";

interface TreeProps {
  label: string;
  rows: TreeRow[];
  /** The path that is shown elsewhere. */
  selected?: string;
  /** A file was chosen. */
  onSelect(path: string): void;
  onToggle(path: string): void;
  /** What stands at the right of a row. */
  trailing?(row: TreeRow): ReactNode;
}

/** Rows drawn at once; more would be slow, and nobody reads them. */
const most = 2_000;

/** Files in their directories. Arrow keys go through it, right and left open and close, Enter chooses. */
export function Tree({ label, rows, selected, onSelect, onToggle, trailing }: TreeProps) {
  const [focused, setFocused] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const shown = rows.slice(0, most);
  const current = shown.find(({ path }) => path === focused) ?? shown.find(({ path }) => path === selected) ?? shown[0];
  const run = (row: TreeRow) => (row.isOpen === undefined ? onSelect(row.path) : onToggle(row.path));
  const focus = (path: string) => {
    setFocused(path);
    list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = current && stepOf(event.key, shown, current);
    if (step === undefined) return;
    event.preventDefault();
    if (step.toggle) onToggle(step.row.path);
    else if (step.choose) run(step.row);
    focus(step.row.path);
  };
  const onClick = ({ target }: MouseEvent) => {
    const path = target instanceof Element ? target.closest<HTMLElement>("[data-path]")?.dataset.path : undefined;
    const row = shown.find((each) => each.path === path);
    if (row === undefined) return;
    setFocused(row.path);
    run(row);
  };
  return (
    <div ref={list} role="tree" aria-label={label} onClick={onClick} onKeyDown={onKeyDown} className="py-1">
      {shown.map((row) => (
        <Row key={row.path} row={row} isSelected={row.path === selected} isCurrent={row === current} trailing={trailing?.(row)} />
      ))}
      {rows.length > most && <p className="px-3 py-2 text-muted">{`and ${rows.length - most} more`}</p>}
    </div>
  );
}

interface RowProps {
  row: TreeRow;
  isSelected: boolean;
  isCurrent: boolean;
  trailing: ReactNode;
}

function Row({ row, isSelected, isCurrent, trailing }: RowProps) {
  const isDirectory = row.isOpen !== undefined;
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={row.isOpen}
      aria-selected={isSelected}
      data-path={row.path}
      tabIndex={isCurrent ? 0 : -1}
      style={{ paddingInlineStart: `${0.5 + row.depth * 0.75}rem` }}
      className={classes(
        "flex min-h-7 cursor-default select-none items-center gap-1 pr-2 hover:bg-hover touch:min-h-11",
        isSelected && "bg-hover font-medium",
      )}
    >
      {isDirectory ? (
        <Icon name="chevron" className={classes("size-3.5 text-muted", row.isOpen && "rotate-90")} />
      ) : (
        <span className="w-3.5 shrink-0" />
      )}
      <span className="min-w-0 flex-1 truncate" title={row.path}>
        {row.name}
      </span>
      {trailing}
    </div>
  );
}
