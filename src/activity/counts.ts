import type { Activity } from "./activity.ts";

/** Totals since the start, each by its labels. */
export interface Counts {
  /** By `outcome`: `completed`, `aborted`, or the name of the error. */
  turns: Count[];
  /** Seconds that turns took, in all. */
  turnSeconds: number;
  /** By `provider`, `model` and `outcome` (`completed`, `aborted`, or the name of the error). */
  calls: Count[];
  /** By `provider`, `model` and `kind`: `input`, `output`, `reasoning`, `cache_read`, `cache_write`. */
  tokens: Count[];
  /** Dollars, by `provider` and `model`. */
  cost: Count[];
  /** By `tool` and `outcome`: `completed` or `failed`. */
  tools: Count[];
  /** Seconds spent waiting for people, by `for`: `permission` or `question`. */
  waits: Count[];
}

export interface Count {
  labels: Record<string, string>;
  value: number;
}

/** Names that are told apart; those that come later are `other`: a model may invent tools, and each name is a series for good. */
const mostNames = 50;

export function createCounts(): { add(activity: Activity): void; read(): Counts } {
  const kinds = { turns: tally(), calls: tally(), tokens: tally(), cost: tally(), tools: tally(), waits: tally() };
  const models = bounded();
  const tools = bounded();
  let turnSeconds = 0;

  function addCall({ name, provider = "", tokens, cost = 0, error }: Activity): void {
    const model = models(`${provider}/${name}`) === "other" ? { provider: "other", model: "other" } : { provider, model: name };
    kinds.calls.add({ ...model, outcome: outcomeOf(error) }, 1);
    if (tokens === undefined) return;
    const { input, output, reasoning, cache } = tokens;
    for (const [kind, value] of Object.entries({ input, output, reasoning, cache_read: cache.read, cache_write: cache.write }))
      if (value > 0) kinds.tokens.add({ ...model, kind }, value);
    if (cost > 0) kinds.cost.add(model, cost);
  }

  return {
    add(activity) {
      const { kind, name, start, end, error } = activity;
      const seconds = Math.max(0, end - start) / 1000;
      if (kind === "turn") {
        turnSeconds += seconds;
        kinds.turns.add({ outcome: outcomeOf(error) }, 1);
      } else if (kind === "model") addCall(activity);
      else if (kind === "tool") kinds.tools.add({ tool: tools(name), outcome: error === undefined ? "completed" : "failed" }, 1);
      else if (kind !== "step") kinds.waits.add({ for: kind }, seconds);
    },
    read() {
      const { turns, calls, tokens, cost, tools: used, waits } = kinds;
      return {
        ...{ turns: turns.read(), turnSeconds, calls: calls.read(), tokens: tokens.read() },
        ...{ cost: cost.read(), tools: used.read(), waits: waits.read() },
      };
    },
  };
}

function outcomeOf(error: string | undefined): string {
  if (error === undefined) return "completed";
  return error === "MessageAbortedError" ? "aborted" : error;
}

function tally(): { add(labels: Record<string, string>, value: number): void; read(): Count[] } {
  const counts = new Map<string, Count>();
  return {
    add(labels, value) {
      const key = JSON.stringify(labels);
      const count = counts.get(key) ?? { labels, value: 0 };
      counts.set(key, { labels, value: count.value + value });
    },
    read: () => [...counts.values()],
  };
}

function bounded(): (name: string) => string {
  const names = new Set<string>();
  return (name) => {
    if (!names.has(name) && names.size >= mostNames) return "other";
    names.add(name);
    return name;
  };
}
