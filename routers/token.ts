import { z } from "zod";
import { addressed } from "../src/schema/id.ts";
import { Token, TokenCreate } from "../src/schema/token.ts";
import { actorOf, procedure, router } from "./trpc.ts";

const tags = ["token"];

export const tokenRouter = router({
  list: procedure
    .meta({
      scope: "admin",
      openapi: {
        method: "GET",
        path: "/token",
        operationId: "token.list",
        tags,
        summary: "List the access tokens",
        description: "Oldest first, also those that have expired or were revoked. Without their secrets, which are not kept.",
      },
    })
    .output(z.array(Token))
    .query(({ ctx }) => ctx.app.tokens.list()),

  create: procedure
    .meta({
      scope: "admin",
      secret: true,
      audit: "service",
      openapi: {
        method: "POST",
        path: "/token",
        operationId: "token.create",
        tags,
        summary: "Create an access token",
        description:
          "The answer holds the secret, which is shown this once: send it as `Authorization: Bearer …` or as the password of HTTP Basic. " +
          "`prompt` includes `read`, `admin` includes both. With `directories` the token sees sessions, files and events of those alone; `admin` takes none.",
      },
    })
    .input(TokenCreate)
    .output(z.object({ token: Token, secret: z.string() }))
    .mutation(({ ctx, input }) => ctx.app.tokens.create(input, actorOf(ctx))),

  revoke: procedure
    .meta({
      scope: "admin",
      audit: "service",
      openapi: {
        method: "DELETE",
        path: "/token/{tokenID}",
        operationId: "token.revoke",
        tags,
        summary: "Revoke an access token",
        description: "It lets nobody in from now on, and its open streams are closed within a second, on every server of this store.",
      },
    })
    .input(z.object({ tokenID: addressed.token }))
    .output(Token)
    .mutation(({ ctx, input }) => ctx.app.tokens.revoke(input.tokenID, actorOf(ctx))),

  ticket: procedure
    .meta({
      scope: "read",
      secret: true,
      openapi: {
        method: "POST",
        path: "/token/ticket",
        operationId: "token.ticket",
        tags,
        summary: "Get a ticket for one request",
        description:
          "For browsers, which send no headers with EventSource and WebSocket: `?ticket=…` in the address of one GET or WebSocket " +
          "gives it the rights of this call. It can be used once, within 30 seconds, at this server.",
      },
    })
    .output(z.object({ ticket: z.string(), expires: z.number().describe("Epoch milliseconds") }))
    .mutation(({ ctx }) => ctx.app.tokens.tickets.issue(ctx.principal)),
});
