import { useEffect, useEffectEvent, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "../app/theme.ts";
import type { PlotProps } from "./plot.tsx";

interface PlotCanvasProps extends PlotProps {
  /** The place under the pointer. */
  onPlace(place: number | undefined): void;
}

/** The drawing of a plot. Its colours are the page's, and so made anew with the theme. */
export function PlotCanvas({ places, series, format, short, onPlace }: PlotCanvasProps) {
  const { shown: theme } = useTheme();
  const holder = useRef<HTMLDivElement>(null);
  const tellPlace = useEffectEvent(onPlace);
  useEffect(() => {
    const element = holder.current;
    // Read for the dependency: the colours are those of the theme.
    if (element === null || theme === undefined) return;
    const options = optionsOf({ places, series, format, short }, (place) => tellPlace(place));
    const plot = new UPlot({ ...options, width: element.clientWidth, height: element.clientHeight }, stacked(places, series), element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [places, series, format, short, theme]);
  return <div ref={holder} className="h-full w-full overflow-hidden" />;
}

/** Each series on top of those before it; the highest first, since what is drawn later covers what was drawn before. */
function stacked(places: PlotProps["places"], series: PlotProps["series"]): UPlot.AlignedData {
  const sums = places.map(() => 0);
  const columns = series.map(({ values }) => {
    values.forEach((value, at) => {
      sums[at] = (sums[at] ?? 0) + value;
    });
    return [...sums];
  });
  return [places.map((_, at) => at), ...columns.reverse()];
}

function optionsOf({ places, series, format, short = String }: Omit<PlotProps, "label">, onPlace: (place: number | undefined) => void) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: colour("muted"), font: "11px system-ui", ticks: { show: false }, grid: { stroke: colour("line"), width: 1 } };
  const bars = UPlot.paths.bars?.({ size: [0.7, 48] });
  return {
    legend: { show: false },
    padding: [8, 8, 0, 0] as UPlot.Padding,
    cursor: { points: { show: false }, drag: { setScale: false, x: false, y: false }, y: false },
    scales: {
      x: { time: false, range: (): UPlot.Range.MinMax => [-0.5, Math.max(0.5, places.length - 0.5)] },
      y: { range: (_plot: UPlot, _least: number, most: number): UPlot.Range.MinMax => [0, most > 0 ? most * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        size: 28,
        incrs: increments,
        values: (_plot: UPlot, ats: number[]) => ats.map((at) => short(places[at] ?? "")),
      },
      { ...axis, size: 64, values: (_plot: UPlot, values: number[]) => values.map(format) },
    ],
    series: [
      {},
      ...series.toReversed().map(({ name, tone }) => ({ label: name, fill: colour(tone), width: 0, points: { show: false }, paths: bars })),
    ],
    hooks: { setCursor: [(plot: UPlot) => onPlace(plot.cursor.idx ?? undefined)] },
  };
}

/** Places have no halves. */
const increments = [1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 100, 200, 500, 1_000];
