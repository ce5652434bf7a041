import { z } from "zod";
import { SessionID } from "../src/schema/id.ts";
import { Retention } from "../src/schema/retention.ts";
import { Tags } from "../src/schema/session.ts";
import { BulkChange, BulkResult, SessionHits, SessionPage } from "../src/schema/session-list.ts";
import { isServed, placesOf } from "./place.ts";
import { flag } from "./query.ts";
import { actorOf, procedure } from "./trpc.ts";

const tags = ["session"];
const page = { limit: z.int().min(1).max(500).optional(), cursor: z.string().optional() };

const All = z.object({
  projectID: z.string().optional(),
  roots: flag.optional(),
  start: z.number().optional(),
  search: z.string().optional(),
  archived: z.enum(["without", "with", "only"]).optional(),
  tags: Tags.optional(),
  active: flag.optional(),
  ...page,
});

const Search = z.object({
  query: z.string().min(1).max(1000),
  projectID: z.string().optional(),
  sessionID: SessionID.optional(),
  archived: flag.optional(),
  ...page,
});

/** Many sessions at once, wherever they are. */
export const listProcedures = {
  all: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/all",
        operationId: "session.all",
        tags,
        summary: "List the sessions of every directory",
        description:
          "Of all projects and clients, latest change first, each with its project and its state. `archived` is `without` unless told; `tags`: it has " +
          "them all; `active`: it is busy, retries or waits for an answer; `search` looks in titles; `start` (epoch ms) leaves out those not changed since. " +
          "`limit` is 50 unless told; `cursor` of one page asks for the next.",
      },
    })
    .input(All)
    .output(SessionPage)
    .query(({ ctx, input: { limit = 50, archived = "without", ...query } }) =>
      ctx.app.sessions.all({ ...query, limit, archived, within: placesOf(ctx) }),
    ),

  search: procedure
    .meta({
      scope: "read",
      openapi: {
        method: "GET",
        path: "/session/search",
        operationId: "session.search",
        tags,
        summary: "Search titles and messages",
        description:
          "In the sessions of every directory, for all the words of `query`, each as a word or its beginning, without regard to case and accents; what is " +
          "written together (`src/app.ts`) is found together. Newest first. What models are still writing is found once it is whole, and of a very long text its first 32,768 characters.",
      },
    })
    .input(Search)
    .output(SessionHits)
    .query(({ ctx, input: { limit = 30, archived = true, ...query } }) =>
      ctx.app.sessions.search({ ...query, limit, archived, within: placesOf(ctx) }),
    ),

  bulk: procedure
    .meta({
      scope: "prompt",
      openapi: {
        method: "POST",
        path: "/session/bulk",
        operationId: "session.bulk",
        tags,
        summary: "Delete, archive or tag many sessions",
        description:
          "Does to each what its own call would do, and says of each whether it worked. `tag` adds and removes tags beside those each has.",
      },
      rest: { long: true },
    })
    .input(z.object({ ids: z.array(SessionID).min(1).max(1000), change: BulkChange }))
    .output(z.array(BulkResult))
    .mutation(({ ctx, input: { ids, change } }) => ctx.app.sessions.bulk(ids, change)),

  prune: procedure
    .meta({
      scope: "admin",
      audit: "service",
      openapi: {
        method: "POST",
        path: "/session/prune",
        operationId: "session.prune",
        tags,
        summary: "Delete old sessions",
        description:
          "Deletes the sessions of every directory in which nothing was changed for more than `days` days, with their children and all that belongs to " +
          "them, as deleting each would; what runs or waits is left alone, and so is what `keep` names. `dryRun` tells what would be deleted.",
      },
      rest: { long: true },
    })
    .input(Retention.extend({ dryRun: z.boolean().optional() }).meta({ id: "SessionPruneInput" }))
    .output(z.object({ sessions: z.array(z.string()) }))
    .mutation(async ({ ctx, input: { dryRun, ...policy } }) => {
      const directories = (directory: string) => placesOf(ctx).every((places) => isServed(directory, places));
      return { sessions: await ctx.app.sessions.prune(policy, { dryRun, directories, actor: actorOf(ctx) }) };
    }),
};
