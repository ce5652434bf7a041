import { useQuery } from "@tanstack/react-query";
import { serverAddress } from "../../app/base.ts";
import { authorization } from "../../app/login.ts";
import type { JsonSchema } from "../../ui/form-fields.ts";

export interface Procedure {
  /** `session.create`. */
  path: string;
  type: "query" | "mutation" | "subscription";
  scope?: string;
  summary?: string;
  description?: string;
  /** `POST /session`. */
  rest?: string;
  operationId?: string;
  payload?: string;
  tag?: string;
  /** Without one it takes no input. */
  input?: JsonSchema;
  output?: JsonSchema;
}

/** Every procedure of the server. They change with its version only. */
export function useProcedures() {
  return useQuery({ queryKey: ["procedures"], queryFn: load, staleTime: Number.POSITIVE_INFINITY });
}

async function load({ signal }: { signal: AbortSignal }): Promise<Procedure[]> {
  const response = await fetch(`${serverAddress}/trpc?format=json`, { headers: authorization(), signal });
  if (!response.ok) throw new Error(`The server answered ${response.status} when it was asked for its procedures.`);
  return response.json();
}

/** The rows of the list: the procedures that have every word of the search, under the first part of their names. */
export function rowsOf(procedures: readonly Procedure[], search: string): ({ group: string } | { procedure: Procedure })[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = procedures.filter(({ path, rest = "", summary = "", type }) => {
    const text = `${path} ${rest} ${summary} ${type}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const groups = Map.groupBy(found, ({ path }) => path.split(".")[0] ?? path);
  return [...groups].flatMap(([group, members]) => [{ group }, ...members.map((procedure) => ({ procedure }))]);
}
