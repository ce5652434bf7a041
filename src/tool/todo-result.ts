import type { Todo } from "../schema/session.ts";
import type { ToolResult } from "./tool.ts";

/** The list as the model reads it; the title counts what is not completed. */
export function todoResult(todos: Todo[]): ToolResult {
  const open = todos.filter((todo) => todo.status !== "completed").length;
  return { title: `${open} todos`, output: JSON.stringify(todos, null, 2), metadata: { todos } };
}
