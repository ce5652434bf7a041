import { TRPCError } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
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

/** An error that was met before tRPC was reached (walls, password), in the one shape and beside it in the envelope that tRPC's clients read. */
export function trpcErrorBody(error: AppError): object {
  const { code, status } = errorTable[error.name];
  const shape = {
    message: error.message,
    code: TRPC_ERROR_CODES_BY_KEY[code],
    data: { code, httpStatus: status, name: error.name, data: error.data },
  };
  return { ...error.toBody(), error: { json: shape } };
}
