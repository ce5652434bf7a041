import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

/** The Jupyter notebook format, version 4, as far as a reader needs it: https://nbformat.readthedocs.io/en/latest/format_description.html */
const text = z.union([z.string(), z.array(z.string())]).transform((value) => (typeof value === "string" ? value : value.join("")));

const output = z.object({
  output_type: z.string(),
  name: z.string().optional(),
  text: text.optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  ename: z.string().optional(),
  evalue: z.string().optional(),
  traceback: z.array(z.string()).optional(),
});

const cell = z.object({
  cell_type: z.string(),
  source: text,
  execution_count: z.number().nullish(),
  outputs: z.array(output).optional(),
});

const notebook = z.object({ cells: z.array(cell), nbformat: z.number(), metadata: z.object({}).catchall(z.unknown()).optional() });

export interface NotebookText {
  lines: string[];
  /** Pictures among the outputs, as data URLs. */
  attachments: { mime: string; url: string; filename: string }[];
}

const mostPictures = 10;
const mostPictureBytes = 5 * 1024 * 1024;
/** Characters shown of one output: a log of a training run is not what the notebook is about. */
const longestOutput = 8_000;

/** A notebook cell by cell, with what the cells gave; `undefined` for what is none. */
export function readNotebook(source: string): NotebookText | undefined {
  const parsed = notebook.safeParse(parseJson(source));
  if (!parsed.success) return undefined;
  const attachments: NotebookText["attachments"] = [];
  const lines = parsed.data.cells.flatMap((entry, index) => cellLines(entry, index + 1, attachments));
  return { lines, attachments };
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // Not a notebook then: the caller reads it as text.
    return undefined;
  }
}

function cellLines(entry: z.infer<typeof cell>, number: number, pictures: NotebookText["attachments"]): string[] {
  const count = entry.execution_count ? ` run="${entry.execution_count}"` : "";
  const body = entry.source === "" ? [] : entry.source.split("\n");
  const outputs = (entry.outputs ?? []).flatMap((one) => outputLines(one, number, pictures));
  const shown = outputs.length === 0 ? [] : ["<output>", ...outputs, "</output>"];
  return [`<cell ${number} type="${entry.cell_type}"${count}>`, ...body, ...shown, "</cell>", ""];
}

function outputLines(one: z.infer<typeof output>, number: number, pictures: NotebookText["attachments"]): string[] {
  if (one.output_type === "error") return shortened(plain(one.traceback?.join("\n") || `${one.ename}: ${one.evalue}`));
  if (one.text !== undefined) return shortened(plain(one.text));
  const lines: string[] = [];
  for (const [mime, value] of Object.entries(one.data ?? {})) {
    if (/^image\/(png|jpeg|gif|webp)$/.test(mime)) lines.push(attach({ mime, value, number }, pictures));
  }
  const best = ["text/markdown", "text/plain"].map((mime) => text.safeParse(one.data?.[mime])).find(({ success }) => success);
  if (best?.success && (lines.length === 0 || !/^<.*>$/.test(best.data.trim()))) lines.push(...shortened(plain(best.data)));
  const types = Object.keys(one.data ?? {});
  return lines.length === 0 && types.length > 0 ? [`(an output of type ${types.join(", ")})`] : lines;
}

function attach({ mime, value, number }: { mime: string; value: unknown; number: number }, pictures: NotebookText["attachments"]): string {
  const found = text.safeParse(value);
  const data = found.success ? found.data.replace(/\s/g, "") : "";
  const held = pictures.reduce((sum, { url }) => sum + url.length, 0);
  if (data === "" || pictures.length >= mostPictures || held + data.length > mostPictureBytes) return `(a picture, ${mime}; not shown)`;
  const filename = `cell-${number}-${pictures.length + 1}.${mime.slice("image/".length)}`;
  pictures.push({ mime, url: `data:${mime};base64,${data}`, filename });
  return `(a picture: ${filename})`;
}

/** Without the colours of a terminal. */
function plain(value: string): string {
  return stripVTControlCharacters(value).replace(/\n$/, "");
}

function shortened(value: string): string[] {
  if (value.length <= longestOutput) return value.split("\n");
  const left = value.length - longestOutput;
  return [
    ...value.slice(0, longestOutput / 2).split("\n"),
    `… ${left} characters left out …`,
    ...value.slice(-longestOutput / 2).split("\n"),
  ];
}
