import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useLive } from "../live/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { type Place, places } from "./navigation.ts";

const link =
  "relative flex min-h-11 flex-1 flex-col items-center justify-center gap-0.5 rounded-md px-2 text-muted text-xs hover:bg-hover hover:text-text data-[status=active]:text-accent md:min-h-9 md:flex-none md:flex-row md:justify-start md:gap-2.5 md:text-sm md:data-[status=active]:bg-hover touch:md:min-h-11";

/** At the left of a wide screen, at the bottom of a narrow one. */
export function Navigation({ onPalette }: { onPalette(): void }) {
  const [isMore, setMore] = useState(false);
  return (
    <nav
      aria-label="Screens"
      className="flex shrink-0 gap-0.5 border-line border-t bg-raised p-1 pb-[max(0.25rem,env(safe-area-inset-bottom))] md:w-48 md:flex-col md:overflow-y-auto md:border-t-0 md:border-r md:p-2"
    >
      <div className="hidden items-center gap-2 px-2 pt-1 pb-3 font-semibold text-base md:flex">Codeport</div>
      <button type="button" onClick={onPalette} className={`${link} hidden! md:flex!`}>
        <Icon name="search" />
        <span className="flex-1 text-left">Search</span>
        <kbd className="font-sans text-xs">Ctrl K</kbd>
      </button>
      {places.map((place) => (
        <PlaceLink key={place.to} place={place} onChosen={() => setMore(false)} />
      ))}
      <button type="button" aria-expanded={isMore} onClick={() => setMore(!isMore)} className={`${link} md:hidden!`}>
        <Icon name="more" className="size-5" />
        More
      </button>
      {isMore && (
        <div className="fixed inset-x-0 bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-30 grid grid-cols-3 gap-1 border-line border-t bg-raised p-2 shadow-lg md:hidden">
          {places
            .filter(({ isMain }) => !isMain)
            .map((place) => (
              <PlaceLink key={place.to} place={{ ...place, isMain: true }} onChosen={() => setMore(false)} />
            ))}
        </div>
      )}
    </nav>
  );
}

function PlaceLink({ place: { to, title, icon, isMain }, onChosen }: { place: Place; onChosen(): void }) {
  const isInside = useParams({ strict: false, select: ({ sessionID }) => to === "/" && sessionID !== undefined });
  return (
    <Link
      to={to}
      // A session has an address of its own, which is not below that of the sessions.
      {...(isInside && { "aria-current": "true", "data-status": "active" })}
      onClick={onChosen}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      className={`${link} ${isMain ? "" : "hidden! md:flex!"}`}
    >
      <Icon name={icon} className="size-5 md:size-4" />
      <span className="md:flex-1">{title}</span>
      {to === "/inbox" && <Waiting />}
    </Link>
  );
}

/** How much waits for an answer. */
function Waiting() {
  const count = useLive(({ permissions, questions }) => permissions.length + questions.length);
  if (count === 0) return null;
  return (
    <span className="absolute top-0.5 left-1/2 ml-1 min-w-5 rounded-full bg-accent px-1.5 text-center font-semibold text-on-accent text-xs md:static md:ml-0">
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
