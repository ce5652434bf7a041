import type { OpenAPIObject } from "trpc-to-openapi";
import { type ErrorName, errorTable } from "../schema/error.ts";

type Components = NonNullable<NonNullable<OpenAPIObject["components"]>["schemas"]>;
type Responses = NonNullable<NonNullable<NonNullable<OpenAPIObject["paths"]>[string]["get"]>["responses"]>;

/** Component names: the errors' own, unless a message's error has that name already. */
const componentNames: Partial<Record<ErrorName, string>> = {
  BadRequest: "BadRequestError",
  UnknownError: "InternalServerError",
  ProviderAuthError: "ProviderAuthRequestError",
};

const componentOf = (name: ErrorName): string => componentNames[name] ?? name;

const descriptions: Record<number, string> = {
  400: "The request is not valid; `data.field` names the field.",
  401: "A password or a token is needed, or the one sent is wrong.",
  403: "Not allowed: a foreign page or host, a missing scope, or a directory outside the roots.",
  404: "There is no such thing.",
  409: "It conflicts with what is going on.",
  413: "The body is too large.",
  414: "The address is too long.",
  431: "The headers are too large.",
  422: "The `Idempotency-Key` was used before, with another request.",
  429: "Too much at once; `Retry-After` says when to come again.",
  500: "A fault of the server. Its log has the details.",
  503: "Something this depends on is not available.",
};

interface Call {
  address: string;
  body: boolean;
  directory: boolean;
  /** Asks nobody who they are. */
  open: boolean;
  /** Its own, beside those of every call like it. */
  thrown?: readonly ErrorName[];
}

/** What a call can answer with beside its success, by what is known of it. */
export function errorNames(call: Call): ErrorName[] {
  const names: ErrorName[] = ["BadRequest", "ForbiddenError", "UriTooLongError", "HeadersTooLargeError", "UnknownError"];
  if (!call.open) names.push("UnauthorizedError", "TooManyRequestsError");
  // Any call that works in a directory reads its configuration, which may be broken, and the directory may not exist.
  if (call.directory) names.push("ConfigInvalidError", "NotFoundError");
  if (call.address.includes("{")) names.push("NotFoundError");
  // Whatever changes something takes an Idempotency-Key.
  if (call.body) names.push("PayloadTooLargeError", "ConflictError", "IdempotencyKeyError", "StorageFullError");
  return [...new Set([...names, ...(call.thrown ?? [])])];
}

/** The answers of these errors, by status. */
export function errorResponses(names: readonly ErrorName[]): Responses {
  const statuses = [...new Set(names.map((name) => errorTable[name].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const schemas = names.filter((name) => errorTable[name].status === status).map((name) => ({ $ref: reference(name) }));
      const schema = schemas.length === 1 ? schemas[0] : { anyOf: schemas };
      return [String(status), { description: descriptions[status] ?? "An error.", content: { "application/json": { schema } } }];
    }),
  );
}

/** A component for each of the errors, and the shape that they share. */
export function errorComponents(names: Iterable<ErrorName>): Components {
  const named = [...new Set(names)].sort().map((name) => [componentOf(name), component(name)]);
  return { ErrorBody: errorBody, ...Object.fromEntries(named) };
}

const reference = (name: ErrorName): string => `#/components/schemas/${componentOf(name)}`;

const errorBody: Components[string] = {
  type: "object",
  description: "Every error: its name, what is wrong and what would work, and details. `data.message` repeats `message`.",
  properties: {
    name: { type: "string" },
    message: { type: "string" },
    data: { type: "object", properties: { message: { type: "string" } }, required: ["message"], additionalProperties: {} },
    _tag: { type: "string", description: "The name again, where OpenCode's clients look for it." },
  },
  required: ["name", "message", "data"],
  additionalProperties: {},
};

function component(name: ErrorName): Components[string] {
  const { status, tagged } = errorTable[name];
  const own = { type: "string" as const, const: name };
  return {
    description: `Sent with status ${status}.`,
    allOf: [
      { $ref: "#/components/schemas/ErrorBody" },
      {
        type: "object",
        properties: { name: own, ...(tagged && { _tag: own }) },
        required: ["name", ...(tagged ? ["_tag"] : [])],
      },
    ],
  };
}
