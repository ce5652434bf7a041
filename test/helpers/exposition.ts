const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const sample =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (NaN|[+-]?Inf|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)$/;

/**
 * Reads Prometheus's text format as strictly as its own tools do; the samples by name and labels. Throws Error for a line that is none, a metric
 * without HELP and TYPE before it, one that comes in two pieces, a sample that comes twice, a counter that is not named `_total`, and a text that ends within a line.
 */
export function parseExposition(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  const helped = new Set<string>();
  let current = "";
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  for (const line of text.slice(0, -1).split("\n")) {
    const [, keyword, metric = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === "HELP") {
      if (helped.has(metric) || !name.test(metric)) throw new Error(`HELP twice, or of no name: ${line}`);
      helped.add(metric);
      current = metric;
    } else if (keyword === "TYPE") {
      if (metric !== current || types.has(metric)) throw new Error(`TYPE does not follow its HELP: ${line}`);
      if (rest === "counter" && !metric.endsWith("_total")) throw new Error(`A counter ends with _total: ${line}`);
      types.set(metric, rest);
    } else readSample(line, { samples, metric: current, type: types.get(current) });
  }
  return samples;
}

function readSample(line: string, { samples, metric, type }: { samples: Map<string, number>; metric: string; type: string | undefined }) {
  const [, found, labels = "", value] = sample.exec(line) ?? [];
  const names = type === "summary" ? [metric, `${metric}_sum`, `${metric}_count`] : [metric];
  if (found === undefined || type === undefined || !names.includes(found)) throw new Error(`No sample of ${metric}: ${line}`);
  if (samples.has(found + labels)) throw new Error(`Twice: ${line}`);
  samples.set(found + labels, Number(value));
}
