import { type ReactNode, useRef, useState } from "react";
import type { Session } from "../../../../src/client/client.ts";
import { useActions } from "../../app/actions.ts";
import type { MenuItem } from "../../ui/menu.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { DeleteDialog, FailedDialog } from "./bulk-dialogs.tsx";
import { isSessionRow, type Row } from "./rows.ts";
import { SessionList } from "./session-list.tsx";
import { TagsDialog } from "./tags-dialog.tsx";
import { type BulkChange, useBulk } from "./use-bulk.ts";
import { useSelection } from "./use-selection.ts";

interface ChangingProps {
  rows: Row[];
  tags: string[];
  isArchive: boolean;
  onToggle(id: string): void;
  onBeside(ids: readonly string[]): void;
  end?: ReactNode;
}

/** The list, and what is done with one session of it or with many. */
export function Changing({ rows, tags, isArchive, onToggle, onBeside, end }: ChangingProps) {
  const sessions = rows.filter(isSessionRow).map(({ session }) => session);
  const shown = sessions.map(({ id }) => id);
  const selection = useSelection(shown);
  const bulk = useBulk();
  const [asked, setAsked] = useState<{ about: "delete" | "tags"; sessions: Session[] }>();
  const selected = sessions.filter(({ id }) => selection.ids.has(id));
  const archive = { action: isArchive ? "unarchive" : "archive" } as const;
  const close = () => setAsked(undefined);
  // What fails may be of a session that is gone from the list.
  const titles = useRef(new Map<string, string>());
  function change(of: readonly Session[], to: BulkChange): void {
    close();
    titles.current = new Map(of.map(({ id, title }) => [id, title]));
    void bulk.run(
      of.map(({ id }) => id),
      to,
    );
  }
  const doing = {
    onAll: () => selection.set(shown),
    onClear: () => selection.set([]),
    onBeside: () => onBeside([...selection.ids]),
    onTags: () => setAsked({ about: "tags", sessions: selected }),
    onArchive: () => change(selected, archive),
    onDelete: () => setAsked({ about: "delete", sessions: selected }),
  };
  useSelectionActions(selected.length, doing);
  const menu = (session: Session): MenuItem[] => [
    { title: "Open beside others", icon: "sessions", run: () => onBeside([...new Set([...selection.ids, session.id])]) },
    { title: "Tags…", icon: "edit", run: () => setAsked({ about: "tags", sessions: [session] }) },
    { title: isArchive ? "Out of the archive" : "Archive", icon: "archive", run: () => change([session], archive) },
    { title: "Delete…", icon: "trash", isDangerous: true, run: () => setAsked({ about: "delete", sessions: [session] }) },
  ];
  return (
    <>
      {selected.length > 0 && <BulkBar count={selected.length} isArchive={isArchive} isRunning={bulk.isRunning} {...doing} />}
      {rows.length > 0 ? <SessionList rows={rows} selection={selection} onToggle={onToggle} menu={menu} end={end} /> : end}
      {asked?.about === "delete" && (
        <DeleteDialog {...asked} isRunning={bulk.isRunning} onClose={close} onDelete={() => change(asked.sessions, { action: "delete" })} />
      )}
      {asked?.about === "tags" && (
        <TagsDialog {...asked} known={tags} onClose={close} onSave={(edit) => change(asked.sessions, { action: "tag", ...edit })} />
      )}
      <FailedDialog bulk={bulk} titleOf={(id) => titles.current.get(id) ?? id} />
    </>
  );
}

interface Doing {
  onAll(): void;
  onClear(): void;
  onBeside(): void;
  onTags(): void;
  onArchive(): void;
  onDelete(): void;
}

function useSelectionActions(count: number, doing: Doing): void {
  const group = "Sessions";
  useActions(() => [
    { id: "sessions.all", title: "Select all sessions", group, keys: "shift+x", run: doing.onAll },
    ...(count === 0
      ? []
      : [
          { id: "sessions.none", title: "Select none", group, keys: "escape", run: doing.onClear },
          { id: "sessions.beside", title: "Show the selected side by side", group, keys: "v", run: doing.onBeside },
          { id: "sessions.tags", title: "Tag the selected", group, keys: "t", run: doing.onTags },
          { id: "sessions.archive", title: "Archive the selected, or take them out", group, keys: "e", run: doing.onArchive },
          { id: "sessions.delete", title: "Delete the selected", group, keys: "delete", run: doing.onDelete },
        ]),
    {
      id: "sessions.search",
      title: "Search in sessions",
      group,
      keys: "/",
      run: () => document.querySelector<HTMLElement>("[data-search]")?.focus(),
    },
  ]);
}
