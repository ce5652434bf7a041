import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";

const html = { "text/html": { schema: z.string() } };
const json = (schema: z.ZodType) => ({ "application/json": { schema } });
const format = z.object({ format: z.enum(["json", "html"]).optional().meta({ description: "Wins over `Accept`." }) });

const Procedure = z
  .object({
    path: z.string(),
    type: z.enum(["query", "mutation", "subscription"]),
    scope: z.enum(["read", "prompt", "admin"]).optional(),
    summary: z.string().optional(),
    description: z.string().optional(),
    rest: z.string().optional().meta({ description: "Its method and path over REST." }),
    operationId: z.string().optional().meta({ description: "Of its operation in this document." }),
    tag: z.string().optional().meta({ description: "The first of its operation." }),
    payload: z.string().optional().meta({ description: "The field of the input that is the whole body over REST." }),
    input: z.record(z.string(), z.unknown()).optional().meta({ description: "A JSON schema; without one it takes no input." }),
    output: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: "A JSON schema, of the answer or of each thing that a subscription sends." }),
  })
  .meta({ id: "Procedure" });

const ShareFrame = z
  .union([
    z.object({
      title: z.string(),
      working: z.boolean(),
      order: z.array(z.string()).meta({ description: "The ids of all articles." }),
      articles: z.record(z.string(), z.string()).meta({ description: "Those that changed, as HTML." }),
    }),
    z.object({ gone: z.literal(true) }),
  ])
  .meta({ id: "ShareFrame" });

/** What is no procedure and so unknown to the generator: pages for people, and this document. */
export const pagePaths: ZodOpenApiPathsObject = {
  "/doc": {
    get: {
      operationId: "doc.get",
      tags: ["doc"],
      summary: "This document",
      description: "The OpenAPI document to programs, a page that explores it to browsers (`Accept: text/html`).",
      requestParams: { query: format },
      responses: { 200: { description: "The document.", content: { ...json(z.record(z.string(), z.unknown())), ...html } } },
    },
  },
  "/doc/{file}": {
    get: {
      operationId: "doc.file",
      tags: ["doc"],
      summary: "A script or style of the pages",
      requestParams: { path: z.object({ file: z.string() }) },
      responses: {
        200: { description: "The file.", content: { "text/javascript": { schema: z.string() }, "text/css": { schema: z.string() } } },
        304: { description: "It is still the one that `If-None-Match` names." },
      },
    },
  },
  "/trpc": {
    get: {
      operationId: "doc.procedures",
      tags: ["doc"],
      summary: "The procedures",
      description: "Every tRPC procedure with its input and output to programs, a page that runs them to browsers (`Accept: text/html`).",
      requestParams: { query: format },
      responses: { 200: { description: "The procedures, by path.", content: { ...json(z.array(Procedure)), ...html } } },
    },
  },
  "/metrics": {
    get: {
      operationId: "metrics.get",
      tags: ["global"],
      summary: "What the server is doing, for Prometheus",
      description: "Turns, tokens, cost, queues, readers, requests, event-loop delay and memory, counted from the first call on. No ids.",
      responses: { 200: { description: "Prometheus's text format.", content: { "text/plain": { schema: z.string() } } } },
    },
  },
  "/share/{secret}": {
    get: {
      operationId: "share.page",
      tags: ["share"],
      summary: "A shared session as a page",
      description: "What a share link shows: the session, to read. The link's secret is all that it takes; no password is asked for.",
      requestParams: { path: z.object({ secret: z.string() }) },
      responses: { 200: { description: "The page.", content: html } },
    },
  },
  "/share/{secret}/live": {
    get: {
      operationId: "share.live",
      tags: ["share"],
      summary: "What changes on the page of a share link",
      description:
        "Server-sent events for the page itself, while the session goes on; each `id:` is the page's version, `gone` ends a link that was taken back.",
      requestParams: {
        path: z.object({ secret: z.string() }),
        query: z.object({ version: z.string().optional().meta({ description: "What the page shows: only what differs is sent." }) }),
      },
      responses: { 200: { description: "The stream.", content: { "text/event-stream": { schema: ShareFrame } } } },
    },
  },
  "/share/{secret}/export": {
    get: {
      operationId: "share.export",
      tags: ["share"],
      summary: "A shared session as one HTML file",
      description: "The page of a share link to keep: it needs no server, runs nothing and loads nothing.",
      requestParams: { path: z.object({ secret: z.string() }) },
      responses: { 200: { description: "The file.", content: html } },
    },
  },
  "/session/{sessionID}/export": {
    get: {
      operationId: "session.export",
      tags: ["session"],
      summary: "A session as one HTML file",
      description:
        "What a share link would show, as a file to keep. A browser that follows a link to it brings `?ticket=` (POST /token/ticket).",
      requestParams: { path: z.object({ sessionID: z.string() }) },
      responses: { 200: { description: "The file.", content: html } },
    },
  },
};
