import { z } from "zod";
import { addressed, SessionID } from "../src/schema/id.ts";
import { PermissionRuleset, Session, SessionStatus, Tags, Todo } from "../src/schema/session.ts";
import { storedDirectory } from "./place.ts";
import { flag } from "./query.ts";
import { budgetProcedures } from "./session-budget.ts";
import { commandProcedures } from "./session-command.ts";
import { listProcedures } from "./session-list.ts";
import { messageProcedures } from "./session-message.ts";
import { queueProcedures } from "./session-queue.ts";
import { shareProcedures } from "./session-share.ts";
import { timelineProcedures } from "./session-timeline.ts";
import { undoProcedures } from "./session-undo.ts";
import { procedure, router } from "./trpc.ts";

const tags = ["session"];
const Address = z.object({ sessionID: addressed.session });

const Create = z.object({
  parentID: SessionID.optional(),
  title: z.string().optional(),
  agent: z.string().optional(),
  model: z.object({ id: z.string(), providerID: z.string(), variant: z.string().optional() }).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  permission: PermissionRuleset.optional(),
});

const Change = z.object({
  title: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  permission: PermissionRuleset.optional(),
  tags: Tags.optional(),
  time: z.object({ archived: z.number().optional() }).optional(),
});

const Search = z.object({
  scope: z.literal("project").optional(),
  path: z.string().optional(),
  roots: flag.optional(),
  start: z.number().optional(),
  search: z.string().optional(),
  limit: z
    .number()
    .refine((limit) => Number.isInteger(limit) && limit >= 0, "must be a whole number, 0 or above")
    .optional(),
});

export const sessionRouter = router({
  create: procedure
    .meta({
      scope: "prompt",
      openapi: {
        method: "POST",
        path: "/session",
        operationId: "session.create",
        tags,
        summary: "Create a session",
        description:
          "Opens a session in the directory of the request. With `parentID` it is a child of that session. `agent` and `model` are for prompts that name none.",
      },
      errors: ["NotFoundError", "AgentNotFoundError", "ProviderModelNotFoundError"],
    })
    .input(Create)
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.sessions.create(ctx.directory, input, ctx.address)),

  list: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session",
        operationId: "session.list",
        tags,
        summary: "List sessions",
        description:
          "The sessions of the directory, latest change first, children included. `scope=project` takes the whole project, `path` a part of it; " +
          "`roots` leaves children out; `start` (epoch ms) the ones not changed since; `search` looks in titles.",
      },
    })
    .input(Search)
    .output(z.array(Session))
    .query(async ({ ctx, input: { scope, ...filter } }) => {
      if (scope === "project") {
        const { directory, project } = await ctx.instance();
        return ctx.app.sessions.list({ ...filter, directory, projectID: project.id });
      }
      return ctx.app.sessions.list({ ...filter, directory: await storedDirectory(ctx) });
    }),

  status: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/status",
        operationId: "session.status",
        tags,
        summary: "What the sessions are doing",
        description: "The sessions of the directory that are busy or wait to retry, by id. A session that is not in it is idle.",
      },
    })
    .output(z.record(z.string(), SessionStatus))
    .query(async ({ ctx }) => ctx.app.sessions.status(await storedDirectory(ctx))),

  get: procedure
    .meta({
      scope: "read",
      openapi: { method: "GET", path: "/session/{sessionID}", operationId: "session.get", tags, summary: "Get a session" },
    })
    .input(Address)
    .output(Session)
    .query(({ ctx, input }) => ctx.app.sessions.get(input.sessionID)),

  update: procedure
    .meta({
      scope: "prompt",
      errors: ["ConflictError"],
      openapi: {
        method: "PATCH",
        path: "/session/{sessionID}",
        operationId: "session.update",
        tags,
        summary: "Change a session",
        description:
          "Sets the title, the metadata, the permission rules, the tags or the time of archiving (0: out of the archive). What is left out stays.",
      },
    })
    .input(Address.extend(Change.shape))
    .output(Session)
    .mutation(({ ctx, input: { sessionID, ...change } }) => ctx.app.sessions.update(sessionID, change)),

  delete: procedure
    .meta({
      scope: "prompt",
      errors: ["ConflictError"],
      openapi: {
        method: "DELETE",
        path: "/session/{sessionID}",
        operationId: "session.delete",
        tags,
        summary: "Delete a session",
        description: "Ends what runs in it and erases it, its children and all their data.",
      },
    })
    .input(Address)
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      await ctx.app.sessions.remove(input.sessionID);
      return true;
    }),

  children: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/{sessionID}/children",
        operationId: "session.children",
        tags,
        summary: "List the children of a session",
      },
    })
    .input(Address)
    .output(z.array(Session))
    .query(({ ctx, input }) => ctx.app.sessions.children(input.sessionID)),

  todo: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/{sessionID}/todo",
        operationId: "session.todo",
        tags,
        summary: "The to-do list of a session",
        description: "The list that the agent keeps while it works.",
      },
    })
    .input(Address)
    .output(z.array(Todo))
    .query(({ ctx, input }) => ctx.app.sessions.todo(input.sessionID)),

  ...listProcedures,
  ...messageProcedures,
  ...budgetProcedures,
  ...timelineProcedures,
  ...undoProcedures,
  ...shareProcedures,
  ...queueProcedures,
  ...commandProcedures,
});
