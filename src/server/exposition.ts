/** One measured thing, with its value for each set of labels. Labels never hold ids: each new value is a series of its own, for good. */
export interface Metric {
  name: string;
  help: string;
  type: "counter" | "gauge" | "summary";
  values: { labels?: Record<string, string>; value: number }[];
}

/** Prometheus's text format, 0.0.4. */
export function exposition(metrics: Metric[]): string {
  return metrics
    .map(({ name, help, type, values }) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...series(name, values), ""].join("\n"))
    .join("");
}

function series(name: string, values: Metric["values"]): string[] {
  return values.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`;
  });
}

function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}
