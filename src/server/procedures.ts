import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { z } from "zod";
import type { Scope } from "../../routers/trpc.ts";
import { sendAnswer } from "./answer.ts";
import type { Endpoint, Host } from "./exchange.ts";
import { wantsPage } from "./negotiate.ts";
import { sendShell } from "./page-shell.ts";
import { metaOf } from "./rest.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A procedure, as a program or a page needs it to call it. */
export interface ListedProcedure {
  /** `session.create`. */
  path: string;
  type: "query" | "mutation" | "subscription";
  scope?: Scope;
  summary?: string;
  description?: string;
  /** Its address over REST: `POST /session`. */
  rest?: string;
  /** Of its operation in `GET /doc`, and the tag that it stands under. */
  operationId?: string;
  tag?: string;
  /** The field of the input that is the whole body over REST. */
  payload?: string;
  /** Without one it takes no input. */
  input?: JsonSchema;
  /** Of the answer; of a subscription, of each of the things it sends. */
  output?: JsonSchema;
}

/** `GET /trpc`: the procedures with their inputs and outputs as JSON; to browsers a page that runs them. */
export function createProcedures({ router, basePath }: Host): Endpoint {
  let list: string | undefined;
  return async (exchange) => {
    const { request, response, query } = exchange;
    if (wantsPage(request, query)) return sendShell(exchange, page(basePath));
    list ??= JSON.stringify(listProcedures(router));
    response.appendHeader("vary", "Accept");
    await sendAnswer(request, response, { status: 200, json: list });
  };
}

/** Every procedure, by its path. */
export function listProcedures(router: AnyRouter): ListedProcedure[] {
  const procedures = Object.entries<AnyProcedure>(router._def.procedures);
  return procedures.map(([path, procedure]) => listed(path, procedure)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function listed(path: string, procedure: AnyProcedure): ListedProcedure {
  const { scope, openapi, rest } = metaOf(procedure) ?? {};
  return {
    path,
    type: procedure._def.type,
    scope,
    summary: openapi?.summary,
    description: openapi?.description,
    rest: openapi && `${openapi.method} ${openapi.path}`,
    operationId: openapi?.operationId,
    tag: openapi?.tags?.[0],
    payload: rest?.payload,
    input: inputOf(procedure),
    output: outputOf(procedure),
  };
}

function outputOf(procedure: AnyProcedure): JsonSchema | undefined {
  const { output } = procedure._def as { output?: unknown };
  const schema = metaOf(procedure)?.stream?.item ?? output;
  return isSchema(schema) ? z.toJSONSchema(schema, { io: "output", unrepresentable: "any" }) : undefined;
}

const isSchema = (value: unknown): value is z.core.$ZodType => typeof value === "object" && value !== null && "_zod" in value;

function inputOf({ _def: { inputs } }: AnyProcedure): JsonSchema | undefined {
  const schemas = inputs.filter(isSchema);
  const all = schemas.map((schema) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  return all.length > 1 ? { allOf: all } : all[0];
}

const page = (basePath: string) => ({
  title: "Procedures",
  styles: ["procedures.css"],
  scripts: ["procedures.js"],
  data: { trpc: `${basePath}/trpc`, document: `${basePath}/doc` },
});
