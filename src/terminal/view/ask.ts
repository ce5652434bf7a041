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

const mostBody = 10;

/** What the agent asks, and what is chosen of the answer so far. */
export function askLines(request: PermissionRequest | QuestionRequest, draft: Draft, canvas: Canvas): AskDrawn {
  return isQuestion(request) ? questionLines(request, draft, canvas) : permissionLines(request, draft, canvas);
}

function permissionLines(request: PermissionRequest, { reply, words }: Draft, canvas: Canvas): AskDrawn {
  const { width, theme } = canvas;
  const title = wrap(theme.warning(theme.bold(`△ Permission: ${cleanLine(request.permission)}`)), width);
  const head = [...title, ...permissionBody(request, canvas)];
  if (words) return withEditor([...head, ...wrap("Why not? (Enter rejects, with these words if there are any)", width)], words, width);
  const always = request.always.length > 0 ? `Always: ${cleanLine(request.always.join(", "))}` : "Always";
  const labels = { once: "Allow once", always, reject: "Reject" };
  const options = replies.map((one) => {
    const line = cut(`${one === reply ? "›" : " "} ${labels[one]}`, width);
    return one === reply ? theme.inverse(line) : line;
  });
  const hint = wrap(reply === undefined ? "Arrows choose an answer." : "Enter answers.", width).map(theme.dim);
  return { lines: [...head, ...options, ...hint] };
}

/** What it is for: the command, the change, or the patterns. */
function permissionBody({ patterns, metadata }: PermissionRequest, { width, theme }: Canvas): string[] {
  const { command, diff } = metadata;
  const text = typeof command === "string" ? command : patterns.join("\n");
  const what = clean(text)
    .split("\n")
    .flatMap((line) => wrapExactly(line, width - 2));
  const change = typeof diff === "string" ? diffLines(diff, { width: width - 2, theme }) : [];
  const first = what.length > mostBody ? [...what.slice(0, mostBody), `… ${what.length - mostBody} more lines`] : what;
  const { hidden, lines } = tail(change, mostBody);
  return [...first, ...(hidden > 0 ? [theme.dim(`… ${hidden} more lines`)] : []), ...lines].map((line) => `  ${line}`);
}

function questionLines({ questions }: QuestionRequest, draft: Draft, canvas: Canvas): AskDrawn {
  const { width, theme } = canvas;
  const question = questions[draft.question];
  if (question === undefined) return { lines: [] };
  const place = questions.length > 1 ? ` (${draft.question + 1}/${questions.length}: ←→)` : "";
  const title = wrap(theme.warning(theme.bold(`? ${cleanLine(question.header)}${place}`)), width);
  const head = [...title, ...wrap(cleanLine(question.question), width)];
  if (draft.words) return withEditor([...head, theme.dim("In your own words:")], draft.words, width);
  const hint = question.multiple ? "↑↓ choose, Space marks, Enter answers, Esc dismisses." : "↑↓ choose, Enter answers, Esc dismisses.";
  return { lines: [...head, ...optionLines(question, draft, canvas), ...wrap(hint, width).map(theme.dim)] };
}

function optionLines(question: QuestionInfo, { option, answers, question: index }: Draft, { width, theme }: Canvas): string[] {
  const given = answers[index] ?? [];
  const own = given.filter((answer) => !question.options.some(({ label }) => label === answer));
  const labels = question.options.map(({ label, description }) => ({ label, text: `${label}${description ? ` — ${description}` : ""}` }));
  if (question.custom !== false) labels.push({ label: own[0] ?? "", text: own[0] ?? "Something else…" });
  return labels.flatMap(({ label, text }, at) => {
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
