import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "../routers/index.ts";
import { buildDocument } from "../src/server/document.ts";
import type { Reference, ReferenceOperation } from "./fixtures/extract-reference.ts";
import { differences, type JsonSchema, type Schemas } from "./helpers/json-schema.ts";
import { namedSchemas } from "./helpers/named-schemas.ts";

/** What OpenCode's own document says; made by `fixtures/extract-reference.ts`. */
const reference: Reference = JSON.parse(readFileSync(new URL("./fixtures/reference.json", import.meta.url), "utf8"));

/** Where we differ on purpose: the line of the difference (its beginning) and why. A line that no longer occurs fails the test too. */
const promptBody = {
  'body/model: only ours takes {"type":"string"}': "a model may be named in one word, provider/model",
  'body/model: only ours takes {"type":"object"': "the reference's model, and beside its two names the variant that its messages carry",
  'body/model: only theirs takes {"type":"object"': "the same",
  "body/parts: minItems is 1": "a prompt without parts says nothing",
  "body/queue: only ours": "what becomes of a prompt that meets a busy session can be said with it",
};
const resumable = {
  "parameters/query:after: only ours": "streams can be resumed",
  "parameters/query:legacy: only ours": "older programs wait for events of older names",
  "parameters/header:Last-Event-ID: only ours": "streams can be resumed",
};
const located = {
  "parameters/query:directory: only ours": "a directory may be named as everywhere else",
  "parameters/query:location: only theirs": "read as well (`location[directory]`), which the generator has no words for",
};
const catalogued = { "errors/503: only theirs": "the catalogue is here; the reference asks another server for its own" };
const allowed: Record<string, Record<string, string>> = {
  "POST /session": { "body/workspaceID: only theirs": "workspaces are not part of this server" },
  "POST /session/{sessionID}/message": {
    ...promptBody,
    'answer/info: only ours takes {"$ref":"#/components/schemas/UserMessage"}': "noReply is answered with the stored prompt",
  },
  "POST /session/{sessionID}/prompt_async": promptBody,
  "POST /session/{sessionID}/permissions/{permissionID}": { "body/remember: only ours": "once with remember means always" },
  "POST /permission/{requestID}/reply": { "body/reply: values": "an answer can hold for the session" },
  "GET /api/health": { "parameters/query:directory: only ours": "a directory may be named as everywhere else" },
  "GET /api/location": located,
  "GET /api/agent": located,
  "GET /api/model": { ...located, ...catalogued },
  "GET /api/provider": { ...located, ...catalogued },
  "GET /api/integration": located,
  "GET /api/reference": located,
  "GET /api/command": located,
  "GET /api/skill": located,
  "GET /event": resumable,
  "GET /global/event": resumable,
  "GET /session/{sessionID}/diff": {
    "parameters/query:file: only ours": "one file can be looked at alone",
    "parameters/query:context: only ours": "and as a whole",
  },
  "GET /vcs/diff": { "parameters/query:file: only ours": "one file can be looked at alone" },
  "PATCH /session/{sessionID}": { "body/tags: only ours": "sessions can be sorted" },
  Session: { "/tags: only ours": "sessions can be sorted" },
  ServerConfig: {
    "/resume: only ours": "the reference never runs a turn again",
    "/limits: only ours": "the reference takes whatever comes",
    "/retention: only ours": "the reference keeps sessions for ever",
    "/traces: only ours": "a collector can be named here too, not by variables alone",
    "/askTimeout: only ours": "the reference waits for ever",
  },
  Config: { "/budget: only ours": "what may be spent; the reference has no budgets" },
  ProviderConfig: { "/oauth: only ours": "where one logs in at a provider can be configured" },
  EventServerInstanceDisposed: { '/id: pattern is "^evt_"': "its id is an event's like any other; the reference leaves that out" },
};

/** Every call that changes something can be sent again; the reference has nothing like it. */
const keyed = "parameters/header:Idempotency-Key: only ours";

function expectAlike(name: string, found: string[]): void {
  const reasons = Object.keys(allowed[name] ?? {});
  const unexplained = found.filter((line) => line !== keyed && !reasons.some((reason) => line.startsWith(reason)));
  const stale = reasons.filter((reason) => !found.some((line) => line.startsWith(reason)));
  expect({ unexplained, stale }).toEqual({ unexplained: [], stale: [] });
}

describe("the comparison", () => {
  const none = {};
  const of = (ours: object, theirs: object) => differences({ schema: ours, schemas: none }, { schema: theirs, schemas: none });
  const text = { type: "string" };

  test.each<[string, object, object]>([
    ["anyOf and oneOf", { anyOf: [text, { type: "number" }] }, { oneOf: [{ type: "number" }, text] }],
    ["a constant and an enum of one", { const: "a" }, { type: "string", enum: ["a"] }],
    ["a safe integer and any", { type: "integer", maximum: Number.MAX_SAFE_INTEGER }, { type: "integer" }],
    ["a closed and an open answer", { type: "object", properties: { a: text }, additionalProperties: false }, { properties: { a: text } }],
  ])("takes %s for the same", (_, ours, theirs) => {
    expect(of(ours, theirs)).toEqual([]);
  });

  test.each<[string, object, object]>([
    ["a type", text, { type: "number" }],
    ["a pattern", { ...text, pattern: "^ses" }, text],
    ["a missing field", { type: "object", properties: {} }, { type: "object", properties: { a: text } }],
    ["a field that need not be there", { type: "object", properties: { a: text } }, { properties: { a: text }, required: ["a"] }],
    ["an item", { type: "array", items: text }, { type: "array", items: { type: "number" } }],
    ["an alternative", { anyOf: [text, { type: "number" }] }, { anyOf: [text, { type: "boolean" }] }],
    ["a value", { enum: ["a", "b"] }, { enum: ["a", "c"] }],
    ["any further keys", { type: "object", additionalProperties: text }, { type: "object", additionalProperties: { type: "number" } }],
  ])("finds %s", (_, ours, theirs) => {
    expect(of(ours, theirs)).not.toEqual([]);
  });
});

