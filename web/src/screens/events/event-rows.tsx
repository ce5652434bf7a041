import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef } from "react";
import { VList, type VListHandle } from "virtua";
import { useLive } from "../../live/hooks.ts";
import { classes } from "../../ui/classes.ts";
import type { Entry } from "./record.ts";

interface EventRowsProps {
  entries: readonly Entry[];
  chosen: Entry | undefined;
  /** Stays at the newest as long as the reader is there. */
  isFollowing: boolean;
  onChoose(entry: Entry): void;
}

/** A line for each event, oldest first; arrow keys choose. */
export function EventRows({ entries, chosen, isFollowing, onChoose }: EventRowsProps) {
  const list = useRef<VListHandle>(null);
  const isAtEnd = useRef(true);
  const id = useId();
  const at = chosen === undefined ? -1 : entries.findIndex(({ number }) => number === chosen.number);
  useEffect(() => {
    if (isFollowing && isAtEnd.current) list.current?.scrollToIndex(entries.length - 1, { align: "end" });
  }, [entries, isFollowing]);
  function press(event: KeyboardEvent): void {
    const next = { ArrowDown: Math.min(entries.length - 1, at + 1), ArrowUp: Math.max(0, at - 1), Home: 0, End: entries.length - 1 }[
      event.key
    ];
    const entry = next === undefined ? undefined : entries[next];
    if (entry === undefined || next === undefined) return;
    event.preventDefault();
    onChoose(entry);
    list.current?.scrollToIndex(next, { align: "nearest" });
  }
  function click({ target }: MouseEvent): void {
    const entry = target instanceof Element ? entries[Number(target.closest<HTMLElement>("[data-at]")?.dataset.at)] : undefined;
    if (entry !== undefined) onChoose(entry);
  }
  const watchScroll = (offset: number) => {
    const { scrollSize = 0, viewportSize = 0 } = list.current ?? {};
    isAtEnd.current = offset + viewportSize >= scrollSize - 40;
  };
  return (
    <div
      role="listbox"
      aria-label="Events"
      tabIndex={0}
      aria-activedescendant={at < 0 ? undefined : `${id}${chosen?.number}`}
      onKeyDown={press}
      onClick={click}
      className="flex min-h-0 min-w-0 flex-1"
    >
      <VList ref={list} data={entries} onScroll={watchScroll} keepMounted={at < 0 ? [] : [at]} className="min-h-48 flex-1">
        {(entry, index) => (
          <EventRow key={entry.number} id={`${id}${entry.number}`} entry={entry} isChosen={entry.number === chosen?.number} at={index} />
        )}
      </VList>
    </div>
  );
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

function EventRow({ id, at, entry, isChosen }: { id: string; at: number; entry: Entry; isChosen: boolean }) {
  const { event, position, sessionID } = entry;
  const title = useLive(({ sessions }) => (sessionID === undefined ? "" : (sessions[sessionID]?.title ?? sessionID)));
  return (
    <div
      role="option"
      tabIndex={-1}
      data-at={at}
      id={id}
      aria-selected={isChosen}
      className={classes(
        "flex cursor-default items-baseline gap-3 border-l-2 px-4 py-0.5 font-mono text-xs hover:bg-hover touch:py-2.5",
        isChosen ? "border-accent bg-hover" : "border-transparent",
      )}
    >
      <span className="hidden w-24 shrink-0 text-muted sm:inline">{entry.at === undefined ? "earlier" : clock.format(entry.at)}</span>
      <span className="w-14 shrink-0 text-right text-muted">{position}</span>
      <span className="shrink-0">{event.type}</span>
      <span className="min-w-0 flex-1 truncate text-muted">{title}</span>
    </div>
  );
}
