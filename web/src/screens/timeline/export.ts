import type { TimelineTurn } from "../../../../src/client/client.ts";
import { type Cell, toCsv } from "../../ui/csv.ts";

const columns = ["turn", "step", "kind", "name", "detail", "state", "start", "end", "milliseconds", "provider", "model"].concat([
  "input",
  "output",
  "reasoning",
  "cache_read",
  "cache_write",
  "cost",
  "error",
]);

type Row = Partial<Record<string, Cell>>;

/** A row for each turn, step, tool and wait. Times are ISO 8601, tokens and dollars stand with the steps and add up in their turns. */
export function timelineCsv(turns: readonly TimelineTurn[]): string {
  const rows = turns.flatMap((turn) => [turnRow(turn), ...turn.steps.flatMap((step, at) => stepRows(turn, { step, at }))]);
  return toCsv(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );
}

function turnRow({ messageID, state, queued, start, end, tokens, cost }: TimelineTurn): Row {
  return { turn: messageID, kind: "turn", state, ...times(start ?? queued, end), ...amounts(tokens, cost) };
}

function stepRows({ messageID: turn }: TimelineTurn, { step, at }: { step: TimelineTurn["steps"][number]; at: number }): Row[] {
  const common = { turn, step: at + 1 };
  const { agent, providerID: provider, modelID: model, start, end, tokens, cost, error, finish, tools, waits } = step;
  const waitRow = (wait: (typeof waits)[number]): Row => ({
    ...common,
    kind: wait.kind,
    name: wait.name,
    state: wait.answer ?? "waiting",
    ...times(wait.start, wait.end),
  });
  return [
    {
      ...common,
      kind: "step",
      name: agent,
      state: finish,
      ...times(start, end),
      provider,
      model,
      ...amounts(tokens, cost),
      error: error?.message,
    },
    ...tools.flatMap((tool) => [
      { ...common, kind: "tool", name: tool.tool, detail: tool.title, state: tool.state, ...times(tool.start, tool.end) },
      ...tool.waits.map(waitRow),
    ]),
    ...waits.map(waitRow),
  ];
}

function times(start: number | undefined, end: number | undefined): Row {
  const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return { start: iso(start), end: iso(end), milliseconds: start === undefined || end === undefined ? undefined : end - start };
}

function amounts({ input, output, reasoning, cache }: TimelineTurn["tokens"], cost: number): Row {
  return { input, output, reasoning, cache_read: cache.read, cache_write: cache.write, cost };
}
