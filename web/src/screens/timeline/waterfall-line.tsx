import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { classes } from "../../ui/classes.ts";
import { duration } from "../../ui/time.tsx";
import { fillOf, looks } from "./spent.tsx";
import type { Bar, Waterfall } from "./waterfall.ts";

type Line = Waterfall["lines"][number];

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

/** A line of the waterfall; opened, it tells its stretches in words. */
export function WaterfallLine({ line }: { line: Line }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { label, detail, depth, bars, milliseconds, fault, isDenied, sessionID } = line;
  return (
    <li className="border-line border-t">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full flex-col gap-0.5 py-1 text-left hover:bg-hover focus-visible:-outline-offset-2 md:flex-row md:items-center md:gap-0 touch:min-h-11"
      >
        <span className={classes("flex w-full min-w-0 items-baseline gap-2 pr-3 md:w-56 md:shrink-0", depth > 0 && "pl-4")}>
          <span className={classes("shrink-0", depth === 0 && "font-medium")}>{label}</span>
          <span className="min-w-0 flex-1 truncate text-muted text-xs">{detail}</span>
          <span className={classes("shrink-0 text-xs", fault === undefined ? "text-muted" : "text-danger")}>
            {fault !== undefined && "failed, "}
            {isDenied && "denied, "}
            {duration(milliseconds)}
          </span>
        </span>
        <span aria-hidden="true" className="relative block h-4 w-full min-w-0 flex-1">
          {bars.map((bar) => (
            <Stretch key={`${bar.spent} ${bar.start}`} bar={bar} />
          ))}
        </span>
      </button>
      <div id={id} hidden={!isOpen} className="pb-2 pl-4 text-xs">
        <ul>
          {bars.map((bar) => (
            <li key={`${bar.spent} ${bar.start}`}>
              {looks[bar.spent].title}: {duration(bar.milliseconds)}
              <span className="text-muted">
                {" "}
                from {clock.format(bar.start)}
                {bar.end === undefined && ", goes on"}
                {bar.note !== undefined && `, ${bar.note}`}
              </span>
            </li>
          ))}
        </ul>
        {fault !== undefined && <p className="text-danger">{fault}</p>}
        {sessionID !== undefined && (
          <Link to="/timeline" search={{ session: sessionID }} className="text-accent underline">
            The sub-agent's timeline
          </Link>
        )}
      </div>
    </li>
  );
}

function Stretch({ bar }: { bar: Bar }) {
  const { spent, left, width, milliseconds } = bar;
  const { title, isThin } = looks[spent];
  return (
    <span
      title={`${title}: ${duration(milliseconds)}`}
      className={classes("absolute min-w-0.5 rounded-sm", isThin ? "top-1.5 h-1" : "top-0.5 h-3")}
      style={{ left: `${left * 100}%`, width: `${width * 100}%`, ...fillOf(spent) }}
    />
  );
}
