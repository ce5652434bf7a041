import { z } from "zod";
import { todoResult } from "./todo-result.ts";
import description from "./todowrite.md";
import { defineTool, type ToolResult } from "./tool.ts";

const todo = z.object({
  content: z.string().min(1, "must not be empty").describe("What is to be done, in a few words"),
  status: z.enum(["pending", "in_progress", "completed", "cancelled"]).describe("How far it is"),
  priority: z.enum(["high", "medium", "low"]).describe("How much it matters"),
  id: z.string().optional().describe("A label of your own; not kept"),
});

export const todowrite = defineTool({
  id: "todowrite",
  description,
  input: z.object({ todos: z.array(todo).describe("The whole list: it replaces the one before") }),
  repeatable: false,
  async execute({ todos }, context): Promise<ToolResult> {
    await context.ask({ permission: "todowrite", patterns: ["*"], always: ["*"], metadata: {} });
    const kept = todos.map(({ content, status, priority }) => ({ content, status, priority }));
    await context.todo.set(kept);
    return todoResult(kept);
  },
});
