import type { EventLog } from "../event/log.ts";
import type { AssistantMessage } from "../schema/message.ts";
import type { Metric } from "./exposition.ts";

const known = new Set(["stop", "length", "tool-calls", "content-filter", "error", "unknown"]);

/** Counts the steps of turns as the log tells of their ends, whichever server of the store ran them. Ends with the log. */
export function countTurns(log: Pick<EventLog, "readOn">, onError: (error: unknown) => void): () => Metric[] {
  const turns = new Map<string, number>();
  const tokens = new Map<string, number>();
  let cost = 0;

  function count(message: AssistantMessage): void {
    const { input, output, reasoning, cache } = message.tokens;
    const { error, finish = "unknown" } = message;
    // What a model says of its end is not ours to choose: each new word would be a series.
    add(turns, error?.name ?? (known.has(finish) ? finish : "other"), 1);
    for (const [kind, value] of Object.entries({ input, output, reasoning, cache_read: cache.read, cache_write: cache.write }))
      add(tokens, kind, value);
    cost += message.cost;
  }

  const follow = async () => {
    for await (const { event, milestone } of log.readOn({})) {
      if (milestone === "finished" && event.type === "message.updated" && event.properties.info.role === "assistant")
        count(event.properties.info);
    }
  };
  follow().catch(onError);

  return () => [
    { name: "codeport_steps_total", help: "Model calls that ended, by how.", type: "counter", values: labelled("outcome", turns) },
    { name: "codeport_tokens_total", help: "Tokens that models counted.", type: "counter", values: labelled("kind", tokens) },
    { name: "codeport_cost_dollars_total", help: "What they cost.", type: "counter", values: [{ value: cost }] },
  ];
}

function add(counts: Map<string, number>, name: string, value: number): void {
  counts.set(name, (counts.get(name) ?? 0) + value);
}

function labelled(label: string, counts: Map<string, number>): Metric["values"] {
  return [...counts].map(([name, value]) => ({ labels: { [label]: name }, value }));
}
