import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { generateOpenApiDocument, type OpenAPIObject } from "trpc-to-openapi";
import type { ErrorName } from "../schema/error.ts";
import { describable } from "./describable.ts";
import { info, securityOf, securitySchemes, tagsOf } from "./document-about.ts";
import { errorComponents, errorNames, errorResponses } from "./document-errors.ts";
import { pagePaths } from "./document-pages.ts";
import { applyRest } from "./document-rest.ts";
import { plainSchemas } from "./document-schemas.ts";
import { streamErrors, streamPaths } from "./document-streams.ts";
import { metaOf } from "./rest.ts";
import { mergeTwins } from "./twins.ts";

type Paths = NonNullable<OpenAPIObject["paths"]>;
type PathItem = Paths[string];
type Operation = NonNullable<PathItem["get"]>;
type Method = (typeof methods)[number];

const methods = ["get", "put", "post", "delete", "patch"] as const;

/** The OpenAPI 3.1 document of a router: the generator's, with what it has no words for (statuses, errors, streams, pages, aliases). */
export function buildDocument(router: AnyRouter, about: { version: string; basePath: string }): OpenAPIObject {
  const document = generateOpenApiDocument(describable(router), {
    title: info.title,
    version: about.version,
    baseUrl: about.basePath === "" ? "/" : about.basePath,
    securitySchemes,
    paths: { ...streamPaths, ...pagePaths },
  });
  const paths = document.paths ?? {};
  const thrown = thrownErrors(router);
  const errors = new Set<ErrorName>();
  for (const [path, method, operation] of operationsOf(paths)) {
    complete(operation, path);
    if (method !== "get") addKey(operation);
    const names = errorNamesOf(operation, { path, method, thrown: thrown.get(`${method} ${path}`) });
    for (const name of names) errors.add(name);
    operation.responses = { ...successes(operation), ...errorResponses(names) };
  }
  for (const procedure of Object.values<AnyProcedure>(router._def.procedures)) applyRest(paths, procedure);
  document.info = { ...document.info, ...info };
  document.tags = tagsOf([...operationsOf(paths)].map(([, , operation]) => operation));
  const schemas = withoutGenerated(document.components?.schemas ?? {});
  document.components = { ...document.components, schemas: { ...schemas, ...errorComponents(errors) } };
  return mergeTwins(plainSchemas(document));
}

/** What each address can throw of its own. */
function thrownErrors(router: AnyRouter): Map<string, readonly ErrorName[]> {
  const procedures = Object.values<AnyProcedure>(router._def.procedures);
  return new Map([
    ...Object.entries(streamErrors),
    ...procedures.map((procedure): [string, readonly ErrorName[]] => {
      const { openapi, errors = [], rest } = metaOf(procedure) ?? { scope: "read" };
      // What waits is ended by a server that closes.
      return [`${openapi?.method.toLowerCase()} ${openapi?.path}`, rest?.endless ? [...errors, "ServiceUnavailableError"] : errors];
    }),
  ]);
}

function errorNamesOf(operation: Operation, call: { path: string; method: Method; thrown?: readonly ErrorName[] }): ErrorName[] {
  const directory = (operation.parameters ?? []).some((parameter) => "name" in parameter && parameter.name === "directory");
  return errorNames({
    address: call.path,
    body: call.method !== "get",
    directory,
    open: operation.security?.length === 0,
    thrown: call.thrown,
  });
}

/** Adds what every call has: the directory, who may call, and words. */
function complete(operation: Operation, path: string): void {
  if (takesDirectory(path)) addDirectory(operation);
  operation.security = securityOf(path);
  operation.description ??= `${operation.summary}.`;
  makeBodyOptional(operation);
}

/** What concerns the whole server is the same from every directory. */
function takesDirectory(path: string): boolean {
  return !/^\/(global|share|auth)\//.test(path) && !(path in pagePaths);
}

/** An empty body is `{}`: it may be left out where that says enough. */
function makeBodyOptional({ requestBody }: Operation): void {
  if (requestBody === undefined || !("content" in requestBody)) return;
  const schema = requestBody.content["application/json"]?.schema;
  if (schema && "properties" in schema && (schema.required ?? []).length === 0) requestBody.required = false;
}

function addDirectory(operation: Operation): void {
  const parameters = operation.parameters ?? [];
  if (!parameters.some((parameter) => "name" in parameter && parameter.name === "directory")) {
    const description = "The directory the call is about; the server's own unless given.";
    parameters.push({ name: "directory", in: "query", required: false, description, schema: { type: "string" } });
  }
  operation.parameters = parameters;
}

/** What changes something can be sent again under its key. */
function addKey(operation: Operation): void {
  const description = "Sent again with the same key, the call has one effect and the same answer.";
  const schema = { type: "string" as const, minLength: 1, maxLength: 255 };
  operation.parameters = [...(operation.parameters ?? []), { name: "Idempotency-Key", in: "header", required: false, description, schema }];
}

function successes({ responses = {} }: Operation): Operation["responses"] {
  return Object.fromEntries(Object.entries(responses).filter(([status]) => Number(status) < 400));
}

/** The generator's error shapes are not ours. */
function withoutGenerated<Schema>(schemas: Record<string, Schema>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => !name.startsWith("error.")));
}

function* operationsOf(paths: Paths): Generator<[path: string, method: Method, operation: Operation]> {
  for (const [path, item] of Object.entries(paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation !== undefined) yield [path, method, operation];
    }
  }
}
