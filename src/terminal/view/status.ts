import { asksElsewhere } from "../conversation.ts";
import type { Canvas } from "../markdown.ts";
import type { State } from "../state.ts";
import { cleanLine, cut, widthOf } from "../text.ts";
import { agentName, modelName, usageOf } from "../usage.ts";

/** What fits of: state, model, agent, tokens, cost, connection. The state and a lost connection always do. */
export function statusLine(state: State, { width, theme }: Canvas): string {
  const { conversation, connection } = state;
  const { tokens, percent, cost } = usageOf(state);
  const status = activity(conversation.status);
  const elsewhere = asksElsewhere(conversation);
  const facts = [
    elsewhere > 0 && `${elsewhere} asked elsewhere`,
    modelName(state),
    tokens > 0 && `${short(tokens)} tokens${percent === undefined ? "" : ` (${percent}%)`}`,
    cost > 0 && `$${cost.toFixed(cost < 0.1 ? 4 : 2)}`,
    agentName(state),
    connection.state === "open" && "connected",
  ].filter((fact) => typeof fact === "string");
  const first = connection.state === "open" ? status : `${connection.state}${connection.reason ? `: ${connection.reason}` : ""}`;
  const style = connection.state === "lost" ? theme.bad : conversation.status.type === "idle" ? theme.good : theme.warning;
  const head = cut(cleanLine(first), width);
  let room = width - widthOf(head);
  const fitting = facts.map(cleanLine).filter((fact) => {
    const columns = widthOf(fact) + 3;
    if (columns > room) return false;
    room -= columns;
    return true;
  });
  return style(head) + fitting.map((fact) => theme.dim(` · ${fact}`)).join("");
}

function activity(status: State["conversation"]["status"]): string {
  if (status.type === "retry") return `retry ${status.attempt}: ${status.message}`;
  return status.type === "busy" ? "working (Esc interrupts)" : "ready";
}

/** 950, 12.3k, 1.2M */
function short(count: number): string {
  if (count < 1000) return String(count);
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}

export function toastLine({ toast }: State, { width, theme }: Canvas): string[] {
  if (toast === undefined) return [];
  const style = { info: theme.accent, success: theme.good, warning: theme.warning, error: theme.bad }[toast.variant];
  return [style(cut(cleanLine(`▸ ${toast.title ? `${toast.title}: ` : ""}${toast.message}`), width))];
}

const mostTodos = 5;
const marks: Record<string, string> = { completed: "☑", in_progress: "▶", cancelled: "☒" };

/** What is left to do; nothing when all is done. */
export function todoLines({ conversation: { todos } }: State, { width, theme }: Canvas): string[] {
  const open = todos.filter(({ status }) => status !== "completed" && status !== "cancelled");
  if (open.length === 0) return [];
  const from = Math.max(0, Math.min(todos.indexOf(open[0] as (typeof todos)[number]) - 1, todos.length - mostTodos));
  const shown = todos.slice(from, from + mostTodos).map(({ content, status }) => {
    const line = cut(cleanLine(`${marks[status] ?? "☐"} ${content}`), width);
    return status === "in_progress" ? theme.accent(line) : status === "pending" ? line : theme.dim(line);
  });
  return [theme.dim(cut(`Todo ${todos.length - open.length}/${todos.length}`, width)), ...shown];
}
