import { z } from "zod";
import description from "./task.md";
import { defineTool, type ToolContext, type ToolResult } from "./tool.ts";

const input = z.object({
  description: z.string().min(1, "must not be empty").describe("What the task is, in three to five words"),
  prompt: z.string().min(1, "must not be empty").describe("The task itself, with everything the sub-agent has to know"),
  subagent_type: z.string().min(1, "must not be empty").describe("The name of the sub-agent"),
  task_id: z.string().optional().describe("Go on with the sub-agent that an earlier result names, instead of a new one"),
});

export const task = defineTool({
  id: "task",
  description,
  input,
  repeatable: false,
  describe({ subagents }) {
    if (subagents.length === 0) return undefined;
    const lines = subagents.map(({ name, description: about }) => `- ${name}: ${about ?? "A sub-agent of this project."}`);
    return [description.trim(), "", "Sub-agents:", ...lines].join("\n");
  },
  async execute(given, context: ToolContext): Promise<ToolResult> {
    const { description: title, prompt, subagent_type: agent, task_id: taskID } = given;
    await context.ask({ permission: "task", patterns: [agent], always: ["*"], metadata: { description: title, subagent_type: agent } });
    const { text, metadata } = await context.task({ description: title, prompt, agent, taskID }, (live) =>
      context.metadata({ title, metadata: live }),
    );
    return { title, output: report(metadata.sessionId, text), metadata };
  },
});

/** What the model reads of a task's end. */
export function report(taskID: string, text: string): string {
  const result = text.trim() === "" ? "(The sub-agent ended without a report.)" : text.trim();
  return [`task_id: ${taskID} (give it to the task tool to go on with this sub-agent)`, "", "<task_result>", result, "</task_result>"].join(
    "\n",
  );
}
