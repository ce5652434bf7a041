import { z } from "zod";
import description from "./question.md";
import { defineTool, type ToolResult } from "./tool.ts";

const option = z.object({
  label: z.string().min(1, "must not be empty").describe("What the user chooses, in one to five words"),
  description: z.string().default("").describe("What choosing it means"),
});

const question = z.object({
  question: z.string().min(1, "must not be empty").describe("The whole question"),
  header: z.string().default("").describe("A label for it, at most 30 characters"),
  options: z.array(option).default([]).describe("The likely answers, the recommended one first"),
  multiple: z.boolean().optional().describe("Whether several may be chosen (default false)"),
  custom: z.boolean().optional().describe("Whether the user may type another answer (default true)"),
});

export const questionTool = defineTool({
  id: "question",
  description,
  input: z.object({ questions: z.array(question).min(1, "must hold at least one question").describe("The questions to ask") }),
  repeatable: true,
  async execute({ questions }, context): Promise<ToolResult> {
    await context.ask({ permission: "question", patterns: ["*"], always: ["*"], metadata: {} });
    const answers = await context.question(questions);
    const told = questions.map(({ question }, index) => `"${question}"="${answers[index]?.join(", ") || "Unanswered"}"`).join(", ");
    const count = questions.length === 1 ? "1 question" : `${questions.length} questions`;
    const output = `User has answered your questions: ${told}. You can now continue with the user's answers in mind.`;
    return { title: `Asked ${count}`, output, metadata: { answers } };
  },
});
