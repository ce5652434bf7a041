import type { Host } from "./env.ts";

/** Data as JSON, or as lines. */
export function print({ stdout }: Pick<Host, "stdout">, data: unknown, lines: string[] | undefined): void {
  stdout.write(lines === undefined ? `${JSON.stringify(data, undefined, 2)}\n` : lines.map((line) => `${line}\n`).join(""));
}

/** What models, servers and files say, without the characters that would drive a terminal or turn the order of what is read round; line breaks and tabs stay. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => (character === "\n" || character === "\t" ? character : ""));
}

/** Rows as lines whose columns stand below each other, two spaces apart. */
export function columns(rows: string[][]): string[] {
  const widths = rows.reduce<number[]>((widest, row) => row.map((cell, at) => Math.max(cell.length, widest[at] ?? 0)), []);
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** `2026-01-31 09:15`, in UTC: listings compare across machines. */
export const date = (time: number): string => new Date(time).toISOString().slice(0, 16).replace("T", " ");
