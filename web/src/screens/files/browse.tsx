import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../app/client.ts";
import { reasonOf } from "../../live/follow.ts";
import { Empty } from "../../ui/empty.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import type { TreeRow } from "../../ui/tree/rows.ts";
import { Tree } from "../../ui/tree/tree.tsx";
import { above, listedRows } from "./listing.ts";

interface BrowseProps {
  directory: string | undefined;
  path: string | undefined;
  onOpen(path: string): void;
}

/** The tree of a directory, with what git says of its files. */
export function Browse({ directory, path, onOpen }: BrowseProps) {
  const api = useApi(directory);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(above(path ?? "")));
  const wanted = ["", ...open];
  const answers = useQueries({ queries: wanted.map((at) => api.file.list.queryOptions({ path: at })) });
  const status = useQuery(api.file.status.queryOptions());
  const marks = new Map(status.data?.map((file) => [file.path, file.status]));
  const [top] = answers;
  if (top?.isPending)
    return (
      <div className="p-4">
        <Spinner />
      </div>
    );
  if (top?.error)
    return (
      <Empty title="The directory could not be read" role="alert">
        {reasonOf(top.error)}
      </Empty>
    );
  const listings = new Map(wanted.map((at, index) => [at, answers[index]?.data ?? []]));
  const rows = listedRows(listings, open);
  if (rows.length === 0) return <Empty title="An empty directory" />;
  const toggle = (at: string) =>
    setOpen((before) => (before.has(at) ? new Set([...before].filter((each) => each !== at)) : new Set([...before, at])));
  return (
    <Tree
      label="Files"
      rows={rows}
      selected={path}
      onSelect={onOpen}
      onToggle={toggle}
      trailing={(row) => <Mark row={row} marks={marks} />}
    />
  );
}

type Marks = ReadonlyMap<string, "added" | "deleted" | "modified">;

const letters = { added: "A", deleted: "D", modified: "M" };

function Mark({ row, marks }: { row: TreeRow; marks: Marks }) {
  const isDirectory = row.isOpen !== undefined;
  if (isDirectory && [...marks.keys()].some((file) => file.startsWith(`${row.path}/`)))
    return (
      <abbr title="Something in it changed" className="text-warn text-xs no-underline">
        •
      </abbr>
    );
  const status = marks.get(row.path);
  if (status === undefined) return null;
  return (
    <abbr title={`${status} since the newest commit`} className="text-warn text-xs no-underline">
      {letters[status]}
    </abbr>
  );
}
