import { z } from "zod";
import { MessageID, QuestionID, SessionID } from "./id.ts";

export const QuestionOption = z.object({ label: z.string(), description: z.string() }).meta({ id: "QuestionOption" });
export type QuestionOption = z.infer<typeof QuestionOption>;

export const QuestionInfo = z
  .object({
    question: z.string(),
    header: z.string(),
    options: z.array(QuestionOption),
    multiple: z.boolean().optional(),
    custom: z.boolean().optional(),
  })
  .meta({ id: "QuestionInfo" });
export type QuestionInfo = z.infer<typeof QuestionInfo>;

export const QuestionAnswer = z.array(z.string()).meta({ id: "QuestionAnswer" });
export type QuestionAnswer = z.infer<typeof QuestionAnswer>;

export const QuestionTool = z.object({ messageID: MessageID, callID: z.string() }).meta({ id: "QuestionTool" });
export type QuestionTool = z.infer<typeof QuestionTool>;

export const QuestionRequest = z
  .object({ id: QuestionID, sessionID: SessionID, questions: z.array(QuestionInfo), tool: QuestionTool.optional() })
  .meta({ id: "QuestionRequest" });
export type QuestionRequest = z.infer<typeof QuestionRequest>;
