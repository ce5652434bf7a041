import { tracked } from "@trpc/server";
import { z } from "zod";
import type { EventLog } from "../src/event/log.ts";
import { AppError } from "../src/schema/error.ts";
import { type AnyEvent, Event } from "../src/schema/event.ts";
import { createId } from "../src/schema/id.ts";
import { isVisible } from "./place.ts";
import { procedure, router } from "./trpc.ts";

const Subscribe = z
  .object({
    /** Sent by a client that reconnects; wins over `after`. */
    lastEventId: z.string().optional(),
    /** Replay what came after this position of the log. */
    after: z.int().min(0).optional(),
    /** `"all"`: every directory this server works in, not only that of the request. */
    directory: z.literal("all").optional(),
    /** Also events of the older names: `session.message` once for each finished message, `tool.call` once for each tool call that runs. */
    legacy: z.boolean().optional(),
  })
  .optional();

export const eventRouter = router({
  /**
   * Events as they happen, `server.connected` first. Every one is tracked by the position of the newest durable event so far:
   * a client that resumes with it misses no durable event and sees none twice; deltas in between give way to newer snapshots.
   */
  subscribe: procedure
    .meta({ scope: "read", stream: { item: Event, tracked: true } })
    .input(Subscribe)
    .subscription(async function* ({ ctx, input, signal }) {
      const { log, roots } = ctx.app;
      const directory = input?.directory === "all" ? undefined : (await ctx.instance()).directory;
      using watching = ctx.app.watch(directory);
      await watching.ready;
      let cursor = await startOf(log, input);
      yield tracked(String(cursor), connected());
      for await (const entry of log.readOn({ after: cursor, directory, signal })) {
        const isOurs = isVisible(entry, { roots, directories: ctx.principal.directories });
        const told = isOurs && input?.legacy ? await log.withLegacy(entry) : [entry];
        for (const { position = cursor, event } of told) {
          cursor = position;
          await ctx.writable?.();
          if (isOurs) yield tracked(String(cursor), event);
        }
      }
    }),
});

const connected = (): AnyEvent => ({ id: createId("event"), type: "server.connected", properties: {} });

/** Where to begin. A position beyond the end belongs to another store: to wait for it would be silence. */
async function startOf(log: EventLog, input: z.infer<typeof Subscribe>): Promise<number> {
  const position = await log.position();
  const given = input?.lastEventId ?? input?.after;
  if (given === undefined) return position;
  const cursor = Number(given);
  if (Number.isInteger(cursor) && cursor >= 0 && cursor <= position) return cursor;
  const field = input?.lastEventId === undefined ? "after" : "lastEventId";
  throw new AppError("BadRequest", `${field}: "${given}" is not a position of this log, which is at ${position}.`, { field });
}
