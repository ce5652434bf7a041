import { TRPCError } from "@trpc/server";
import { AppError, errorTable } from "../schema/error.ts";

/** Runs what may throw an AppError where tRPC expects its own. */
export function asTRPC<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw error instanceof AppError ? toTRPC(error) : error;
  }
}

export function toTRPC(error: AppError): TRPCError {
  return new TRPCError({ code: errorTable[error.name].code, message: error.message, cause: error });
}
