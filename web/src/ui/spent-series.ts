import type { Series } from "./plot.tsx";

interface Counted {
  input: number;
  output: number;
  reasoning: number;
  cache: { read: number; write: number };
}

/** Tokens by kind, one value for each place. */
export function tokenSeries(counts: readonly Counted[]): Series[] {
  const series: Series[] = [
    { name: "Input", tone: "accent", values: counts.map(({ input }) => input) },
    { name: "Cache", tone: "muted", values: counts.map(({ cache }) => cache.read + cache.write) },
    { name: "Output", tone: "ok", values: counts.map(({ output }) => output) },
    { name: "Reasoning", tone: "warn", values: counts.map(({ reasoning }) => reasoning) },
  ];
  return series.filter(({ name, values }) => name === "Input" || name === "Output" || values.some((value) => value > 0));
}

/** US dollars. */
export const costSeries = (costs: readonly number[]): Series[] => [{ name: "Cost", tone: "accent", values: costs }];
