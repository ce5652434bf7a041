import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useActions } from "../../app/actions.ts";
import { reasonOf } from "../../live/follow.ts";
import { useLive, useSession } from "../../live/hooks.ts";
import { Empty } from "../../ui/empty.tsx";
import { Screen } from "../../ui/screen.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { rowsOf } from "../../ui/tree/rows.ts";
import { Tree } from "../../ui/tree/tree.tsx";
import { Counts } from "./counts.tsx";
import { FileChange } from "./file-change.tsx";
import { type Change, type Search, sourceOf } from "./source.ts";
import { SourceBar } from "./source-bar.tsx";
import { RevertNotice, UndoAll } from "./undo.tsx";
import { useChanges } from "./use-changes.ts";

const route = getRouteApi("/changes");

/** What was changed: by a turn, by a session, or since the newest commit; file by file, and how to take it back. */
export function Changes() {
  const search: Search = route.useSearch();
  const session = useSession(search.session ?? "");
  const loaded = useLive((state) => state.loaded);
  if (search.session !== undefined && session === undefined)
    return <Screen title="Changes">{loaded ? <Empty title="There is no such session" role="alert" /> : <Spinner />}</Screen>;
  return <Compared search={search} directory={session?.directory ?? search.directory ?? ""} />;
}

function Compared({ search, directory }: { search: Search; directory: string }) {
  const source = sourceOf(search, directory);
  const { changes, isPending, error } = useChanges(source, directory);
  const { session } = search;
  return (
    <Screen title="Changes" actions={session !== undefined && source.kind === "session" && <UndoAll sessionID={session} />}>
      <SourceBar search={search} directory={directory} />
      {session !== undefined && <RevertNotice sessionID={session} />}
      {isPending && (
        <div className="p-4">
          <Spinner />
        </div>
      )}
      {error !== null && error !== undefined && (
        <Empty title="The changes could not be told" role="alert">
          {reasonOf(error)}
        </Empty>
      )}
      {changes?.length === 0 && <Empty title="Nothing changed">What a session or you change shows up here.</Empty>}
      {changes !== undefined && changes.length > 0 && <Files search={search} changes={changes} directory={directory} />}
    </Screen>
  );
}

function Files({ search, changes, directory }: { search: Search; changes: Change[]; directory: string }) {
  const navigate = useNavigate();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const byFile = useMemo(() => new Map(changes.map((change) => [change.file, change])), [changes]);
  const rows = rowsOf([...byFile.keys()], closed);
  const files = rows.filter(({ isOpen }) => isOpen === undefined).map(({ path }) => path);
  const change = byFile.get(search.file ?? "") ?? byFile.get(files[0] ?? "");
  const open = (file: string | undefined) =>
    file !== undefined && void navigate({ to: "/changes", search: { ...search, file }, replace: true });
  const step = (by: number) => open(files[files.indexOf(change?.file ?? "") + by]);
  useActions(() => [
    { id: "changes.next", title: "Next changed file", group: "Changes", keys: "j", repeats: true, run: () => step(1) },
    { id: "changes.previous", title: "Previous changed file", group: "Changes", keys: "k", repeats: true, run: () => step(-1) },
  ]);
  return (
    <div className="flex min-h-0 flex-1 flex-col md:flex-row">
      <nav
        aria-label="Changed files"
        className="max-h-56 shrink-0 overflow-auto border-line border-b md:max-h-none md:w-72 md:border-r md:border-b-0"
      >
        <Total changes={changes} />
        <Tree
          label="Changed files"
          rows={rows}
          selected={change?.file}
          onSelect={open}
          onToggle={(path) => setClosed((before) => toggled(before, path))}
          trailing={({ path }) => <Mark change={byFile.get(path)} />}
        />
      </nav>
      {change !== undefined && <FileChange change={change} search={search} directory={directory} />}
    </div>
  );
}

function Total({ changes }: { changes: Change[] }) {
  const sum = (of: (change: Change) => number) => changes.reduce((total, change) => total + of(change), 0);
  return (
    <p className="flex justify-between gap-2 px-3 pt-2 text-muted text-xs">
      <span>{changes.length === 1 ? "1 file" : `${changes.length} files`}</span>
      <Counts additions={sum(({ additions }) => additions)} deletions={sum(({ deletions }) => deletions)} />
    </p>
  );
}

const letters = { added: "A", deleted: "D", modified: "M" };

function Mark({ change }: { change: Change | undefined }) {
  if (change === undefined) return null;
  return (
    <>
      <Counts additions={change.additions} deletions={change.deletions} />
      <abbr title={change.status} className="w-4 text-center text-muted text-xs no-underline">
        {letters[change.status]}
      </abbr>
    </>
  );
}

function toggled(set: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(path)) next.add(path);
  return next;
}
