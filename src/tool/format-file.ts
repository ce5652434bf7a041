import type { ToolPath } from "./path.ts";
import { readTextFile, type TextFile } from "./text-file.ts";
import type { ToolContext } from "./tool.ts";

/** A file that was just written, as the project's formatter left it. */
export interface Formatted {
  text: string;
  /** For the model, to be put after a tool's output; "" when there is nothing to say. */
  note: string;
}

/** Runs the project's formatter on a file with this content. Never rejects: the change itself is done. */
export async function formatFile(target: ToolPath, written: TextFile, context: ToolContext): Promise<Formatted> {
  const formatting = await context.formatters?.format(target.real, context.signal);
  if (formatting === undefined) return { text: written.text, note: "" };
  const { name, failure } = formatting;
  const text = (await textOf(target.real)) ?? written.text;
  const failed = failure === undefined ? "" : `\nThe formatter ${name} did not do its work on ${target.relative}: ${failure}.`;
  const changed =
    text === written.text ? "" : `\nThe formatter ${name} changed ${target.relative} afterwards, so its text is not exactly yours.`;
  return { text, note: failed + changed };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readTextFile(file))?.text;
  } catch {
    // A formatter left something that is no text: whoever reads the file next is told so.
    return undefined;
  }
}
