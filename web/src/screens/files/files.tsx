import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useActions } from "../../app/actions.ts";
import { useSessions } from "../../live/hooks.ts";
import { Choice } from "../../ui/choice.tsx";
import { Empty } from "../../ui/empty.tsx";
import { inputClasses } from "../../ui/field.tsx";
import { nameOf } from "../../ui/paths.ts";
import { Screen } from "../../ui/screen.tsx";
import { Browse } from "./browse.tsx";
import { Found } from "./found.tsx";
import { Preview } from "./preview.tsx";

const route = getRouteApi("/files");

/** Where a file is shown, and how it is looked for. All of it stands in the address. */
export interface Search {
  directory?: string;
  path?: string;
  q?: string;
  /** `name`, `text` or `symbol`. */
  find?: string;
  line?: string;
}

const ways = [
  { value: "name", title: "Names" },
  { value: "text", title: "Text" },
  { value: "symbol", title: "Symbols" },
] as const;

/** The files of a directory: to look through, to find, and to read. */
export function Files() {
  const search: Search = route.useSearch();
  const navigate = useNavigate();
  const go = (change: Search) => void navigate({ to: "/files", search: { ...search, ...change }, replace: true });
  const open = (path: string, line?: number) => go({ path, line: line === undefined ? undefined : String(line) });
  const find = search.find === "text" || search.find === "symbol" ? search.find : "name";
  useActions(() => [
    {
      id: "files.find",
      title: "Find files, text or symbols",
      group: "Files",
      keys: "/",
      run: () => document.getElementById("files-find")?.focus(),
    },
  ]);
  return (
    <Screen
      title="Files"
      actions={
        <DirectoryPicker directory={search.directory} onPick={(directory) => void navigate({ to: "/files", search: { directory } })} />
      }
    >
      <div className="flex min-h-0 flex-1 flex-col md:flex-row">
        <section
          aria-label="Find and browse"
          className="flex max-h-80 shrink-0 flex-col border-line border-b md:max-h-none md:w-80 md:border-r md:border-b-0"
        >
          <div className="flex flex-col gap-2 p-2">
            <input
              id="files-find"
              type="search"
              aria-label="Find"
              placeholder="Find…"
              value={search.q ?? ""}
              onChange={({ target }) => go({ q: target.value || undefined })}
              className={inputClasses}
            />
            <Choice label="Look in" value={find} onChange={(next) => go({ find: next })} options={[...ways]} />
          </div>
          <div className="min-h-24 flex-1 overflow-auto">
            {search.q === undefined ? (
              <Browse directory={search.directory} path={search.path} onOpen={open} />
            ) : (
              <Found directory={search.directory} query={search.q} find={find} onOpen={open} />
            )}
          </div>
        </section>
        {search.path === undefined ? (
          <Empty title="No file is open">Choose one, or find it by its name, its text or a symbol.</Empty>
        ) : (
          <Preview key={search.path} directory={search.directory} path={search.path} line={Number(search.line) || undefined} />
        )}
      </div>
    </Screen>
  );
}

function DirectoryPicker({ directory = "", onPick }: { directory: string | undefined; onPick(directory: string | undefined): void }) {
  const directories = [...new Set([directory, "", ...useSessions().map((session) => session.directory)])];
  return (
    <select
      aria-label="Directory"
      value={directory}
      onChange={({ target }) => onPick(target.value || undefined)}
      className={`${inputClasses} max-w-56`}
    >
      {directories.map((each) => (
        <option key={each} value={each}>
          {each === "" ? "The server's directory" : nameOf(each)}
        </option>
      ))}
    </select>
  );
}
