import type { ProviderAuthMethod } from "../schema/provider.ts";
import { needsKey } from "./connection.ts";
import type { Entry } from "./entry.ts";

/** How one can log in, as clients see it and by which way it goes. */
export type LoginMethod = { way: "browser" | "device" | "key"; shown: ProviderAuthMethod };

/** The ways to log in at a provider, in a fixed order: clients name them by their place in this list. */
export function loginMethods(entry: Entry): LoginMethod[] {
  const { oauth } = entry;
  const browser = oauth?.clientID !== undefined && oauth.authorizationURL !== undefined && oauth.tokenURL !== undefined;
  const device = oauth?.clientID !== undefined && oauth.deviceURL !== undefined && oauth.tokenURL !== undefined;
  return [
    ...(browser ? [method("browser", `Log in to ${entry.name} in the browser`)] : []),
    ...(device ? [method("device", `Log in to ${entry.name} with a code, on any device`)] : []),
    ...(needsKey(entry) ? [method("key", "API key")] : []),
  ];
}

function method(way: LoginMethod["way"], label: string): LoginMethod {
  return { way, shown: { type: way === "key" ? "api" : "oauth", label } };
}
