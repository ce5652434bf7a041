import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { tracked } from "@trpc/server";
import { z } from "zod";
import { procedure, router } from "../../routers/trpc.ts";
import { AppError } from "../../src/schema/error.ts";

const Item = z
  .object({ id: z.string(), name: z.string(), tags: z.array(z.string()).optional(), parent: z.object({ id: z.string() }).optional() })
  .meta({ id: "Item" });

/** What a fixture server was made to do. */
export interface Effects {
  calls: string[];
  /** Aborts seen by `wait`. */
  aborted: number;
  /** Lets `wait` answer. */
  release: AbortController;
}

/** A small router with one procedure for each thing a host has to get right. Every call leaves a trace in `effects.calls`. */
export function createFixture() {
  const effects: Effects = { calls: [], aborted: 0, release: new AbortController() };
  const did = (call: string) => effects.calls.push(call);
  const read = (method: "GET" | "DELETE", path: `/${string}`, operationId: string) =>
    procedure.meta({ scope: "read", openapi: { method, path, operationId } });
  const write = (path: `/${string}`, operationId: string) =>
    procedure.meta({ scope: "prompt", openapi: { method: "POST", path, operationId } });

  const appRouter = router({
    health: procedure
      .meta({ scope: "read", openapi: { method: "GET", path: "/global/health" }, rest: { aliases: ["GET /health"] } })
      .input(z.object({}))
      .output(z.object({ healthy: z.boolean() }))
      .query(() => ({ healthy: true })),
    where: read("GET", "/where", "where")
      .input(z.object({}))
      .output(z.object({ directory: z.string() }))
      .query(({ ctx }) => ({ directory: ctx.directory })),
    list: read("GET", "/item", "item.list")
      .input(
        z.object({
          limit: z.int().min(0).optional(),
          score: z.number().optional(),
          done: z.boolean().optional(),
          loose: z.union([z.boolean(), z.enum(["true", "false"])]).optional(),
          tag: z.array(z.string()).optional(),
          rank: z.array(z.number()).optional(),
          name: z.string().optional(),
        }),
      )
      .output(z.record(z.string(), z.unknown()))
      .query(({ input, ctx }) => {
        ctx.responseHeaders.set("x-next-cursor", "next");
        return input;
      }),
    status: read("GET", "/item/status", "item.status")
      .input(z.object({}))
      .output(z.string())
      .query(() => "status"),
    get: read("GET", "/item/{id}", "item.get")
      .input(z.object({ id: z.string() }))
      .output(Item)
      .query(({ input }) => {
        if (input.id === "missing") throw new AppError("NotFoundError", `Item not found: ${input.id}`);
        if (input.id === "broken") throw new Error("secret internals");
        return { id: input.id, name: "an item" };
      }),
    numbered: read("GET", "/numbered/{number}", "numbered")
      .input(z.object({ number: z.int() }))
      .output(z.number())
      .query(({ input }) => input.number),
    remove: read("DELETE", "/item/{id}", "item.remove")
      .input(z.object({ id: z.string() }))
      .output(z.boolean())
      .mutation(({ input }) => did(`remove ${input.id}`) > 0),
    create: write("/item", "item.create")
      .input(Item.omit({ id: true }).partial())
      .output(z.unknown())
      .mutation(({ input }) => {
        did("create");
        return { input };
      }),
    replace: write("/item/{id}", "item.replace")
      .input(z.object({ id: z.string(), item: Item.optional() }))
      .output(Item)
      .mutation(({ input }) => {
        did(`replace ${input.id}`);
        return { id: input.id, name: "replaced" };
      }),
    touch: procedure
      .meta({ scope: "prompt", openapi: { method: "POST", path: "/item/{id}/touch", operationId: "item.touch" }, rest: { status: 204 } })
      .input(z.object({ id: z.string() }))
      .output(z.void())
      .mutation(({ input }) => {
        did(`touch ${input.id}`);
      }),
    say: procedure
      .meta({
        scope: "prompt",
        openapi: { method: "POST", path: "/say", operationId: "say" },
        rest: { body: (body) => (typeof body === "string" ? { text: body } : body) },
      })
      .input(z.object({ text: z.string() }))
      .output(z.string())
      .mutation(({ input }) => input.text),
    nothing: write("/nothing", "nothing")
      .input(z.object({}))
      .output(z.void())
      .mutation(() => undefined),
    big: read("GET", "/big", "big")
      .input(z.object({}))
      .output(z.string())
      .query(() => "x".repeat(5_000)),
    file: read("GET", "/file/{path}", "file.read")
      .input(z.object({ path: z.string() }))
      .output(z.string())
      .query(({ input }) => input.path),
    wait: procedure
      .meta({
        scope: "prompt",
        openapi: { method: "POST", path: "/wait", operationId: "wait" },
        errors: ["ConflictError"],
        rest: { long: true },
      })
      .input(z.object({ fail: z.enum(["early", "late"]).optional() }))
      .output(z.string())
      .mutation(async ({ input, signal }) => {
        did("wait");
        if (input.fail === "early") throw new AppError("ConflictError", "early");
        await Promise.race([aborted(signal, effects), released(effects)]);
        if (input.fail === "late") throw new AppError("ConflictError", "late");
        return "waited";
      }),
    flood: procedure.meta({ scope: "read" }).subscription(async function* ({ signal }) {
      try {
        while (!signal?.aborted) {
          yield "x".repeat(1_000_000);
          await setImmediate();
        }
      } finally {
        did("flood ended");
      }
    }),
    events: procedure
      .meta({ scope: "read" })
      .input(z.object({ lastEventId: z.string().optional() }).optional())
      .subscription(async function* ({ ctx, signal }) {
        did("subscribe");
        for await (const entry of ctx.app.log.read({ after: 0, signal }))
          yield tracked(String(entry.position ?? 0), { type: entry.event.type });
      }),
  });
  return { router: appRouter, effects };
}

async function aborted(signal: AbortSignal | undefined, effects: Effects): Promise<void> {
  if (signal === undefined) return released(effects);
  await once(signal, "abort");
  effects.aborted += 1;
}

async function released({ release }: Effects): Promise<void> {
  if (!release.signal.aborted) await once(release.signal, "abort");
}
