import { randomUUID } from "node:crypto";
import type { AnyProcedure } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { appRouter } from "../../routers/index.ts";
import type { Meta } from "../../routers/trpc.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

/** Their answers are the configuration as it is shown: secrets are taken out of it (src/schema/redact.ts). */
const redacted = new Set(["config.update", "config.provider", "config.model", "global.updateConfig"]);

interface Mutation {
  name: string;
  method: string;
  path: string;
  procedure: AnyProcedure;
  meta: Meta;
}

const procedures = appRouter._def.procedures as unknown as Record<string, AnyProcedure>;
const mutations = Object.entries(procedures).flatMap(([name, procedure]): Mutation[] => {
  const meta = procedure._def.meta as Meta | undefined;
  const isMutation = (procedure._def.type as string) === "mutation";
  // What waits for somebody else's answer would wait here for ever.
  if (!isMutation || meta?.openapi === undefined || meta.rest?.endless) return [];
  return [{ name, method: meta.openapi.method, path: meta.openapi.path, procedure, meta }];
});

/** An input that fits the schema, as far as it can be told from it: the fields that must be there, as small as they may be. */
function sample(schema: z.core.JSONSchema.BaseSchema): unknown {
  const { type, pattern } = schema;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const inner = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (inner) return sample(inner as z.core.JSONSchema.BaseSchema);
  if (type === "object") {
    const entries = (schema.required ?? []).map((field) => [
      field,
      sample((schema.properties?.[field] ?? {}) as z.core.JSONSchema.BaseSchema),
    ]);
    return Object.fromEntries(entries);
  }
  if (type === "array") return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items as z.core.JSONSchema.BaseSchema));
  if (type === "string") {
    const prefix = /^\^(\w+_)/.exec(pattern ?? "")?.[1];
    return prefix ? `${prefix}000000000000aaaaaaaaaaaaaa` : schema.format === "uri" ? "http://127.0.0.1:1/" : "sample";
  }
  if (type === "number" || type === "integer") return Math.max(schema.minimum ?? 1, 1);
  return type === "boolean" ? false : {};
}

function inputOf({ procedure, meta }: Mutation): Record<string, unknown> {
  const [parser] = procedure._def.inputs;
  if (parser === undefined) return {};
  const schema = z.toJSONSchema(parser as z.ZodType, { io: "input", unrepresentable: "any" });
  const input = sample(schema as z.core.JSONSchema.BaseSchema) as Record<string, unknown>;
  return meta.rest?.payload ? ((input[meta.rest.payload] ?? {}) as Record<string, unknown>) : input;
}

async function send(url: string, mutation: Mutation, key: string): Promise<{ status: number; text: string; replayed: boolean }> {
  const input = inputOf(mutation);
  const path = mutation.path.replace(/\{(\w+)(\.\.\.)?\}/g, (_whole, field: string) =>
    encodeURIComponent(String(input[field] ?? "sample")),
  );
  const body = Object.fromEntries(Object.entries(input).filter(([field]) => !mutation.path.includes(`{${field}`)));
  const response = await fetch(url + path, {
    method: mutation.method,
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), replayed: response.headers.has("idempotency-replayed") };
}

describe("every mutation that REST has, called twice with one Idempotency-Key", () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await testServer({ onError: () => {}, listen: { onFault: () => {} } });
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    "%s is done once and answered alike",
    async (_name, mutation) => {
      const key = randomUUID();
      const first = await send(test.url, mutation, key);
      const position = await test.app.log.position();
      const second = await send(test.url, mutation, key);
      if (mutation.meta.secret) expect([second.status, JSON.parse(second.text).data.reason]).toEqual([409, "secret"]);
      else expect({ status: second.status, text: second.text }).toEqual({ status: first.status, text: first.text });
      expect(await test.app.log.position()).toBe(position);
      // What was refused before it began has not used its key up.
      const isUnused =
        first.status === 409 || first.status === 503 || first.text.includes('"kind":"Payload"') || first.text.includes('"kind":"Query"');
      if (!isUnused && !mutation.meta.secret) expect(second.replayed).toBe(true);
    },
  );

  it("is begun for nearly all of them: the inputs made up here are good enough to prove it", async () => {
    expect(mutations.length).toBeGreaterThan(30);
  });

  it("says that its answer is a secret where it holds one", () => {
    const secret = /^(token|secret|password|apiKey|key)$/i;
    const unmarked = mutations.filter(({ name, procedure, meta }) => {
      const output = (procedure._def as { output?: z.ZodType }).output;
      if (output === undefined || meta.secret || redacted.has(name)) return false;
      const fields =
        JSON.stringify(z.toJSONSchema(output, { io: "output", unrepresentable: "any" })).match(/"(\w+)":\{"type":"string"/g) ?? [];
      return fields.some((field) => secret.test(field.slice(1, field.indexOf('"', 1))));
    });
    expect(unmarked.map(({ name }) => name)).toEqual([]);
  });
});
