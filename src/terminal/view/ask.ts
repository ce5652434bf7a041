import type { PermissionRequest, QuestionInfo, QuestionRequest } from "../../client/client.ts";
import { type Draft, isQuestion, replies } from "../asking.ts";
import type { Canvas } from "../markdown.ts";
import { clean, cleanLine, cut, tail, wrap, wrapExactly } from "../text.ts";
import { type Drawn, editorLines } from "./prompt.ts";
import { diffLines } from "./tool.ts";

export interface AskDrawn {
  lines: string[];
  cursor?: Drawn["cursor"];
}

/** Where it is drawn, and in how many lines at most. */
interface AskCanvas extends Canvas {
  room: number;
}

/** What the agent asks, and what is chosen of the answer so far. What has no room here is all in `wholeAsk`. */
export function askLines(request: PermissionRequest | QuestionRequest, draft: Draft, canvas: AskCanvas): AskDrawn {
  return isQuestion(request) ? questionLines(request, draft, canvas) : permissionLines(request, draft, canvas);
}

/** All of what is asked, to be scrolled through above the answers; nothing where the answers show it all: nobody is to allow what cannot be seen. */
export function wholeAsk(request: PermissionRequest | QuestionRequest, canvas: AskCanvas): string[] {
  const { what, change } = isQuestion(request) ? { what: [], change: [] } : subjectOf(request, canvas);
  const most = mostBody(canvas);
  if (what.length <= most && change.length <= most) return [];
  return [...wrap(canvas.theme.warning("△ All of what is asked for:"), canvas.width), ...[...what, ...change].map((line) => `  ${line}`)];
}

/** Lines of a command or a change beside the answers: about a third of the room. */
const mostBody = ({ room }: AskCanvas): number => Math.min(10, Math.max(2, Math.floor(room / 3)));

function permissionLines(request: PermissionRequest, { reply, words }: Draft, canvas: AskCanvas): AskDrawn {
  const { width, theme } = canvas;
  const title = wrap(theme.warning(theme.bold(`△ Permission: ${cleanLine(request.permission)}`)), width);
  const head = [...title, ...permissionBody(request, canvas)];
  if (words) return withEditor([...head, ...wrap("Why not? (Enter rejects, with these words if there are any)", width)], words, width);
  const reach = request.always.length > 0 ? `: ${cleanLine(request.always.join(", "))}` : "";
  const labels = { once: "Allow once", session: `For this session${reach}`, always: `Always${reach}`, reject: "Reject" };
  const options = replies.map((one) => {
    const line = cut(`${one === reply ? "›" : " "} ${labels[one]}`, width);
    return one === reply ? theme.inverse(line) : line;
  });
  const hint = wrap(reply === undefined ? "Arrows choose an answer." : "Enter answers.", width).map(theme.dim);
  return { lines: [...head, ...options, ...hint] };
}

/** What it is for: the command or the patterns, and the change. */
function subjectOf({ patterns, metadata }: PermissionRequest, { width, theme }: Canvas): { what: string[]; change: string[] } {
  const { command, diff } = metadata;
  const text = typeof command === "string" ? command : patterns.join("\n");
  const what = clean(text)
    .split("\n")
    .flatMap((line) => wrapExactly(line, width - 2));
  return { what, change: typeof diff === "string" ? diffLines(diff, { width: width - 2, theme }) : [] };
}

/** The begin of what is done and the end of a change, with what is left out of them. */
function permissionBody(request: PermissionRequest, canvas: AskCanvas): string[] {
  const { what, change } = subjectOf(request, canvas);
  const most = mostBody(canvas);
  const more = (count: number) => (count > 0 ? [canvas.theme.dim(cut(`… ${count} more lines, all above (PageUp)`, canvas.width - 2))] : []);
  const { hidden, lines } = tail(change, most);
  return [...what.slice(0, most), ...more(what.length - most), ...more(hidden), ...lines].map((line) => `  ${line}`);
}

function questionLines({ questions }: QuestionRequest, draft: Draft, canvas: AskCanvas): AskDrawn {
  const { width, theme } = canvas;
  const question = questions[draft.question];
  if (question === undefined) return { lines: [] };
  const place = questions.length > 1 ? ` (${draft.question + 1}/${questions.length}: ←→)` : "";
  const title = wrap(theme.warning(theme.bold(`? ${cleanLine(question.header)}${place}`)), width);
  const head = [...title, ...wrap(cleanLine(question.question), width)];
  if (draft.words) return withEditor([...head, theme.dim("In your own words:")], draft.words, width);
  const hint = question.multiple ? "↑↓ choose, Space marks, Enter answers, Esc dismisses." : "↑↓ choose, Enter answers, Esc dismisses.";
  const below = wrap(hint, width).map(theme.dim);
  const room = Math.max(2, canvas.room - head.length - below.length);
  return { lines: [...head, ...around(optionLines(question, draft, canvas), draft.option ?? 0, room), ...below] };
}

/** As many lines as there is room for, with the chosen option among them. */
function around(options: string[][], chosen: number, room: number): string[] {
  const lines = options.flat();
  const before = options.slice(0, chosen).flat().length;
  const from = Math.max(0, Math.min(before - Math.floor(room / 2), lines.length - room));
  return lines.slice(from, from + room);
}

/** The lines of each option. */
function optionLines(question: QuestionInfo, { option, answers, question: index }: Draft, { width, theme }: Canvas): string[][] {
  const given = answers[index] ?? [];
  const own = given.filter((answer) => !question.options.some(({ label }) => label === answer));
  const labels = question.options.map(({ label, description }) => ({ label, text: `${label}${description ? ` — ${description}` : ""}` }));
  if (question.custom !== false) labels.push({ label: own[0] ?? "", text: own[0] ?? "Something else…" });
  return labels.map(({ label, text }, at) => {
    const box = question.multiple ? (given.includes(label) ? "☑ " : "☐ ") : given.includes(label) ? "● " : "";
    const lines = wrap(cleanLine(box + text), width - 2).map((line, row) =>
      row > 0 ? `  ${line}` : `${at === option ? "› " : "  "}${line}`,
    );
    return at === option ? lines.map(theme.inverse) : lines;
  });
}

function withEditor(lines: string[], words: NonNullable<Draft["words"]>, width: number): AskDrawn {
  const drawn = editorLines(words, { mark: "> ", width });
  return { lines: [...lines, ...drawn.lines], cursor: { x: drawn.cursor.x, y: drawn.cursor.y + lines.length } };
}
