/** One measured thing, with its value for each set of labels. Labels never hold ids: each new value is a series of its own, for good. */
export interface Metric {
  name: string;
  help: string;
  type: "counter" | "gauge" | "summary";
  values: { suffix?: "_sum" | "_count"; labels?: Record<string, string>; value: number }[];
}

/** Prometheus's text format, 0.0.4. What has no values yet is left out. */
export function exposition(metrics: Metric[]): string {
  return metrics
    .filter(({ values }) => values.length > 0)
    .map(({ name, help, type, values }) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...series(name, values), ""].join("\n"))
    .join("");
}

function series(name: string, values: Metric["values"]): string[] {
  return values.map(({ suffix = "", labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
  });
}

function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}
