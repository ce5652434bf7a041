import { describe, expect, it } from "vitest";
import { testHost } from "./helpers/host.ts";

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
  security?: unknown;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Record<string, unknown>>; securitySchemes: Record<string, unknown> };
}

async function fetchDocument(path = "/doc", options: Parameters<typeof testHost>[0] = {}): Promise<Document> {
  await using host = await testHost(options);
  const reply = await host.send(path);
  expect([reply.status, reply.headers["content-type"]]).toEqual([200, "application/json"]);
  return reply.json as Document;
}

/** The names of the errors that an answer may be. */
function errorsOf(schema: unknown): string[] {
  return [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = ""]) => name);
}

describe("GET /doc", () => {
  it("is OpenAPI 3.1 of this server, at this version, under its base path", async () => {
    const document = await fetchDocument("/doc?format=json", { basePath: "code" });
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
      info: { title: "codeport", version: "1.2.3" },
      servers: [{ url: "/code" }],
    });
    expect(document.components.securitySchemes).toMatchObject({ basic: { scheme: "basic" }, bearer: { scheme: "bearer" } });
  });

  it("has every procedure under its operationId, and its aliases", async () => {
    const { paths } = await fetchDocument();
    expect(paths["/item/{id}"]?.get?.operationId).toBe("item.get");
    expect(paths["/item"]?.post?.operationId).toBe("item.create");
    expect(paths["/health"]?.get?.operationId).toBe("health.alias1");
    const operations = Object.values(paths).flatMap((item) => Object.values(item));
    const ids = operations.map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("names every error a route can answer, each of the one shape", async () => {
    const { paths, components } = await fetchDocument();
    for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
      const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      expect(errors.map(([status]) => status)).toEqual(expect.arrayContaining(["400", "403", "500"]));
      expect(errors.some(([status]) => status === "401")).toBe((operation.security as unknown[]).length > 0);
      for (const [, response] of errors) {
        const names = errorsOf(response.content?.["application/json"]?.schema);
        expect(names.length).toBeGreaterThan(0);
        for (const name of names) expect(components.schemas[name]?.allOf).toContainEqual({ $ref: "#/components/schemas/ErrorBody" });
      }
    }
    const statuses = (path: string, method: string) => Object.keys(paths[path]?.[method]?.responses ?? {});
    expect(statuses("/item/{id}", "get")).toEqual(["200", "400", "401", "403", "404", "414", "429", "431", "500"]);
    expect(statuses("/item", "post")).toContain("413");
    expect(statuses("/wait", "post")).toContain("409");
    expect(errorsOf(paths["/wait"]?.post?.responses["409"])).toEqual(["ConflictError"]);
    expect(Object.keys(components.schemas).filter((name) => name.startsWith("error."))).toEqual([]);
    expect(components.schemas.ErrorBody).toMatchObject({ required: ["name", "message", "data"] });
    expect(components.schemas.ConflictError).toMatchObject({ allOf: [{}, { required: ["name", "_tag"] }] });
  });

  it("says how to be let in, on every operation", async () => {
    const { paths, components } = await fetchDocument();
    expect(Object.keys(components.securitySchemes)).toEqual(["basic", "bearer", "query", "ticket"]);
    expect(paths["/item"]?.post?.security).toEqual([{ basic: [] }, { bearer: [] }, { query: [] }]);
    expect(paths["/event"]?.get?.security).toContainEqual({ ticket: [] });
    expect(paths["/global/health"]?.get?.security).toContainEqual({});
    expect(paths["/doc"]?.get?.security).not.toContainEqual({});
  });

  it("knows what the generator has no words for: 204, event streams, the directory, unions in a query", async () => {
    const { paths } = await fetchDocument();
    const touch = paths["/item/{id}/touch"]?.post?.responses ?? {};
    expect(touch["204"]?.content).toBeUndefined();
    expect(touch).not.toHaveProperty("200");
    expect(paths["/event"]?.get?.responses["200"]?.content).toEqual({
      "text/event-stream": { schema: { $ref: "#/components/schemas/Event" } },
    });
    expect(paths["/global/event"]?.get?.parameters?.map(({ name }) => name)).toEqual(["after", "legacy", "Last-Event-ID"]);
    const list = paths["/item"]?.get?.parameters ?? [];
    expect(list.map(({ name }) => name)).toContain("directory");
    expect(list.find(({ name }) => name === "loose")?.schema).toEqual({
      anyOf: [{ type: "boolean" }, { type: "string", enum: ["true", "false"] }],
    });
    expect(list.find(({ name }) => name === "tag")).toMatchObject({
      schema: { type: "array", items: { type: "string" } },
    });
    expect(list.find(({ name }) => name === "limit")?.schema).toMatchObject({ type: "integer" });
  });

  it("names each shape once, and every reference leads somewhere", async () => {
    const document = await fetchDocument();
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(expect.arrayContaining(["Item", "Event", "Session", "Part"]));
    expect(names.filter((name) => name.endsWith("Output") && names.includes(name.slice(0, -"Output".length)))).toEqual([]);
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
    expect([...new Set(references)].filter((name) => !names.includes(name ?? ""))).toEqual([]);
  });
});
