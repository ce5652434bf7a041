import { Link } from "@tanstack/react-router";
import { memo, type RefObject, useEffect, useRef } from "react";
import type { Session } from "../../../../src/client/client.ts";
import { Money, Tokens } from "../../ui/amount.tsx";
import { Badge } from "../../ui/badge.tsx";
import { classes } from "../../ui/classes.ts";
import { Icon } from "../../ui/icon.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { sessionTitle } from "../../ui/session-title.ts";
import { Time } from "../../ui/time.tsx";
import { ActivityBadge } from "./activity-badge.tsx";
import type { SessionRow } from "./rows.ts";

interface SessionRowViewProps {
  row: SessionRow;
  isSelected: boolean;
  /** The keys are at it. */
  isCurrent: boolean;
  /** The session that is to take the focus as soon as its row is there. */
  wanted: RefObject<string | undefined>;
  onFocus(id: string): void;
  onSelect(id: string): void;
  onToggle(id: string): void;
  menu(session: Session): MenuItem[];
}

/** One session of the list. */
export const SessionRowView = memo(function SessionRowView(props: SessionRowViewProps) {
  const { row, isSelected, isCurrent, wanted, onFocus, onSelect, onToggle, menu } = props;
  const { session, depth, subAgents, isOpen } = row;
  const { id, title } = session;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (wanted.current !== id) return;
    wanted.current = undefined;
    link.current?.focus({ preventScroll: true });
  });
  return (
    <div
      data-session={id}
      aria-current={isCurrent || undefined}
      style={{ paddingLeft: `${depth * 1.5}rem` }}
      className={classes(
        "flex items-stretch border-line border-b",
        isSelected && "bg-sunken",
        isCurrent && "shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      <label className="flex min-w-9 cursor-pointer items-center justify-center pl-2 touch:min-w-11">
        <input
          type="checkbox"
          aria-label={`Select ${title}`}
          checked={isSelected}
          onChange={() => onSelect(id)}
          className="size-4 accent-accent"
        />
      </label>
      <Link
        ref={link}
        to="/session/$sessionID"
        params={{ sessionID: id }}
        preload={false}
        onFocus={() => onFocus(id)}
        className="flex min-h-11 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-0.5 px-2 py-1.5 hover:bg-hover focus-visible:-outline-offset-2"
      >
        <RowText row={row} />
      </Link>
      <span className="flex sm:w-26 sm:justify-end">
        {subAgents > 0 && (
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => onToggle(id)}
            className="inline-flex min-w-9 items-center justify-center gap-1 whitespace-nowrap px-2 text-muted text-xs hover:bg-hover touch:min-w-11"
          >
            {subAgents} <span className="max-sm:sr-only">{subAgents === 1 ? "sub-agent" : "sub-agents"}</span>
            <Icon name="chevron" className={classes("size-3", isOpen && "rotate-90")} />
          </button>
        )}
      </span>
      <span className="flex items-center px-1">
        <Menu trigger={<IconButton icon="more" label={`More for ${title}`} />} items={menu(session)} />
      </span>
    </div>
  );
});

const shownTags = 3;

function RowText({ row: { session, depth, activity } }: { row: SessionRow }) {
  const { id, title, parentID, tags = [], tokens, cost, time } = session;
  const used = tokens === undefined ? 0 : tokens.input + tokens.output + tokens.reasoning;
  return (
    <>
      <span className="flex min-w-0 flex-[1_1_14rem] items-center gap-2">
        <span className={classes("min-w-0 truncate", depth === 0 && "font-medium")}>{sessionTitle(title)}</span>
        {parentID !== undefined && depth === 0 && <Badge>sub-agent</Badge>}
        {tags.slice(0, shownTags).map((tag) => (
          <span key={tag} className="max-w-28 shrink-0 truncate text-accent text-xs">
            #{tag}
          </span>
        ))}
        {tags.length > shownTags && <span className="shrink-0 text-accent text-xs">+{tags.length - shownTags}</span>}
      </span>
      <ActivityBadge sessionID={id} activity={activity} />
      <span className="flex gap-3 text-muted text-xs sm:w-52 sm:justify-end">
        {used > 0 && <Tokens count={used} />}
        {cost !== undefined && cost > 0 && <Money dollars={cost} />}
        <span className="sm:w-16 sm:text-right">
          <Time at={time.updated} />
        </span>
      </span>
    </>
  );
}
