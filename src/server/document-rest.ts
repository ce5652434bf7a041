import type { AnyProcedure } from "@trpc/server";
import type { OpenAPIObject } from "trpc-to-openapi";
import { metaOf } from "./rest.ts";

type Paths = NonNullable<OpenAPIObject["paths"]>;
type Operation = NonNullable<Paths[string]["get"]>;

const late =
  "Takes long: spaces before the JSON keep the connection alive, and an error that comes after the first of them has this status too, " +
  "with `ErrorBody` for a body.";

/** What a procedure's `rest` says of its operation: the whole body, the 204, the long answer, the aliases. */
export function applyRest(paths: Paths, procedure: AnyProcedure): void {
  const { openapi, rest } = metaOf(procedure) ?? {};
  const operation = openapi && paths[openapi.path]?.[openapi.method.toLowerCase() as "get"];
  if (operation === undefined || rest === undefined) return;
  applyPayload(operation, rest.payload);
  if (rest.status === 204) {
    const { "200": _ok, ...others } = operation.responses ?? {};
    operation.responses = { "204": { description: "Done; no body." }, ...others };
  }
  const ok = operation.responses?.["200"];
  if (rest.long && ok && "description" in ok) ok.description = late;
  // OpenAPI has no parameter of several segments.
  for (const [at, alias] of (rest.aliases ?? []).filter((address) => !address.includes("...")).entries()) {
    const [method = "", path = ""] = alias.split(" ");
    const summary = `Another address of ${openapi?.method} ${openapi?.path}`;
    const own = { ...operation, operationId: `${operation.operationId}.alias${at + 1}`, summary };
    paths[path] = { ...paths[path], [method.toLowerCase()]: own };
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
