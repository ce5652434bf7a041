import { type AnyProcedure, TRPCError } from "@trpc/server";
import { type Context, fromTRPCError } from "../../routers/trpc.ts";
import { AppError, toAppError } from "../schema/error.ts";
import type { Host } from "./exchange.ts";

export interface Call {
  /** The procedure's path: `session.abort`. */
  name: string;
  input: unknown;
  context: Context;
  signal?: AbortSignal;
}

/** Calls a procedure as tRPC's own hosts do: scope, input and output are checked. Throws TRPCError. */
export function invoke(procedure: AnyProcedure, { name, input, context, signal }: Call): Promise<unknown> {
  const type = procedure._def.type;
  return procedure({ ctx: context, path: name, type, getRawInput: async () => input, signal, batchIndex: 0 });
}

/** As `invoke`, by name. Throws AppError: NotFoundError for a procedure that does not exist, and what the call throws. */
export async function callProcedure({ router }: Host, call: Call): Promise<unknown> {
  const procedure = (router._def.procedures as Record<string, AnyProcedure>)[call.name];
  if (procedure === undefined) throw new AppError("NotFoundError", `There is no procedure ${call.name}.`);
  try {
    return await invoke(procedure, call);
  } catch (error) {
    throw error instanceof TRPCError ? fromTRPCError(error) : toAppError(error);
  }
}
