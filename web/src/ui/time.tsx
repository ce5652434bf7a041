import { useEffect, useState } from "react";

const units = [
  { unit: "year", milliseconds: 31_536_000_000 },
  { unit: "month", milliseconds: 2_592_000_000 },
  { unit: "week", milliseconds: 604_800_000 },
  { unit: "day", milliseconds: 86_400_000 },
  { unit: "hour", milliseconds: 3_600_000 },
  { unit: "minute", milliseconds: 60_000 },
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** `3 min ago`. Both in epoch ms. */
export function ago(time: number, now: number): string {
  const found = units.find(({ milliseconds }) => now - time >= milliseconds);
  return found === undefined ? "now" : relative.format(-Math.floor((now - time) / found.milliseconds), found.unit);
}

/** A moment, epoch ms; how long it is ago goes on by itself, and hovering tells it exactly. */
export function Time({ at }: { at: number }) {
  const now = useNow(30_000);
  return (
    <time dateTime={new Date(at).toISOString()} title={absolute.format(at)} className="whitespace-nowrap">
      {ago(at, now)}
    </time>
  );
}

/** `850 ms`, `12.4 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long something took, or takes: without an end it counts on. Epoch ms. */
export function Duration({ start, end }: { start: number; end?: number }) {
  const now = useNow(end === undefined ? 1_000 : undefined);
  return <span className="whitespace-nowrap">{duration(Math.max(0, (end ?? now) - start))}</span>;
}

/** The time, epoch ms, anew every so many ms; without an interval once. */
export function useNow(interval?: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (interval === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}
