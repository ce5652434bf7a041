import { Dialog as Base } from "@base-ui/react/dialog";
import { useRouter } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { useSessions } from "../live/hooks.ts";
import { type Action, offeredActions } from "./actions.ts";
import { foundBy, ownFirst } from "./found.ts";
import { shownKeys } from "./keys.ts";

const most = 30;

/** Everything that can be done here, and every session to go to, by a few letters of its name. */
export function Palette({ onClose }: { onClose(): void }) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const [actions] = useState(() => ownFirst(offeredActions().filter(({ isHidden }) => !isHidden)));
  const sessions = useSessionActions();
  const found = foundBy(query, [...actions, ...sessions]).slice(0, most);
  const list = useId();
  const run = (action: Action | undefined) => {
    onClose();
    action?.run();
  };
  function press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) setChosen((chosen + step + found.length) % found.length);
    else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
  }
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Base.Popup
          aria-label="Commands"
          className="fixed top-[10vh] left-1/2 z-50 flex max-h-[70vh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 flex-col rounded-xl border border-line bg-surface shadow-xl"
        >
          <input
            role="combobox"
            aria-expanded
            aria-controls={list}
            aria-activedescendant={found[chosen] && `${list}-${chosen}`}
            aria-label="Search for a command or a session"
            placeholder="Search for a command or a session"
            className="min-h-12 border-line border-b bg-transparent px-4 text-base outline-none touch:text-[16px]"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setChosen(0);
            }}
            onKeyDown={press}
          />
          <div id={list} role="listbox" aria-label="Commands" className="overflow-y-auto p-1">
            {found.map((action, at) => (
              <Row key={action.id} id={`${list}-${at}`} action={action} isChosen={at === chosen} onRun={() => run(action)} />
            ))}
          </div>
          {found.length === 0 && <p className="px-4 pb-3 text-muted">Nothing is called that.</p>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Row({ id, action: { title, group, keys }, isChosen, onRun }: { id: string; action: Action; isChosen: boolean; onRun(): void }) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      ref={(row) => (isChosen ? row?.scrollIntoView({ block: "nearest" }) : undefined)}
      onClick={onRun}
      onKeyDown={(event) => event.key === "Enter" && onRun()}
      className="flex min-h-9 cursor-default items-center gap-2 rounded-md px-3 aria-selected:bg-hover touch:min-h-11"
    >
      <span className="w-16 shrink-0 truncate text-muted text-xs">{group}</span>
      <span className="min-w-0 flex-1 truncate">{title}</span>
      {keys !== undefined && <kbd className="font-sans text-muted text-xs">{shownKeys(keys)}</kbd>}
    </div>
  );
}

function useSessionActions(): Action[] {
  const router = useRouter();
  return useSessions().map(({ id, title }) => ({
    id,
    title,
    group: "Session",
    run: () => void router.navigate({ to: "/session/$sessionID", params: { sessionID: id } }),
  }));
}
