import { z } from "zod";
import { addressed } from "../src/schema/id.ts";
import { QuestionAnswer, QuestionRequest } from "../src/schema/question.ts";
import { actorOf, procedure, router } from "./trpc.ts";

const tags = ["question"];

export const questionRouter = router({
  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/question",
        operationId: "question.list",
        tags,
        summary: "List the questions that wait for an answer",
        description: "What agents have asked in sessions of the directory and nobody has answered yet, oldest first.",
      },
    })
    .output(z.array(QuestionRequest))
    .query(async ({ ctx }) => ctx.app.questions.list((await ctx.instance()).directory)),

  reply: procedure
    .meta({
      scope: "prompt",
      errors: ["QuestionNotFoundError"],
      person: true,
      audit: "service",
      openapi: {
        method: "POST",
        path: "/question/{requestID}/reply",
        operationId: "question.reply",
        tags,
        summary: "Answer a question",
        description:
          "One list for each question, in their order: the labels chosen, or what the user typed; an empty list leaves a question open. " +
          "A request is answered once, and the turn that asked goes on.",
      },
    })
    .input(z.object({ requestID: addressed.question, answers: z.array(QuestionAnswer) }))
    .output(z.boolean())
    .mutation(async ({ ctx, input: { requestID, answers } }) => {
      await ctx.app.questions.reply(requestID, answers, actorOf(ctx));
      return true;
    }),

  reject: procedure
    .meta({
      scope: "prompt",
      errors: ["QuestionNotFoundError"],
      person: true,
      audit: "service",
      openapi: {
        method: "POST",
        path: "/question/{requestID}/reject",
        operationId: "question.reject",
        tags,
        summary: "Dismiss a question",
        description: "Nothing is answered, and the turn that asked ends.",
      },
    })
    .input(z.object({ requestID: addressed.question }))
    .output(z.boolean())
    .mutation(async ({ ctx, input: { requestID } }) => {
      await ctx.app.questions.reject(requestID, actorOf(ctx));
      return true;
    }),
});
