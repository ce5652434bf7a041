import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { TimelineTurn } from "../../../../src/client/client.ts";
import { Money, Tokens } from "../../ui/amount.tsx";
import { Badge } from "../../ui/badge.tsx";
import { buttonClasses } from "../../ui/button.tsx";
import { Duration, duration, Time, useNow } from "../../ui/time.tsx";
import { linesOf } from "./lines.ts";
import { Legend } from "./spent.tsx";
import { totalOf, useWords } from "./turn-list.tsx";
import { waterfallOf } from "./waterfall.ts";
import { WaterfallLine } from "./waterfall-line.tsx";

const tones = { completed: "ok", error: "danger", aborted: "warn", unanswered: "warn", queued: "accent", running: "accent" } as const;

/** One turn: what it came to, and where its time went. */
export function TurnView({ sessionID, turn }: { sessionID: string; turn: TimelineTurn }) {
  const words = useWords(sessionID, turn.messageID);
  const isOpen = turn.state === "queued" || turn.state === "running";
  const ticking = useNow(isOpen ? 500 : undefined);
  // What nobody answered does not go on after the turn.
  const now = isOpen ? ticking : (turn.end ?? turn.start ?? turn.queued);
  const { lines, ticks, milliseconds } = useMemo(() => waterfallOf(linesOf(turn), now), [turn, now]);
  return (
    <section aria-labelledby="turn" className="flex min-w-0 flex-1 flex-col gap-3 overflow-auto p-4">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 id="turn" className="line-clamp-2 w-full font-semibold">
          {words ?? "A prompt"}
        </h2>
        <Badge tone={tones[turn.state]}>{turn.state}</Badge>
        <Time at={turn.queued} />
        {turn.start !== undefined && <Duration start={turn.start} end={turn.end} />}
        <span>
          <Tokens count={totalOf(turn)} /> tokens
        </span>
        <Money dollars={turn.cost} />
        <Link
          to="/session/$sessionID"
          params={{ sessionID }}
          search={{ message: turn.messageID }}
          className={buttonClasses("quiet", "text-accent")}
        >
          Open in the session
        </Link>
      </header>
      <Legend shown={lines.flatMap(({ bars }) => bars.map(({ spent }) => spent))} />
      <div className="min-w-0">
        <div aria-hidden="true" className="relative mb-1 h-4 text-muted text-xs md:ml-56">
          {ticks.map((tick) => (
            <span
              key={tick.milliseconds}
              className="absolute whitespace-nowrap border-line border-l pl-1"
              style={{ left: `${tick.left * 100}%` }}
            >
              {tick.left < 0.9 && duration(tick.milliseconds)}
            </span>
          ))}
        </div>
        <ol aria-label={`Where ${duration(milliseconds)} went`}>
          {lines.map((line) => (
            <WaterfallLine key={line.id} line={line} />
          ))}
        </ol>
      </div>
      {lines.length === 0 && <p className="text-muted">It has not begun.</p>}
    </section>
  );
}
