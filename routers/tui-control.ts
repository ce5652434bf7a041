import { z } from "zod";
import { TuiRequest } from "../src/schema/tui.ts";
import { procedure } from "./trpc.ts";

const tags = ["tui"];

/** Asking a terminal client: a program asks, the client fetches the request and responds. The client does what a person may. */
export const controlProcedures = {
  ask: procedure
    .meta({
      scope: "prompt",
      person: true,
      openapi: {
        method: "POST",
        path: "/tui/control",
        operationId: "tui.control.ask",
        tags,
        summary: "Ask the terminal client and wait for its response",
        description:
          "Hands `{ path, body }` to the terminal client of the directory that calls `GET /tui/control/next`, and answers with what it sends to " +
          "`POST /tui/control/response`. Requests are handed out in their order, one at a time. Waits until there is a client; hanging up takes the request back.",
      },
      rest: { long: true, endless: true },
    })
    .input(z.object(TuiRequest.shape))
    .output(z.unknown())
    .mutation(async ({ ctx, input, signal }) => ctx.app.tui.ask(input, { directory: (await ctx.instance()).directory, signal })),

  next: procedure
    .meta({
      scope: "prompt",
      person: true,
      openapi: {
        method: "GET",
        path: "/tui/control/next",
        operationId: "tui.control.next",
        tags,
        summary: "Wait for the next request to the terminal client",
        description:
          "For terminal clients: waits until a program asks something (`POST /tui/control`). Each request is handed out once; the one after it when it was answered or taken back.",
      },
      rest: { long: true, endless: true },
    })
    .output(z.object(TuiRequest.shape))
    .query(async ({ ctx, signal }) => ctx.app.tui.next({ directory: (await ctx.instance()).directory, signal })),

  respond: procedure
    .meta({
      scope: "prompt",
      person: true,
      openapi: {
        method: "POST",
        path: "/tui/control/response",
        operationId: "tui.control.response",
        tags,
        summary: "Answer the request that was handed out last",
        description: "The body is the response, whatever its shape. True too when whoever asked has gone.",
      },
      rest: { payload: "response" },
    })
    .input(z.object({ response: z.unknown() }))
    .output(z.boolean())
    .mutation(async ({ ctx, input }) => {
      ctx.app.tui.respond((await ctx.instance()).directory, input.response);
      return true;
    }),
};
