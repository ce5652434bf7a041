import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/client.ts";

/** Whether the server lets this login change settings; undefined until it has said. */
export function useMayChange(): boolean | undefined {
  const { data, error } = useQuery(useApi().token.list.queryOptions());
  if (data !== undefined) return true;
  return error !== null && isForbidden(error) ? false : undefined;
}

/** Whether the login's scope is not enough for what was asked. */
export function isForbidden(error: unknown): boolean {
  const data = typeof error === "object" && error !== null && "data" in error ? error.data : undefined;
  return typeof data === "object" && data !== null && "httpStatus" in data && data.httpStatus === 403;
}
