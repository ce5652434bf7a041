import type { AnyProcedure } from "@trpc/server";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { inject } from "vitest";
import { appRouter } from "../../routers/index.ts";
import { metaOf } from "../../src/server/rest.ts";
import type { JsonSchema, Universe } from "./arbitrary.ts";
import { type FuzzRequest, type Parameter, requestsOf, type Target } from "./fuzz-request.ts";
import { send } from "./host.ts";
import { type TestServer, testServer } from "./server.ts";

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { content?: object }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

/** Every operation of the served document but those whose answer does not end by itself: event streams, and what waits for somebody. */
export function fuzzTargets(): { targets: Target[]; schemas: Record<string, JsonSchema> } {
  const document: Document = JSON.parse(inject("served").document);
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false });
  ajv.addSchema(document, "doc");
  const targets = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method, operation]) => !isEndless(`${method.toUpperCase()} ${path}`, operation))
      .map(([method, operation]): Target => {
        const schema = operation.requestBody?.content["application/json"]?.schema;
        const pointer = `doc#/paths/${encodeURIComponent(path.replaceAll("/", "~1"))}/${method}/requestBody/content/application~1json/schema`;
        const body = schema && { schema: resolved(schema, document), validate: ajv.compile({ $ref: pointer }) };
        return {
          name: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          path,
          parameters: operation.parameters ?? [],
          body,
        };
      }),
  );
  return { targets, schemas: document.components.schemas };
}

function resolved(schema: JsonSchema, document: Document): JsonSchema {
  return typeof schema.$ref === "string" ? (document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {}) : schema;
}

function isEndless(address: string, { responses }: Operation): boolean {
  if ("text/event-stream" in (responses[200]?.content ?? {})) return true;
  return Object.values(appRouter._def.procedures as unknown as Record<string, AnyProcedure>).some((procedure) => {
    const { openapi, rest } = metaOf(procedure) ?? {};
    return rest?.endless === true && `${openapi?.method} ${openapi?.path}` === address;
  });
}

export interface FuzzReport {
  seed: number;
  sent: number;
  /** How often each status was answered. */
  statuses: Record<number, number>;
  /** What a request was answered that it should not have been, each with the request. */
  faults: string[];
  /** Requests that were wrong, by a rule that the document does not tell, before anything was broken in them: that fault may be named too. */
  unclear: string[];
}

/** Requests between two looks at what there is, and to one server. */
const round = 200;
const each = 2_000;

/** Sends so many generated requests to a server whose agent may do nothing, in an empty repository. Its answers are also held against the document. */
export async function fuzz({ count, seed }: { count: number; seed: number }): Promise<FuzzReport> {
  const surface = fuzzTargets();
  const report: FuzzReport = { seed, sent: 0, statuses: {}, faults: [], unclear: [] };
  for (let at = 0; at < count; at += each) {
    try {
      await fuzzServer(surface, { count: Math.min(each, count - at), seed: seed + at }, report);
    } catch (error) {
      report.faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return report;
}

/** A server of its own for some of the requests: what they leave behind does not pile up. */
async function fuzzServer(
  { targets, schemas }: ReturnType<typeof fuzzTargets>,
  { count, seed }: { count: number; seed: number },
  report: FuzzReport,
): Promise<void> {
  // Requests make settings that name what is not there; that is told to the log, and no fault of an answer. Some write to the log themselves.
  const quiet = { onError: () => {}, serverLog: { quiet: true } };
  await using server = await testServer({ config: { permission: "deny", share: "manual" }, ...quiet });
  for (let at = 0; at < count; at += round) {
    const universe = { schemas, fields: await fieldsOf(server) };
    const arbitrary = fc.oneof(...targets.map((target) => requestsOf(target, universe)));
    for (const request of fc.sample(arbitrary, { numRuns: Math.min(round, count - at), seed: seed + at }))
      await check(server, request, report);
  }
}

async function check(server: TestServer, request: FuzzRequest, report: FuzzReport): Promise<void> {
  while (server.model.remaining() < 20) server.model.text("All right.");
  const { method, url, body, wrong } = request;
  const answer = await ask(server, request);
  report.sent += 1;
  report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1;
  const fault = faultOf(answer, wrong);
  if (fault === undefined) return;
  const isUnclear = wrong !== undefined && answer.status === 400 && (await wasWrongBefore(server, { method, ...wrong.unbroken }, answer));
  report[isUnclear ? "unclear" : "faults"].push(
    `${fault}: ${method} ${url} ${body ?? ""}\n  ${answer.status} ${answer.text.slice(0, 600)}`,
  );
}

type Answer = Awaited<ReturnType<typeof send>>;

function ask(server: TestServer, { method, url, body }: Pick<FuzzRequest, "method" | "url" | "body">): Promise<Answer> {
  return send(server.url + url, { method, body, headers: { "content-type": "application/json" } });
}

/** Whether the request without what was broken in it is refused for the field that was named. */
async function wasWrongBefore(server: TestServer, unbroken: Parameters<typeof ask>[1], named: Answer): Promise<boolean> {
  const answer = await ask(server, unbroken);
  return answer.status === 400 && fieldOf(answer) === fieldOf(named);
}

const fieldOf = ({ json }: Answer): string => String((json as { data?: { field?: unknown } }).data?.field);

function faultOf(answer: Answer, wrong: FuzzRequest["wrong"]): string | undefined {
  if (answer.status >= 500) return "a fault of the server";
  if (wrong === undefined) return undefined;
  if (answer.status !== 400) return "what cannot be right was not refused";
  if (wrong.field === undefined) return undefined;
  const field = fieldOf(answer);
  return field === wrong.field || field.startsWith(`${wrong.field}.`)
    ? undefined
    : `the wrong field is ${wrong.field}, and ${field} was named`;
}

/** Ids that exist beside ids that do not, and names that lead nowhere outside: no command that does something, no address that answers. */
async function fieldsOf({ app, repository }: TestServer): Promise<Universe["fields"]> {
  const sessions = await Promise.all([1, 2, 3].map((at) => app.sessions.create(repository.path, { title: `Session ${at}` })));
  const known = sessions.map(({ id }) => id);
  const session = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, fc.constantFrom("ses_unknown", "default"));
  const names = fc.constantFrom("mock", "nope", "ünknown", "a/b");
  const nowhere = fc.constantFrom("http://127.0.0.1:1/", "http://127.0.0.1:1/a b");
  return {
    sessionID: session,
    sessionId: session,
    parentID: session,
    providerID: names,
    provider: names,
    modelID: fc.constantFrom("mock-1", "nope"),
    agent: fc.constantFrom("build", "plan", "nope"),
    name: fc.constantFrom("mock", "bash", "read", "nope", "ünknown"),
    command: fc.constantFrom("true", "false", "init", "nope"),
    directory: fc.constantFrom(repository.path, "/etc", ".", "nowhere"),
    ...Object.fromEntries(["url", "baseURL", "endpoint", "api", "enterpriseUrl"].map((name) => [name, nowhere])),
  };
}
