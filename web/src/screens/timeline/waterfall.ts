/** What a stretch of a turn was spent on. */
export type Spent = "queue" | "first" | "stream" | "rest" | "write" | "tool" | "retry" | "permission" | "question";

/** A stretch of time. Epoch ms; without an end it goes on. */
export interface Stretch {
  spent: Spent;
  start: number;
  end?: number;
  /** What there is to know of it. */
  note?: string;
}

/** A line of the waterfall: a step, a tool, and what their time went into. */
export interface Line {
  id: string;
  label: string;
  /** Beside the label: a model, what a tool was called for. */
  detail?: string;
  depth: number;
  /** Later ones are drawn over earlier ones. */
  stretches: Stretch[];
  /** Why it failed. */
  fault?: string;
  /** It was not allowed. */
  isDenied?: boolean;
  /** Of the sub-agent that did it. */
  sessionID?: string;
}

export interface Bar extends Stretch {
  /** Of the whole width, from 0 to 1. */
  left: number;
  width: number;
  milliseconds: number;
}

export interface Waterfall {
  lines: (Line & { bars: Bar[]; milliseconds: number })[];
  ticks: { left: number; milliseconds: number }[];
  /** Of the whole, in ms. */
  milliseconds: number;
}

/** Bars on one scale, from the earliest start to the latest end; what goes on reaches to `now`. */
export function waterfallOf(lines: readonly Line[], now: number): Waterfall {
  const endOf = ({ start, end }: Stretch): number => Math.max(start, end ?? now);
  const all = lines.flatMap(({ stretches }) => stretches);
  const extent = (stretches: readonly Stretch[]) => {
    const start = Math.min(...stretches.map((stretch) => stretch.start));
    return { start, milliseconds: Math.max(...stretches.map(endOf)) - start };
  };
  if (all.length === 0) return { lines: [], ticks: [], milliseconds: 0 };
  const { start, milliseconds } = extent(all);
  const scale = milliseconds || 1;
  const barOf = (stretch: Stretch): Bar => {
    const took = endOf(stretch) - stretch.start;
    return { ...stretch, milliseconds: took, left: (stretch.start - start) / scale, width: took / scale };
  };
  return {
    lines: lines.map((line) => ({ ...line, bars: line.stretches.map(barOf), milliseconds: extent(line.stretches).milliseconds })),
    ticks: ticksOf(milliseconds),
    milliseconds,
  };
}

const most = 5;
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat(
  [1, 2, 5, 10, 15, 30].map((count) => count * second),
  [1, 2, 5, 10, 15, 30].map((count) => count * minute),
  [1, 2, 4, 8, 24, 72, 168].map((count) => count * hour),
);

/** Round moments of a stretch of so many ms, at most six with the first. */
function ticksOf(whole: number): Waterfall["ticks"] {
  if (whole <= 0) return [{ left: 0, milliseconds: 0 }];
  const step = steps.find((candidate) => whole / candidate <= most) ?? whole / most;
  return Array.from({ length: Math.floor(whole / step) + 1 }, (_, at) => ({ left: (at * step) / whole, milliseconds: at * step }));
}
