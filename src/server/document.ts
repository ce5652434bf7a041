import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { generateOpenApiDocument, type OpenAPIObject } from "trpc-to-openapi";
import { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { ChatFrame, ChatInput } from "../schema/chat.ts";
import { ErrorBody } from "../schema/error.ts";
import { Event } from "../schema/event.ts";
import { describable } from "./describable.ts";
import { metaOf } from "./rest.ts";
import { mergeTwins } from "./twins.ts";

type PathItem = NonNullable<OpenAPIObject["paths"]>[string];
type Operation = NonNullable<PathItem["get"]>;
type Method = "get" | "post" | "put" | "patch" | "delete";

/** The OpenAPI 3.1 document of a router: the generator's, with what it has no words for (statuses, streams, aliases, one error shape). */
export function buildDocument(router: AnyRouter, about: { version: string; basePath: string }): OpenAPIObject {
  const document = generateOpenApiDocument(describable(router), {
    title: "codeport",
    version: about.version,
    baseUrl: about.basePath === "" ? "/" : about.basePath,
    securitySchemes: {
      basic: { type: "http", scheme: "basic" },
      bearer: { type: "http", scheme: "bearer", description: "An access token, or base64(user:password)" },
    },
    paths: streamPaths,
    defs: { ErrorBody },
  });
  const paths = document.paths ?? {};
  for (const [path, item] of Object.entries(paths)) for (const operation of operationsOf(item)) complete(path, operation);
  for (const procedure of Object.values<AnyProcedure>(router._def.procedures)) applyRest(paths, procedure);
  const schemas = document.components?.schemas ?? {};
  for (const name of Object.keys(schemas)) if (name.startsWith("error.")) delete schemas[name];
  return mergeTwins(document);
}

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

const security: Record<string, string[]>[] = [{ basic: [] }, { bearer: [] }];

const streamPaths: ZodOpenApiPathsObject = {
  "/event": stream({ operationId: "event.subscribe", tag: "event", description: "The events of one directory.", schema: Event }),
  "/share/{secret}": {
    get: {
      operationId: "share.page",
      tags: ["share"],
      summary: "A shared session as a page",
      description: "What a share link shows: the session, to read. The link's secret is all that it takes; no password is asked for.",
      security: [],
      requestParams: { path: z.object({ secret: z.string() }) },
      responses: { 200: { description: "The page.", content: { "text/html": { schema: z.string() } } }, 404: { description: "" } },
    },
  },
  "/global/event": stream({
    operationId: "global.event",
    tag: "global",
    description: "The events of all directories.",
    schema: GlobalEvent,
  }),
  "/api/chat/stream": {
    post: {
      operationId: "api.chat.stream",
      tags: ["chat"],
      summary: "Send a message and follow the answer",
      description: "As POST /api/chat, told as it happens: `session` first, `done` last.",
      security,
      requestBody: { required: true, content: { "application/json": { schema: ChatInput } } },
      responses: {
        200: { description: "The frames.", content: { "text/event-stream": { schema: ChatFrame } } },
        400: { description: "" },
        401: { description: "" },
        403: { description: "" },
        404: { description: "" },
        409: { description: "" },
      },
    },
  },
};

function stream({ operationId, tag, description, schema }: { operationId: string; tag: string; description: string; schema: z.ZodType }) {
  const responses = {
    200: { description, content: { "text/event-stream": { schema } } },
    400: { description: "" },
    401: { description: "" },
  };
  return { get: { operationId, tags: [tag], description, security, requestParams: resume, responses } };
}

/** Adds the parameters every call takes, and gives every error the one shape. */
function complete(path: string, operation: Operation): void {
  if (!/^\/(global|share|auth)\//.test(path)) addDirectory(operation);
  const responses = operation.responses ?? {};
  if (path.includes("{")) responses["404"] ??= { description: "" };
  for (const status of Object.keys(responses).filter((key) => Number(key) >= 400)) responses[status] = errorResponse(Number(status));
  operation.responses = responses;
}

function addDirectory(operation: Operation): void {
  const parameters = operation.parameters ?? [];
  if (!parameters.some((parameter) => "name" in parameter && parameter.name === "directory")) {
    const description = "The directory the call is about; the server's own unless given.";
    parameters.push({ name: "directory", in: "query", required: false, description, schema: { type: "string" } });
  }
  operation.parameters = parameters;
}

const errorDescriptions: Record<number, string> = {
  400: "The request is not valid; `data` names the field.",
  401: "A password is needed.",
  403: "Not allowed.",
  404: "There is no such thing.",
  409: "It conflicts with what is going on.",
  413: "The body is too large.",
  500: "A fault of the server.",
};

function errorResponse(status: number) {
  return {
    description: errorDescriptions[status] ?? "An error.",
    content: { "application/json": { schema: { $ref: "#/components/schemas/ErrorBody" } } },
  };
}

/** The 204s and the aliases of a procedure. */
function applyRest(paths: NonNullable<OpenAPIObject["paths"]>, procedure: AnyProcedure): void {
  const meta = metaOf(procedure);
  const operation = meta?.openapi && paths[meta.openapi.path]?.[meta.openapi.method.toLowerCase() as Method];
  if (operation === undefined) return;
  applyPayload(operation, meta?.rest?.payload);
  if (meta?.rest?.status === 204) {
    const { "200": _ok, ...others } = operation.responses ?? {};
    operation.responses = { "204": { description: "Done; no body." }, ...others };
  }
  // OpenAPI has no parameter of several segments.
  for (const [at, alias] of (meta?.rest?.aliases ?? []).filter((address) => !address.includes("...")).entries()) {
    const [method = "", path = ""] = alias.split(" ");
    const summary = `Another address of ${meta?.openapi?.method} ${meta?.openapi?.path}.`;
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: { ...operation, operationId: `${operation.operationId}.alias${at + 1}`, summary },
    };
  }
}

/** The body of a procedure whose body is one field of its input. */
function applyPayload(operation: Operation, payload: string | undefined): void {
  const body = operation.requestBody;
  if (payload === undefined || body === undefined || !("content" in body)) return;
  const media = body.content["application/json"];
  if (media?.schema === undefined || !("properties" in media.schema)) return;
  media.schema = media.schema.properties?.[payload] ?? {};
}

function operationsOf(item: PathItem): Operation[] {
  return [item.get, item.post, item.put, item.patch, item.delete].filter((operation) => operation !== undefined);
}
