import type { Step } from "./grammar.ts";

/** One tool call that a step needs. `inputs` are those of the server's own tools. */
export interface Call {
  step: Step;
  tool: string;
  input: Record<string, unknown>;
  /** Whether the answer shows what this call gave, or it only prepares the next one. */
  shown: boolean;
}

/** The tool calls of the steps, in order. A replace reads first: the edit tool refuses a file that was not read. */
export function plan(steps: Step[]): Call[] {
  return steps.flatMap((step): Call[] => {
    if (step.kind === "replace") {
      const edit = { filePath: step.path, oldString: step.from, newString: step.to, ...(step.all ? { replaceAll: true } : {}) };
      return [
        { step, tool: "read", input: { filePath: step.path }, shown: false },
        { step, tool: "edit", input: edit, shown: true },
      ];
    }
    return [{ step, ...single(step), shown: true }];
  });
}

function single(step: Exclude<Step, { kind: "replace" }>): Pick<Call, "tool" | "input"> {
  switch (step.kind) {
    case "list":
      return { tool: "list", input: step.path === undefined ? {} : { path: step.path } };
    case "find":
      return { tool: "glob", input: { pattern: step.pattern } };
    case "search": {
      const { kind, ...input } = step;
      return { tool: "grep", input };
    }
    case "read":
    case "outline":
      return { tool: "read", input: { filePath: step.path } };
    case "write":
      return { tool: "write", input: { filePath: step.path, content: step.content } };
    case "run":
      return { tool: "bash", input: { command: step.command, description: `Runs ${step.command.slice(0, 60)}` } };
    case "todo":
      return { tool: "todowrite", input: { todos: step.items.map((content) => ({ content, status: "pending", priority: "medium" })) } };
  }
}
