/** Why a call failed, in the server's words where it has some. */
export function reasonOf(error: unknown): string {
  const body = at(at(error, "meta"), "responseJSON");
  const told = at(body, "message");
  if (typeof told === "string") return told;
  if (error instanceof Error && nameOf(error) === undefined && error.cause instanceof TypeError) return "The server cannot be reached.";
  return error instanceof Error ? error.message : String(error);
}

export const isNotFound = (error: unknown): boolean => nameOf(error) === "NotFoundError";

const nameOf = (error: unknown): unknown => at(at(error, "data"), "name");

function at(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}
