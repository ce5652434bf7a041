import type { CassetteOptions, CassettePlace } from "../cassette.ts";
import { isSecretName } from "../redact.ts";
import type { Namings } from "./names.ts";

/** A shorter text is no key, and would be found everywhere. */
const shortest = 8;

/** What stands in for what, in one directory: secrets of the environment, the stored logins and the configuration among it. */
export async function namingsOf(
  { env, credentials, places }: CassetteOptions,
  { directory, worktree, config }: CassettePlace,
): Promise<Namings> {
  const variables = Object.entries(env).filter(([name]) => /(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)$/i.test(name));
  const stored = Object.values(await credentials.list()).flatMap((auth) => textsOf(auth));
  const secrets = [...variables.map(([, value]) => value ?? ""), ...stored, ...secretsIn(config)];
  return {
    places: { ...places, ...(worktree === "/" ? {} : { worktree }), directory },
    secrets: [...new Set(secrets)].filter((secret) => secret.length >= shortest),
  };
}

/** All texts under a name that speaks of a secret. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => (isSecretName(name) ? textsOf(entry) : secretsIn(entry)));
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
