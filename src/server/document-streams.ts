import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { turnErrors } from "../../routers/turn-errors.ts";
import { ChatFrame, ChatInput } from "../schema/chat.ts";
import type { ErrorName } from "../schema/error.ts";
import { Event } from "../schema/event.ts";

const GlobalEvent = z
  .object({ directory: z.string().optional(), project: z.string().optional(), payload: Event })
  .meta({ id: "GlobalEvent", description: "An event and where it belongs; the stream's own events have only a payload." });

const resume = {
  query: z.object({
    after: z.int().min(0).optional().meta({ description: "Resume after this position of the log." }),
    legacy: z.enum(["true", "false"]).optional().meta({
      description: "`true`: also `session.message`, once for each finished message, and `tool.call`, once for each tool call that runs.",
    }),
  }),
  header: z.object({ "Last-Event-ID": z.string().optional().meta({ description: "Resume after this position; wins over `after`." }) }),
};

const protocol =
  "Server-sent events: the first is `server.connected`, then each `data:` line is one event as JSON, with `server.heartbeat` in between. " +
  "The `id:` of a durable event is its position in the log: a client that reconnects with it misses nothing.";

/** The event streams: no procedures, so the generator does not know them. */
export const streamPaths: ZodOpenApiPathsObject = {
  "/event": stream({ operationId: "event.subscribe", tag: "event", summary: "The events of one directory", schema: Event }),
  "/events": stream({ operationId: "event.subscribe.alias1", tag: "event", summary: "Another address of GET /event", schema: Event }),
  "/global/event": stream({ operationId: "global.event", tag: "global", summary: "The events of all directories", schema: GlobalEvent }),
  "/api/chat/stream": {
    post: {
      operationId: "api.chat.stream",
      tags: ["chat"],
      summary: "Send a message and follow the answer",
      description: "As POST /api/chat, told as it happens in server-sent events: `session` first, `done` last.",
      requestBody: { required: true, content: { "application/json": { schema: ChatInput } } },
      responses: { 200: { description: "The frames.", content: { "text/event-stream": { schema: ChatFrame } } } },
    },
  },
};

/** What they can throw beside the errors of every call, by method and path. */
export const streamErrors: Record<string, readonly ErrorName[]> = { "post /api/chat/stream": ["NotFoundError", ...turnErrors] };

function stream({ operationId, tag, summary, schema }: { operationId: string; tag: string; summary: string; schema: z.ZodType }) {
  const responses = { 200: { description: "The stream.", content: { "text/event-stream": { schema } } } };
  return { get: { operationId, tags: [tag], summary, description: protocol, requestParams: resume, responses } };
}
