import { z } from "zod";
import { todoResult } from "./todo-result.ts";
import description from "./todoread.md";
import { defineTool, type ToolResult } from "./tool.ts";

export const todoread = defineTool({
  id: "todoread",
  description,
  input: z.object({}),
  repeatable: true,
  async execute(_, context): Promise<ToolResult> {
    await context.ask({ permission: "todoread", patterns: ["*"], always: ["*"], metadata: {} });
    return todoResult(await context.todo.get());
  },
});
