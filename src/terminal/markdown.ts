import { lexer, type Token, type Tokens } from "marked";
import { clean, cut, pad, widthOf, wrap, wrapExactly } from "./text.ts";
import type { Theme } from "./theme.ts";

/** Where a block is drawn. */
export interface Canvas {
  width: number;
  theme: Theme;
}

/** Markdown as styled lines of at most that width. A text that is still being written is drawn as far as it makes sense. */
export function renderMarkdown(text: string, canvas: Canvas): string[] {
  return blocks(lexer(clean(text)), canvas);
}

function blocks(tokens: Token[], canvas: Canvas): string[] {
  const drawn = tokens.filter(({ type }) => type !== "space" && type !== "def").map((token) => block(token, canvas));
  return drawn.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function block(token: Token, { width, theme }: Canvas): string[] {
  switch (token.type) {
    case "heading":
      return wrap(theme.bold(theme.accent(inline(inside(token), theme))), width);
    case "code":
      return code(token as Tokens.Code, { width, theme });
    case "blockquote":
      return behind(theme.dim("▌ "), blocks(inside(token), { width: width - 2, theme }));
    case "list":
      return list(token as Tokens.List, { width, theme });
    case "table":
      return table(token as Tokens.Table, { width, theme });
    case "hr":
      return [theme.dim("─".repeat(width))];
    case "paragraph":
    case "text":
      return wrap(inline(inside(token, [token]), theme), width);
    default:
      return wrap(token.raw.trimEnd(), width);
  }
}

/** Framed on the left, so that copying a line takes little with it. */
function code({ text, lang }: Tokens.Code, { width, theme }: Canvas): string[] {
  const lines = text.split("\n").flatMap((line) => wrapExactly(line, width - 2));
  const title = lang ? [theme.dim(`╭ ${cut(lang, width - 2)}`)] : [];
  return [...title, ...behind(theme.dim("│ "), lines.map(theme.code))];
}

function list({ items, ordered, start }: Tokens.List, { width, theme }: Canvas): string[] {
  const first = Number(start) || 1;
  return items.flatMap((item, index) => {
    const box = item.task ? (item.checked ? "☑ " : "☐ ") : "";
    const mark = `${ordered ? `${first + index}. ` : "• "}${box}`;
    const indent = widthOf(mark);
    const inner = { width: width - indent, theme };
    const lines = item.tokens.filter(({ type }) => type !== "space" && type !== "checkbox").flatMap((token) => block(token, inner));
    return behind(" ".repeat(indent), lines).map((line, at) => (at === 0 ? theme.accent(mark) + line.slice(indent) : line));
  });
}

/** Columns beside each other where they fit, else a line a cell. */
function table({ header, rows }: Tokens.Table, { width, theme }: Canvas): string[] {
  const text = (cell: Tokens.TableCell) => inline(cell.tokens, theme).replaceAll("\n", " ");
  const titles = header.map(text);
  const cells = rows.map((row) => row.map(text));
  const widths = titles.map((title, column) => Math.max(widthOf(title), ...cells.map((row) => widthOf(row[column] ?? ""))));
  const total = widths.reduce((sum, one) => sum + one + 3, -3);
  if (total > width) {
    const card = (row: string[]) => row.flatMap((cell, column) => wrap(`${theme.bold(titles[column] ?? "")}: ${cell}`, width));
    return cells.flatMap((row, index) => (index === 0 ? card(row) : ["", ...card(row)]));
  }
  const line = (row: string[]) => row.map((cell, column) => pad(cell, widths[column] ?? 0)).join(theme.dim(" │ "));
  const rule = theme.dim(widths.map((one) => "─".repeat(one)).join("─┼─"));
  return [line(titles.map(theme.bold)), rule, ...cells.map(line)];
}

function inline(tokens: Token[], theme: Theme): string {
  return tokens.map((token) => span(token, theme)).join("");
}

function span(token: Token, theme: Theme): string {
  const inner = () => inline(inside(token), theme);
  switch (token.type) {
    case "strong":
      return theme.bold(inner());
    case "em":
      return theme.italic(inner());
    case "del":
      return theme.strike(inner());
    case "codespan":
      return theme.code(token.text);
    case "br":
      return "\n";
    case "link":
      return link(token as Tokens.Link, inner(), theme);
    case "image":
      return `[${token.text || "image"}] ${theme.dim(`(${token.href})`)}`;
    case "escape":
      return token.text;
    default:
      return inside(token).length === 0 ? token.raw : inner();
  }
}

/** The address is shown: a link that says one thing and leads to another is seen for what it is. */
function link({ href, text }: Tokens.Link, label: string, theme: Theme): string {
  const isPlain = href === text || href === `mailto:${text}`;
  return isPlain ? theme.underline(href) : `${theme.underline(label)} ${theme.dim(`(${href})`)}`;
}

const behind = (mark: string, lines: string[]): string[] => lines.map((line) => mark + line);

/** The tokens inside one; `none` where it has no inside. */
const inside = (token: Token, none: Token[] = []): Token[] => ("tokens" in token ? (token.tokens ?? none) : none);
