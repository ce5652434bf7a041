import type { ValidateFunction } from "ajv";
import fc, { type Arbitrary } from "fast-check";
import { type JsonSchema, type Universe, valuesOf } from "./arbitrary.ts";

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema: JsonSchema;
}

/** An operation of the document, to be called. */
export interface Target {
  /** `POST /session/{sessionID}/message`. */
  name: string;
  method: string;
  path: string;
  parameters: Parameter[];
  body?: { schema: JsonSchema; validate: ValidateFunction };
}

export interface FuzzRequest {
  name: string;
  method: string;
  /** With its query, percent-encoded. */
  url: string;
  /** As it is sent; none for a request without. */
  body?: string;
  /** Set where the request cannot be right. */
  wrong?: Wrong;
}

interface Wrong {
  /** What the answer must name, if it can be told. */
  field?: string;
  /** The request with nothing broken in it. */
  unbroken: Pick<FuzzRequest, "url" | "body">;
}

interface Draft {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
  /** Chooses what is broken, if anything is. */
  mutation: { kind: "none" | "query" | "field" | "missing" | "shape" | "syntax"; at: number; value: unknown };
}

const wrongValues = [null, true, 7.5, "wrong\u0000", [[]], { wrong: {} }, [null]];

/** Requests of an operation: right by its schemas, or with one thing wrong. */
export function requestsOf(target: Target, universe: Universe): Arbitrary<FuzzRequest> {
  const at = (place: Parameter["in"]) => target.parameters.filter((parameter) => parameter.in === place);
  const values = (parameters: Parameter[]) =>
    fc.record(Object.fromEntries(parameters.map(({ name, schema }) => [name, universe.fields[name] ?? valuesOf(schema, universe)])), {
      requiredKeys: parameters.filter(({ required }) => required).map(({ name }) => name),
    });
  const kinds = ["none", "none", "none", "query", "field", "field", "missing", "shape", "syntax"] as const;
  const mutation = fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(1_000), value: fc.constantFrom(...wrongValues) });
  const body = target.body ? valuesOf(target.body.schema, universe) : fc.constant(undefined);
  return fc.record({ path: values(at("path")), query: values(at("query")), body, mutation }).map((draft) => toRequest(target, draft));
}

function toRequest(target: Target, draft: Draft): FuzzRequest {
  const path = target.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(toWellFormed(draft.path[name])) || "%20");
  const broken = brokenQuery(target, draft);
  const { wrong, ...sent } = broken ? { ...plainBody(target, draft.body), wrong: { field: broken.field } } : bodyOf(target, draft);
  const request = { name: target.name, method: target.method, ...sent };
  if (wrong === undefined) return { ...request, url: path + queryOf(draft.query) };
  // One thing is wrong at a time, and a directory can be.
  const { directory: _, ...query } = draft.query;
  const unbroken = { url: path + queryOf(query), ...plainBody(target, draft.body) };
  return { ...request, url: path + queryOf({ ...query, ...broken?.query }), wrong: { ...wrong, unbroken } };
}

/** With its question mark; empty for none. */
function queryOf(values: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) for (const item of [value].flat()) query.append(name, toWellFormed(item));
  return query.size === 0 ? "" : `?${query}`;
}

/** A query field that cannot hold free text, with free text. */
function brokenQuery({ parameters }: Target, { mutation }: Draft): { query: Record<string, unknown>; field: string } | undefined {
  const strict = parameters.filter(({ in: place, schema }) => place === "query" && !takesText(schema));
  const chosen = strict[mutation.at % Math.max(1, strict.length)];
  return mutation.kind === "query" && chosen ? { query: { [chosen.name]: "no such value" }, field: chosen.name } : undefined;
}

/** Whether any text may be sent: texts of a pattern are ids. */
function takesText({ type, enum: values, const: constant, anyOf, items }: JsonSchema): boolean {
  // One text is a list of one.
  if (type === "array") return isObject(items) && takesText(items);
  if (Array.isArray(anyOf)) return anyOf.some(takesText);
  return values === undefined && constant === undefined && [type].flat().includes("string");
}

interface Body {
  body?: string;
  wrong?: Omit<Wrong, "unbroken">;
}

function plainBody({ body }: Target, value: unknown): Body {
  return body === undefined ? {} : { body: JSON.stringify(value) };
}

function bodyOf(target: Target, { body: value, mutation }: Draft): Body {
  if (target.body === undefined) return {};
  const text = JSON.stringify(value);
  if (mutation.kind === "syntax") return { body: `${text.slice(0, -1)},,`, wrong: {} };
  const { schema, validate } = target.body;
  if (mutation.kind === "shape") return validate([["not it"]]) ? { body: text } : { body: '[["not it"]]', wrong: {} };
  const broken = isObject(value) && isObject(schema.properties) ? brokenField(value, { schema, validate, mutation }) : undefined;
  return broken ? { body: JSON.stringify(broken.value), wrong: { field: broken.field } } : { body: text };
}

/** The body with one of its fields wrong or missing; nothing if it would still be right, or was wrong before. */
function brokenField(
  value: JsonSchema,
  { schema, validate, mutation }: { schema: JsonSchema; validate: ValidateFunction; mutation: Draft["mutation"] },
): { value: JsonSchema; field: string } | undefined {
  const names = mutation.kind === "missing" ? [schema.required ?? []].flat().map(String) : Object.keys(schema.properties ?? {});
  const field = names[mutation.at % Math.max(1, names.length)];
  if (mutation.kind === "none" || mutation.kind === "query" || field === undefined || !validate(value)) return undefined;
  if (typeof mutation.value === "string" && isId((schema.properties as JsonSchema)[field])) return undefined;
  const { [field]: _old, ...rest } = value;
  const changed = mutation.kind === "missing" ? rest : { ...value, [field]: mutation.value };
  return validate(changed) ? undefined : { value: changed, field };
}

/** An id that cannot be is answered as one that is not there. */
function isId(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  return Array.isArray(schema.anyOf) ? schema.anyOf.some(isId) : typeof schema.pattern === "string";
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Half a surrogate pair has no percent-encoding.
const toWellFormed = (value: unknown): string => String(value).toWellFormed();
