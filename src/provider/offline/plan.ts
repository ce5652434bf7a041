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
    case "apply":
      return { tool: "apply_patch", input: { patchText: step.patch } };
    case "run": {
      const { command, background } = step;
      return { tool: "bash", input: { command, description: `Runs ${command.slice(0, 60)}`, ...(background ? { background } : {}) } };
    }
    case "processes":
      return { tool: "process", input: { action: "list" } };
    case "output":
    case "stop":
      return { tool: "process", input: { action: step.kind, id: step.id } };
    case "fetch":
      return { tool: "webfetch", input: { url: step.url } };
    case "ask": {
      const options = step.choices.map((label) => ({ label, description: "" }));
      return { tool: "question", input: { questions: [{ question: step.question, header: step.question.slice(0, 30), options }] } };
    }
    case "skill":
      return { tool: "skill", input: { name: step.name } };
    case "delegate": {
      const description = step.task.split(/\s+/).slice(0, 5).join(" ");
      return { tool: "task", input: { description, prompt: step.task, subagent_type: step.agent } };
    }
    case "todos":
      return { tool: "todoread", input: {} };
    case "todo":
      return { tool: "todowrite", input: { todos: step.items.map((content) => ({ content, status: "pending", priority: "medium" })) } };
  }
}
