import { lazy, Suspense, useState } from "react";
import { Spinner } from "./spinner.tsx";

export interface Series {
  name: string;
  tone: Tone;
  /** One for each of the plot's places. */
  values: readonly number[];
}

export type Tone = "accent" | "ok" | "warn" | "danger" | "muted";

export interface PlotProps {
  /** What is shown, in words. */
  label: string;
  /** Of the places along the axis: days, steps. */
  places: readonly string[];
  /** Stacked upon each other, the first at the bottom. */
  series: readonly Series[];
  format(value: number): string;
  /** How a place is called below the axis, where there is little room; as it is unless told. */
  short?(place: string): string;
}

const PlotCanvas = lazy(() => import("./plot-canvas.tsx").then(({ PlotCanvas }) => ({ default: PlotCanvas })));

const swatches: Record<Tone, string> = { accent: "bg-accent", ok: "bg-ok", warn: "bg-warn", danger: "bg-danger", muted: "bg-muted" };

/** Stacked bars with their legend, and the same as a table for who does not see them. */
export function Plot(props: PlotProps) {
  const { label, places, series, format } = props;
  const [place, setPlace] = useState<number>();
  const shown = (values: readonly number[]) => format(place === undefined ? sum(values) : (values[place] ?? 0));
  return (
    <figure className="m-0 min-w-0">
      <figcaption className="mb-1 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-xs">
        <h2 className="font-semibold text-sm">{label}</h2>
        <span className="text-muted">{place === undefined ? "in all" : places[place]}</span>
        {series.map(({ name, tone, values }) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2.5 rounded-sm ${swatches[tone]}`} />
            {name} {shown(values)}
          </span>
        ))}
      </figcaption>
      <div role="img" aria-label={`${label}: bars for ${places.length} places; the table below has the numbers`} className="h-44">
        <Suspense fallback={<Spinner label="Drawing" />}>
          <PlotCanvas {...props} onPlace={setPlace} />
        </Suspense>
      </div>
      <PlotTable {...props} />
    </figure>
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function PlotTable({ label, places, series, format }: PlotProps) {
  return (
    <details className="text-xs">
      <summary className="cursor-default py-1 text-muted touch:py-3.5">As a table</summary>
      <section className="max-h-64 overflow-auto" tabIndex={0} aria-label={`${label}, as a table`}>
        <table className="w-full text-right">
          <thead>
            <tr>
              <th scope="col" className="text-left font-medium">
                &nbsp;
              </th>
              {series.map(({ name }) => (
                <th key={name} scope="col" className="px-2 font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((name, at) => (
              <tr key={name} className="border-line border-t">
                <th scope="row" className="text-left font-normal">
                  {name}
                </th>
                {series.map((one) => (
                  <td key={one.name} className="px-2">
                    {format(one.values[at] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
