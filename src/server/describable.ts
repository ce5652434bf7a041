import type { AnyProcedure, AnyRouter } from "@trpc/server";
import type { OpenApiRouter } from "trpc-to-openapi";
import { z } from "zod";
import { metaOf } from "./rest.ts";

/**
 * A view of the router for the document generator, which refuses query fields that are neither text nor number nor boolean (such as
 * `true | "true"`). Those are shown to it as text that documents itself with their real schema. The router itself stays untouched.
 */
export function describable(router: AnyRouter): OpenApiRouter {
  const procedures = Object.entries<AnyProcedure>(router._def.procedures).map(([name, procedure]) => [name, view(procedure)]);
  return { _def: { procedures: Object.fromEntries(procedures) } } as unknown as OpenApiRouter;
}

function view(procedure: AnyProcedure): unknown {
  const method = metaOf(procedure)?.openapi?.method;
  const inputs = procedure._def.inputs.map((input) => (input instanceof z.ZodObject && inQuery(method) ? queryView(input) : input));
  return { ...procedure, _def: { ...procedure._def, inputs } };
}

function inQuery(method: string | undefined): boolean {
  return method === "GET" || method === "DELETE";
}

function queryView(input: z.ZodObject): z.ZodObject {
  return z.object(Object.fromEntries(Object.entries(input.shape).map(([name, field]) => [name, fieldView(field)])));
}

function fieldView(field: z.core.$ZodType): z.core.$ZodType {
  const optional = z.safeParse(field, undefined).success;
  const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
  if (!(inner instanceof z.ZodUnion) && !(inner instanceof z.ZodArray)) return field;
  const { $schema: _dialect, ...schema } = z.toJSONSchema(inner, { io: "input", unrepresentable: "any" });
  const override = ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
    delete jsonSchema.type;
    Object.assign(jsonSchema, schema);
  };
  const text = z.string().meta({ override });
  return optional ? text.optional() : text;
}
