import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import { classes } from "./classes.ts";
import { copy } from "./copy.ts";
import { type TreeRow, treeRows, valueAt } from "./tree.ts";

/** Above it only the rows in sight are drawn. */
const few = 150;

/** A value of JSON, opened and closed by clicks or arrow keys; C copies what is marked. */
export function JsonTree({ value, label }: { value: unknown; label: string }) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [marked, setMarked] = useState<string>();
  const rows = useMemo(() => treeRows(value, toggled), [value, toggled]);
  const at = Math.max(
    0,
    rows.findIndex(({ path }) => path === marked),
  );
  const id = useId();
  const list = useRef<VListHandle>(null);
  const isLong = rows.length > few;
  useEffect(() => {
    if (marked === undefined) return;
    list.current?.scrollToIndex(at, { align: "nearest" });
    document.getElementById(`${id}${at}`)?.scrollIntoView({ block: "nearest" });
  }, [id, at, marked]);
  const toggle = ({ path, count = 0 }: TreeRow) => {
    setMarked(path);
    if (count > 0) setToggled((before) => flipped(before, path));
  };
  function press(event: KeyboardEvent): void {
    const row = rows[at];
    const next = row && nextRow(event.key, rows, at);
    if (row === undefined || event.ctrlKey || event.metaKey) return;
    if (event.key === "c") copy(textOf(valueAt(value, row.path)));
    else if (next === "toggle") toggle(row);
    else if (next !== undefined) setMarked(rows[next]?.path ?? "");
    else return;
    event.preventDefault();
  }
  function click({ target }: MouseEvent): void {
    const row = target instanceof Element ? rows[Number(target.closest<HTMLElement>("[data-at]")?.dataset.at)] : undefined;
    if (row !== undefined) toggle(row);
  }
  const draw = (row: TreeRow, index: number) => <Row key={row.path} row={row} id={`${id}${index}`} at={index} isMarked={index === at} />;
  return (
    <div
      role="tree"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={`${id}${at}`}
      onKeyDown={press}
      onClick={click}
      className="group/tree overflow-x-auto rounded-lg border border-line bg-raised py-1 font-mono text-xs leading-5"
    >
      {isLong ? (
        <VList ref={list} data={rows} keepMounted={[at]} style={{ height: "min(60vh, 40rem)" }}>
          {draw}
        </VList>
      ) : (
        rows.map(draw)
      )}
    </div>
  );
}

/** The paths with this one, or without it where it was among them. */
function flipped(paths: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(paths);
  if (!next.delete(path)) next.add(path);
  return next;
}

/** The row that a key leads to, `"toggle"` for opening and closing, `undefined` for keys that mean nothing here. */
function nextRow(key: string, rows: TreeRow[], at: number): number | "toggle" | undefined {
  const row = rows[at];
  if (key === "ArrowDown") return Math.min(rows.length - 1, at + 1);
  if (key === "ArrowUp") return Math.max(0, at - 1);
  if (key === "Home") return 0;
  if (key === "End") return rows.length - 1;
  if (key === "Enter" || key === " ") return "toggle";
  if (key === "ArrowRight") return row?.isOpen === false ? "toggle" : Math.min(rows.length - 1, at + 1);
  if (key !== "ArrowLeft") return undefined;
  if (row?.isOpen) return "toggle";
  const parent = row?.path.slice(0, row.path.lastIndexOf("/"));
  return Math.max(
    0,
    rows.findIndex(({ path }) => path === parent),
  );
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const colours = {
  string: "text-ok",
  number: "text-accent",
  boolean: "text-warn",
  null: "text-muted",
  object: "text-muted",
  array: "text-muted",
};

function Row({ row, id, at, isMarked }: { row: TreeRow; id: string; at: number; isMarked: boolean }) {
  const { name, depth, kind, text, count, isOpen } = row;
  return (
    <div
      role="treeitem"
      tabIndex={-1}
      id={id}
      data-at={at}
      aria-level={depth + 1}
      aria-expanded={count === undefined ? undefined : isOpen}
      aria-selected={isMarked}
      style={{ paddingLeft: `${depth + 0.5}rem` }}
      className={classes("flex min-w-0 cursor-default gap-1.5 pr-2 hover:bg-hover", isMarked && "group-focus-visible/tree:bg-hover")}
    >
      <span aria-hidden="true" className="w-3 shrink-0 text-muted">
        {count ? (isOpen ? "▾" : "▸") : ""}
      </span>
      {name !== undefined && <span className="shrink-0">{name}:</span>}
      <span className={classes("min-w-0", colours[kind], isOpen ? "truncate" : "break-all")}>{isOpen ? countOf(kind, count) : text}</span>
    </div>
  );
}

function countOf(kind: TreeRow["kind"], count = 0): string {
  const word = kind === "array" ? "item" : "field";
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
