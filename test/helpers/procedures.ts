import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { appRouter } from "../../routers/index.ts";
import type { Meta } from "../../routers/trpc.ts";

export interface ListedProcedure {
  name: string;
  type: "query" | "mutation" | "subscription";
  meta: Meta;
  /** REST addresses with every parameter filled in; the first one is its own, the others are aliases. */
  addresses: { method: string; path: string }[];
}

const router: AnyRouter = appRouter;

/** Every procedure of the router, so that a test of all of them covers the next one by itself. */
export const listedProcedures: ListedProcedure[] = Object.entries<AnyProcedure>(router._def.procedures).map(([name, { _def }]) => {
  const meta = _def.meta as Meta;
  const own = meta.openapi && meta.openapi.enabled !== false ? [`${meta.openapi.method} ${meta.openapi.path}`] : [];
  return { name, type: _def.type, meta, addresses: [...own, ...(meta.rest?.aliases ?? [])].map(toAddress) };
});

function toAddress(text: string): { method: string; path: string } {
  const [method = "", path = ""] = text.split(" ");
  return { method, path: path.replaceAll(/\{(\w+)(?:\.\.\.)?\}/g, "x") };
}
