import { openAsk } from "../conversation.ts";
import type { Canvas } from "../markdown.ts";
import type { State } from "../state.ts";
import { cleanLine, cut } from "../text.ts";
import type { Theme } from "../theme.ts";
import { agentName } from "../usage.ts";
import { askLines, wholeAsk } from "./ask.ts";
import { pickerLines } from "./picker.ts";
import { editorLines, suggestionLines } from "./prompt.ts";
import { statusLine, toastLine, todoLines } from "./status.ts";
import { transcript } from "./transcript.ts";

/** All that is on the screen: exactly its rows, none wider than its columns. */
export interface Screen {
  header: string;
  body: string[];
  footer: string[];
  /** Column and row of the cursor; undefined: it is hidden. */
  cursor?: { x: number; y: number };
  /** Of the transcript: its lines, those that are seen, and the first of them. */
  total: number;
  height: number;
  top: number;
}

/** Smaller terminals are drawn as if they were this large. */
const least = { columns: 20, rows: 8 };

export function screen(state: State, theme: Theme): Screen {
  const width = Math.max(least.columns, state.size.columns);
  const rows = Math.max(least.rows, state.size.rows);
  const canvas = { width, theme, details: state.details };
  const lower = footer(state, canvas, rows);
  const kept = lower.lines.slice(-(rows - 2));
  const height = rows - 1 - kept.length;
  const shift = { footer: 1 + height - (lower.lines.length - kept.length), body: 1 };
  const picker = state.picker && pickerLines(state.picker, height, canvas);
  const lines = picker?.lines ?? [...transcript(state, canvas), ...lower.whole];
  const last = Math.max(0, lines.length - height);
  const top = picker ? 0 : Math.min(state.top ?? last, last);
  const body = lines.slice(top, top + height);
  const cursor = picker ? at(picker.cursor, shift.body) : lower.cursor && at(lower.cursor, shift.footer);
  return {
    header: header(state, canvas),
    body: [...body, ...Array.from({ length: height - body.length }, () => "")],
    footer: kept,
    cursor,
    ...{ total: lines.length, height, top },
  };
}

const at = ({ x, y }: { x: number; y: number }, row: number) => ({ x, y: y + row });

function header({ conversation: { session } }: State, { width, theme }: Canvas): string {
  return theme.bold(theme.accent(cut(cleanLine(session?.title ?? "New session"), width)));
}

interface Footer {
  lines: string[];
  cursor?: { x: number; y: number };
  /** What is asked, where the lines do not show all of it: belongs below the transcript. */
  whole: string[];
}

/** Below the transcript: todos, what is asked or the prompt, notices, the state. */
function footer(state: State, canvas: Canvas, rows: number): Footer {
  const { width, theme } = canvas;
  const ask = openAsk(state.conversation);
  const mark = state.editor.text.startsWith("!") ? "! " : "> ";
  const [todos, toast] = [todoLines(state, canvas), toastLine(state, canvas)];
  // The header, a line of the transcript, the rule and the state are always there.
  const askCanvas = { ...canvas, room: rows - 4 - todos.length - toast.length };
  const asked = ask && state.draft && askLines(ask, state.draft, askCanvas);
  const entry = asked ?? editorLines(state.editor, { mark, width });
  const above = [...todos, ...(asked ? [] : suggestionLines(state, canvas)), ...toast];
  const rule = theme.dim(cut(`── ${cleanLine(agentName(state))} ${"─".repeat(width)}`, width).replace("…", "─"));
  const lines = [...above, rule, ...entry.lines, statusLine(state, canvas)];
  return { lines, cursor: entry.cursor && at(entry.cursor, above.length + 1), whole: ask && asked ? wholeAsk(ask, askCanvas) : [] };
}