describe("named schemas equal the reference", () => {
  const schemas = z.toJSONSchema(z.object(namedSchemas), { io: "output", unrepresentable: "any" }).$defs as Schemas;
  const names = Object.keys(namedSchemas).filter((name) => name in reference.schemas);

  test.each(names)("%s", (name) => {
    const found = differences({ schema: schemas[name], schemas }, { schema: reference.schemas[name], schemas: reference.schemas });
    expectAlike(name, found);
  });

  test("all but these are in the reference", () => {
    const own = Object.keys(namedSchemas).filter((name) => !(name in reference.schemas));
    expect(new Set(own)).toEqual(new Set(["EventServerHeartbeat", "EventSessionMessage", "EventToolCall", "Memory", "ToolAnswer"]));
  });
});

describe("operations equal the reference", () => {
  const document = buildDocument(appRouter, { version: "0", basePath: "" });
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation as ServedOperation] as const),
  );

  interface ServedOperation {
    operationId: string;
    parameters?: ReferenceOperation["parameters"];
    requestBody?: { content: Record<string, { schema: JsonSchema }> };
    responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }>;
  }

  test.each(operations.filter(([name]) => name in reference.operations))("%s", (name, served) => {
    const theirs = reference.operations[name] as ReferenceOperation;
    const both = (ours: unknown, other: unknown, at: string) =>
      differences({ schema: ours, schemas }, { schema: other, schemas: reference.schemas }, at);
    const answer = served.responses[String(theirs.status)];
    expect(answer, `answers ${theirs.status}`).toBeDefined();
    expect(served.operationId).toBe(theirs.operationId);
    const unanswered = theirs.errors.filter((status) => !(status in served.responses)).map((status) => `errors/${status}: only theirs`);
    expectAlike(name, [
      ...unanswered,
      ...both(asObject(served.parameters ?? []), asObject(theirs.parameters), "parameters"),
      ...both(served.requestBody?.content["application/json"]?.schema ?? {}, theirs.body ?? {}, "body"),
      ...both(answer?.content?.["application/json"]?.schema ?? {}, theirs.answer ?? {}, "answer"),
    ]);
  });

  test("all but these are in the reference", () => {
    const own = operations.map(([name]) => name).filter((name) => !(name in reference.operations));
    expect(new Set(own)).toEqual(
      new Set([
        "GET /doc",
        "GET /doc/{file}",
        "GET /trpc",
        "GET /health",
        "GET /events",
        "POST /config/provider",
        "POST /config/model",
        "GET /project/vcs",
        "POST /file/search",
        "GET /file/{path}",
        "GET /file/{path}/status",
        // The chat API of document 002, which the reference does not have.
        "GET /api/status",
        "POST /api/chat",
        "POST /api/chat/stream",
        "GET /api/sessions",
        "GET /api/sessions/{sessionId}",
        "DELETE /api/sessions/{sessionId}",
        "GET /api/models",
        "GET /api/providers",
        "GET /api/agents",
        "GET /share/{secret}",
        "GET /share/{secret}/data",
        "GET /share/{secret}/live",
        "GET /share/{secret}/export",
        "GET /session/{sessionID}/export",
        "POST /session/import",
        "GET /config/explain",
        "GET /session/{sessionID}/budget",
        "PUT /session/{sessionID}/budget",
        "GET /session/{sessionID}/queue",
        "DELETE /session/{sessionID}/queue/{messageID}",
        "GET /memory",
        "GET /mcp/auth",
        "GET /metrics",
        "POST /session/prune",
        "DELETE /memory/{memoryID}",
        "GET /token",
        "POST /token",
        "DELETE /token/{tokenID}",
        "POST /token/ticket",
        "GET /global/overview",
        "GET /usage",
        "GET /doctor",
        "GET /auth",
        "POST /provider/{providerID}/test",
        "GET /config/schema",
        "POST /session/{sessionID}/undo",
        "GET /session/{sessionID}/timeline",
        "GET /session/all",
        "GET /session/search",
        "POST /session/bulk",
        "GET /audit",
        "GET /audit/verify",
        "POST /tui/control",
        "POST /tui/prompt",
        "POST /tui/dialog",
        "POST /tui/command",
        "POST /tui/toast",
        "GET /tool",
        "POST /tool/{name}",
      ]),
    );
  });
});

/** Parameters as one object schema. Workspaces are not part of this server. */
function asObject(parameters: ReferenceOperation["parameters"]): JsonSchema {
  const kept = parameters.filter(({ name }) => name !== "workspace");
  return {
    type: "object",
    properties: Object.fromEntries(kept.map(({ in: place, name, schema }) => [`${place}:${name}`, schema])),
    required: kept.filter(({ required }) => required).map(({ in: place, name }) => `${place}:${name}`),
    additionalProperties: false,
  };
}
