import type { ProviderAuthMethod } from "../schema/provider.ts";
import { loginWays, needsKey } from "./connection.ts";
import type { Entry } from "./entry.ts";

/** How one can log in, as clients see it and by which way it goes. */
export type LoginMethod = { way: "browser" | "device" | "key"; shown: ProviderAuthMethod };

/** The ways to log in at a provider, in a fixed order: clients name them by their place in this list. */
export function loginMethods(entry: Entry): LoginMethod[] {
  const labels = { browser: `Log in to ${entry.name} in the browser`, device: `Log in to ${entry.name} with a code, on any device` };
  return [...loginWays(entry).map((way) => method(way, labels[way])), ...(needsKey(entry) ? [method("key", "API key")] : [])];
}

function method(way: LoginMethod["way"], label: string): LoginMethod {
  return { way, shown: { type: way === "key" ? "api" : "oauth", label } };
}
