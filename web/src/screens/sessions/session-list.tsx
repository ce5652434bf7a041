import { type ReactNode, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { Session } from "../../../../src/client/client.ts";
import { useActions } from "../../app/actions.ts";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import type { MenuItem } from "../../ui/menu.tsx";
import { isSessionRow, type ProjectRow, type Row } from "./rows.ts";
import { SessionRowView } from "./session-row.tsx";
import { useNewSession } from "./use-new-session.ts";
import type { Selection } from "./use-selection.ts";

interface SessionListProps {
  rows: Row[];
  selection: Selection;
  onToggle(id: string): void;
  menu(session: Session): MenuItem[];
  /** Below the last row. */
  end?: ReactNode;
}

/** The sessions by project; only the rows in view are drawn. */
export function SessionList({ rows, selection, onToggle, menu, end }: SessionListProps) {
  const list = useRef<VirtualizerHandle>(null);
  const wanted = useRef<string>(undefined);
  const [current, setCurrent] = useState<string>();
  function step(by: 1 | -1): void {
    const sessions = rows.filter(isSessionRow);
    const at = sessions.findIndex(({ key }) => key === current);
    const next = sessions[at === -1 ? 0 : Math.min(sessions.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    wanted.current = next.key;
    list.current?.scrollToIndex(rows.indexOf(next), { align: "nearest" });
    setCurrent(next.key);
  }
  const group = "Sessions";
  useActions(() => [
    { id: "sessions.next", title: "Next session", group, keys: "j", repeats: true, isHidden: true, run: () => step(1) },
    { id: "sessions.previous", title: "Previous session", group, keys: "k", repeats: true, isHidden: true, run: () => step(-1) },
    {
      id: "sessions.select",
      title: "Select the session",
      group,
      keys: "x",
      isHidden: true,
      run: () => current !== undefined && selection.toggle(current),
    },
  ]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto *:pointer-events-auto!">
      <Virtualizer ref={list} as="ul" item="li">
        {rows.map((row) =>
          row.kind === "project" ? (
            <ProjectHeading key={`project ${row.key}`} row={row} />
          ) : (
            <SessionRowView
              key={row.key}
              row={row}
              isSelected={selection.ids.has(row.key)}
              isCurrent={row.key === current}
              wanted={wanted}
              onFocus={setCurrent}
              onSelect={selection.toggle}
              onToggle={onToggle}
              menu={menu}
            />
          ),
        )}
      </Virtualizer>
      {end}
    </div>
  );
}

function ProjectHeading({ row: { title, path, count } }: { row: ProjectRow }) {
  const { isMaking, create } = useNewSession(path);
  return (
    <div className="flex items-center gap-2 border-line border-b bg-raised py-0.5 pr-1 pl-4 sm:pr-3">
      <h2 className="flex min-w-0 flex-1 items-baseline gap-2">
        <span className="font-semibold">{title}</span>
        <span className="min-w-0 flex-1 truncate font-normal text-muted text-xs" title={path}>
          {path}
        </span>
        <Badge>{count}</Badge>
      </h2>
      <IconButton icon="plus" label={`New session in ${title}`} disabled={isMaking} onClick={create} />
    </div>
  );
}
