import { Link, useNavigate } from "@tanstack/react-router";
import { useActions } from "../../app/actions.ts";
import { buttonClasses } from "../../ui/button.tsx";
import { Choice } from "../../ui/choice.tsx";
import { Diff } from "../../ui/diff/diff.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Counts } from "./counts.tsx";
import type { Change, Search } from "./source.ts";
import { UndoFile } from "./undo.tsx";

const wide = matchMedia("(min-width: 70rem)");

/** One file's change. */
export function FileChange({ change, search, directory }: { change: Change; search: Search; directory: string }) {
  const navigate = useNavigate();
  const layout = search.view === "split" || search.view === "unified" ? search.view : wide.matches ? "split" : "unified";
  const show = (view: string) => void navigate({ to: "/changes", search: { ...search, view }, replace: true });
  useActions(() => [
    {
      id: "changes.layout",
      title: "Split or unified",
      group: "Changes",
      keys: "v",
      run: () => show(layout === "split" ? "unified" : "split"),
    },
  ]);
  return (
    <section aria-label={change.file} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
        <h2 className="min-w-0 flex-[1_1_12rem] truncate font-mono text-xs" title={change.file}>
          {change.file}
        </h2>
        <Counts additions={change.additions} deletions={change.deletions} />
        <Choice
          label="Layout"
          value={layout}
          onChange={show}
          options={[
            { value: "unified", title: "Unified" },
            { value: "split", title: "Split" },
          ]}
        />
        {change.status !== "deleted" && (
          <Link to="/files" search={{ directory, path: change.file }} className={buttonClasses()}>
            <Icon name="files" /> Open
          </Link>
        )}
        {search.session !== undefined && <UndoFile sessionID={search.session} file={change.file} />}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Diff key={change.file} patch={change.patch} file={change.file} layout={layout} />
      </div>
    </section>
  );
}
