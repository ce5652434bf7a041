import { z } from "zod";
import { changeFile } from "./change-file.ts";
import { enterPath } from "./path.ts";
import { lineEnding, type TextFile, withLineEnding } from "./text-file.ts";
import { defineTool, type ToolResult } from "./tool.ts";
import description from "./write.md";

const input = z.object({
  filePath: z.string().min(1, "must not be empty").describe("The file to write, absolute or relative to the session's directory"),
  content: z.string().describe("The whole content of the file"),
});

export const write = defineTool({
  id: "write",
  description,
  input,
  repeatable: false,
  async execute({ filePath, content }, context): Promise<ToolResult> {
    const target = await enterPath(filePath, context, { kind: "file" });
    let exists = false;
    const plan = (before: TextFile | undefined): TextFile => {
      exists = before !== undefined;
      return { text: like(before, content), bom: before?.bom ?? false };
    };
    const { note, diagnostics } = await changeFile(target, plan, context);
    const metadata = { filepath: target.absolute, exists, diagnostics };
    return { title: target.relative, output: `Wrote file successfully.${note}`, metadata };
  },
});

/** A model answers in plain newlines whatever it has read: a file whose lines all end in CRLF keeps them so. */
function like(before: TextFile | undefined, content: string): string {
  return before && lineEnding(before.text) === "\r\n" ? withLineEnding(content, "\r\n") : content;
}
