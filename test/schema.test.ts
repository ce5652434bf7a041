import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { appRouter } from "../routers/index.ts";
import { buildDocument } from "../src/server/document.ts";
import { differences, type JsonSchema, type Schemas } from "./helpers/json-schema.ts";
import { namedSchemas } from "./helpers/named-schemas.ts";

interface ReferenceOperation {
  operationId: string;
  parameters: { name: string; in: string; required?: boolean; schema: JsonSchema }[];
  body?: JsonSchema;
  status: number;
  answer?: JsonSchema;
}

/** What OpenCode's own document says; made by `fixtures/extract-reference.ts`. */
const reference: { operations: Record<string, ReferenceOperation>; schemas: Schemas } = JSON.parse(
  readFileSync(new URL("./fixtures/reference.json", import.meta.url), "utf8"),
);

/** Where we differ on purpose: the line of the difference (its beginning) and why. A line that no longer occurs fails the test too. */
const allowed: Record<string, Record<string, string>> = {};

function expectAlike(name: string, found: string[]): void {
  const reasons = Object.keys(allowed[name] ?? {});
  const unexplained = found.filter((line) => !reasons.some((reason) => line.startsWith(reason)));
  const stale = reasons.filter((reason) => !found.some((line) => line.startsWith(reason)));
  expect({ unexplained, stale }).toEqual({ unexplained: [], stale: [] });
}

describe("named schemas equal the reference", () => {
  const schemas = z.toJSONSchema(z.object(namedSchemas), { io: "output", unrepresentable: "any" }).$defs as Schemas;
  const names = Object.keys(namedSchemas).filter((name) => name in reference.schemas);

  test.each(names)("%s", (name) => {
    const found = differences({ schema: schemas[name], schemas }, { schema: reference.schemas[name], schemas: reference.schemas });
    expectAlike(name, found);
  });

  test("all but these are in the reference", () => {
    const own = Object.keys(namedSchemas).filter((name) => !(name in reference.schemas));
    expect(own).toEqual([]);
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
    expectAlike(name, [
      ...both(asObject(served.parameters ?? []), asObject(theirs.parameters), "parameters"),
      ...both(served.requestBody?.content["application/json"]?.schema ?? {}, theirs.body ?? {}, "body"),
      ...both(answer?.content?.["application/json"]?.schema ?? {}, theirs.answer ?? {}, "answer"),
    ]);
  });

  test("all but these are in the reference", () => {
    expect(operations.map(([name]) => name).filter((name) => !(name in reference.operations))).toEqual(["GET /health"]);
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
