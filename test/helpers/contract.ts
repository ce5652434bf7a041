import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { inject } from "vitest";
import { buildDocument } from "../../src/server/document.ts";
import { metaOf } from "../../src/server/rest.ts";
import { createRouteTable } from "../../src/server/routes.ts";

/** One answer, as it was sent. */
interface Answer {
  method: string;
  /** Below the base path, percent-encoded. */
  path: string;
  status: number;
  /** The content type. */
  type: string;
  body: string;
}

/** A server's document, to hold its answers against. */
export interface Contract {
  /** What the document does not say of this answer; none if it fits. */
  faults(answer: Answer): string[];
}

type Media = Record<string, object>;

interface Operation {
  operationId: string;
  responses: Record<string, { description: string; content?: Media }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
}

const contracts = new Map<string, Contract>();

/** The contract of a router, made once for all routers with the same procedures. */
export function contractOf(router: AnyRouter): Contract {
  const names = Object.keys(router._def.procedures).join(" ");
  const known = contracts.get(names) ?? createContract(documentOf(router, names), deepAliases(router));
  contracts.set(names, known);
  return known;
}

/** The product's own document is made once for all test files (`test/document.setup.ts`). */
function documentOf(router: AnyRouter, names: string): Document {
  const served = inject("served");
  return JSON.parse(served.procedures === names ? served.document : JSON.stringify(buildDocument(router, { version: "0", basePath: "" })));
}

/** Addresses with a parameter of several segments, which a document cannot name, each with its main address. */
function deepAliases(router: AnyRouter): { alias: string; main: string }[] {
  return Object.values<AnyProcedure>(router._def.procedures).flatMap((procedure) => {
    const { openapi, rest } = metaOf(procedure) ?? {};
    const aliases = (rest?.aliases ?? []).filter((alias) => alias.includes("..."));
    return aliases.map((alias) => ({ alias, main: `${openapi?.method} ${openapi?.path}` }));
  });
}

function createContract(document: Document, deep: { alias: string; main: string }[]): Contract {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, addUsedSchema: false });
  ajv.addSchema(document, "doc");
  const validators = new Map<string, ValidateFunction>();
  const table = createRouteTable<{ operation: Operation; pointer: string }>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const value = { operation, pointer: `doc#/paths/${escaped(path)}/${method}/responses` };
      table.add(method.toUpperCase(), path, value);
      for (const { alias } of deep.filter(({ main }) => main === `${method.toUpperCase()} ${path}`)) {
        const [verb = "", address = ""] = alias.split(" ");
        table.add(verb, address, value);
      }
    }
  }
  const check = (pointer: string, text: string): string[] => {
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: pointer });
    validators.set(pointer, validate);
    const value = parsed(text);
    if (value === undefined) return [`the body is not JSON: ${text.slice(0, 200)}`];
    return validate(value) ? [] : [`${ajv.errorsText(validate.errors?.slice(0, 5))} in ${text.slice(0, 1_000)}`];
  };
  return { faults: (answer) => faultsOf(answer, table, check) };
}

function faultsOf(
  answer: Answer,
  table: ReturnType<typeof createRouteTable<{ operation: Operation; pointer: string }>>,
  check: (pointer: string, text: string) => string[],
): string[] {
  const found = find(table, answer);
  // An address that there is not: still the one shape.
  if (found === undefined) return answer.status < 400 ? ["has no operation"] : check("doc#/components/schemas/ErrorBody", answer.body);
  const { operation, pointer } = found;
  const response = operation.responses[answer.status];
  const named = `${operation.operationId} answered ${answer.status}`;
  if (response === undefined) return [`${named}, which its responses do not list (meta.errors): ${answer.body.slice(0, 300)}`];
  const media = answer.type.split(";")[0]?.trim() ?? "";
  if (response.content === undefined) return answer.body === "" ? [] : [`${named} with a body`];
  if (!(media in response.content)) return [`${named} as "${media}"`];
  const at = `${pointer}/${answer.status}/content/${escaped(media)}/schema`;
  return bodies(media, answer.body)
    .flatMap((body) => (isLateError(response.description, body, check) ? [] : check(at, body)))
    .map((fault) => `${named}: ${fault}`);
}

function find<Value>(table: ReturnType<typeof createRouteTable<Value>>, { method, path }: Answer): Value | undefined {
  try {
    return table.find(method, path).value;
  } catch {
    return undefined;
  }
}

/** What is JSON in an answer: the whole, or the data of each complete frame of a stream. */
function bodies(media: string, body: string): string[] {
  if (media === "application/json") return [body];
  if (media !== "text/event-stream") return [];
  const frames = body.split("\n\n").slice(0, -1);
  return frames.flatMap((frame) =>
    frame
      .split("\n")
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice("data:".length)),
  );
}

/** A long call that failed after its first byte answers the error with the status it had begun with. */
function isLateError(description: string, body: string, check: (pointer: string, text: string) => string[]): boolean {
  return description.includes("ErrorBody") && body.startsWith(" ") && check("doc#/components/schemas/ErrorBody", body).length === 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const escaped = (segment: string): string => encodeURIComponent(segment.replaceAll("~", "~0").replaceAll("/", "~1"));
