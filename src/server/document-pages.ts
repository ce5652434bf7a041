import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";

/** What is no procedure and so unknown to the generator: pages for people, and this document. */
export const pagePaths: ZodOpenApiPathsObject = {
  "/doc": {
    get: {
      operationId: "doc.get",
      tags: ["doc"],
      summary: "This document",
      requestParams: { query: z.object({ format: z.enum(["json"]).optional().meta({ description: "Wins over `Accept`." }) }) },
      responses: {
        200: { description: "The document.", content: { "application/json": { schema: z.record(z.string(), z.unknown()) } } },
      },
    },
  },
  "/share/{secret}": {
    get: {
      operationId: "share.page",
      tags: ["share"],
      summary: "A shared session as a page",
      description: "What a share link shows: the session, to read. The link's secret is all that it takes; no password is asked for.",
      requestParams: { path: z.object({ secret: z.string() }) },
      responses: { 200: { description: "The page.", content: { "text/html": { schema: z.string() } } } },
    },
  },
};
