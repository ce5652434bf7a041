import type { TRPCError } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";
import type { Outcome } from "../src/idempotency/idempotency.ts";
import { AppError, type ErrorName, isShutdown } from "../src/schema/error.ts";

type Result = { ok: true; data: unknown } | { ok: false; error: TRPCError };

/** What is kept of a procedure's result, so that it can be given again. */
export function outcomeOf(result: Result, options: { signal: AbortSignal | undefined; toFault(error: TRPCError): AppError }): Outcome {
  if (result.ok) return { kind: "answer", text: superjson.stringify({ data: result.data }) };
  if (result.error.code === "BAD_REQUEST" && result.error.cause instanceof z.core.$ZodError) return { kind: "none" };
  if (options.signal?.aborted && !(result.error.cause instanceof AppError)) return { kind: "open" };
  const error = options.toFault(result.error);
  // The next server goes on with it, and has the answer.
  if (isShutdown(error)) return { kind: "open" };
  const { name, message, data } = error;
  return { kind: "fault", error, text: superjson.stringify({ error: { name, message, data } }) };
}

type Stored = { data: unknown } | { error: { name: ErrorName; message: string; data: Record<string, unknown> } };

/** The result of a procedure that is not called again, in tRPC's own form. Throws the stored fault. */
export function replayed(text: string): { ok: true; data: unknown; marker: "middlewareMarker"; replayed: true } {
  const stored = superjson.parse<Stored>(text);
  if ("error" in stored) throw new AppError(stored.error.name, stored.error.message, stored.error.data);
  return { ok: true, data: stored.data, marker: "middlewareMarker", replayed: true };
}

/** The session that an input names, whose content the answer may hold. */
export function sessionIn(input: unknown): string | undefined {
  const id = typeof input === "object" && input !== null && "sessionID" in input ? input.sessionID : undefined;
  return typeof id === "string" && id.startsWith("ses_") ? id : undefined;
}
