import { z } from "zod";
import { AppError } from "../schema/error.ts";
import { changeFile } from "./change-file.ts";
import description from "./edit.md";
import { missingPath } from "./missing.ts";
import { enterPath } from "./path.ts";
import { replaceText } from "./replace.ts";
import { readTextFile, type TextFile } from "./text-file.ts";
import { defineTool, type ToolResult } from "./tool.ts";

const input = z.object({
  filePath: z.string().min(1, "must not be empty").describe("The file to change, absolute or relative to the session's directory"),
  oldString: z
    .string()
    .min(1, "must not be empty; use the write tool for a new file")
    .describe("The text to replace, exactly as it is in the file"),
  newString: z.string().describe("The text to put in its place"),
  replaceAll: z.boolean().optional().describe("Replace every occurrence (default false)"),
});

export const edit = defineTool({
  id: "edit",
  description,
  input,
  repeatable: false,
  async execute({ filePath, oldString, newString, replaceAll = false }, context): Promise<ToolResult> {
    if (oldString === newString) throw new AppError("BadRequest", "oldString and newString are the same, so there is nothing to change.");
    const target = await enterPath(filePath, context, { kind: "file" });
    if ((await readTextFile(target.real)) === undefined) throw await missingPath(target);
    let differs: string | undefined;
    const plan = (before: TextFile | undefined): TextFile => {
      const replaced = replaceText(before?.text ?? "", { oldString, newString, replaceAll }, target.absolute);
      differs = replaced.differs;
      return { text: replaced.text, bom: before?.bom ?? false };
    };
    const { diff: filediff, note, diagnostics } = await changeFile(target, plan, context);
    const metadata = { diff: filediff.patch, filediff, diagnostics };
    context.metadata({ title: target.relative, metadata });
    return { title: target.relative, output: `Edit applied successfully.${noteOn(differs)}${note}`, metadata };
  },
});

function noteOn(differs: string | undefined): string {
  return differs ? ` oldString was found with other ${differs}; the file's own was kept where lines were replaced.` : "";
}
