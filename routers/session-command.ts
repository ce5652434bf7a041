import { z } from "zod";
import { addressed, MessageID } from "../src/schema/id.ts";
import { AssistantMessage, Message } from "../src/schema/message.ts";
import { Part } from "../src/schema/part.ts";
import { CommandInput, ShellInput } from "../src/schema/prompt.ts";
import { isServed } from "./place.ts";
import { actorOf, procedure } from "./trpc.ts";
import { turnErrors } from "./turn-errors.ts";

const tags = ["session"];
const Address = z.object({ sessionID: addressed.session });

/** What is run in a session beside prompts: slash commands, and commands of the shell. */
export const commandProcedures = {
  command: procedure
    .meta({
      scope: "prompt",
      errors: turnErrors,
      audit: "service",
      repeatable: "messageID",
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/command",
        operationId: "session.command",
        tags,
        summary: "Run a slash command and wait",
        description:
          "Sends the prompt that the command's template comes to with these arguments (`GET /command` lists the commands), and answers as a prompt does. " +
          "A command for a sub-agent, or with `subtask`, runs in a child session.",
      },
      rest: { long: true },
    })
    .input(Address.extend(CommandInput.shape))
    .output(z.object({ info: AssistantMessage, parts: z.array(Part) }))
    .mutation(({ ctx, input: { sessionID, ...command }, signal }) => {
      const mayRead = (path: string) => isServed(path, ctx.principal.directories ?? [path]);
      return ctx.app.sessions.command(sessionID, { ...command, mayRead, actor: actorOf(ctx) }, signal);
    }),

  init: procedure
    .meta({
      scope: "prompt",
      errors: turnErrors,
      repeatable: "messageID",
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/init",
        operationId: "session.init",
        tags,
        summary: "Write the project's AGENTS.md",
        description: "Runs the command `init` with this model and answers when it has ended.",
      },
      rest: { long: true },
    })
    .input(Address.extend({ modelID: z.string(), providerID: z.string(), messageID: MessageID }))
    .output(z.boolean())
    .mutation(async ({ ctx, input: { sessionID, ...model }, signal }) => {
      await ctx.app.sessions.init(sessionID, model, signal);
      return true;
    }),

  shell: procedure
    .meta({
      scope: "prompt",
      errors: turnErrors,
      person: true,
      audit: "service",
      repeatable: "messageID",
      openapi: {
        method: "POST",
        path: "/session/{sessionID}/shell",
        operationId: "session.shell",
        tags,
        summary: "Run a shell command in a session",
        description:
          "Runs the command in the session's directory and answers with the message that holds its output. No model is asked; the next one sees what was run. " +
          "409 when the session is busy. Aborting the session ends the command.",
      },
      rest: { long: true },
    })
    .input(Address.extend(ShellInput.shape))
    .output(z.object({ info: Message, parts: z.array(Part) }))
    .mutation(({ ctx, input: { sessionID, ...shell } }) => ctx.app.sessions.shell(sessionID, { ...shell, actor: actorOf(ctx) })),
};
