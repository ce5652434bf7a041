import { resolve } from "node:path";
import type { Token } from "../schema/token.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure } from "./failure.ts";
import { type TokenFlags, toLifetime } from "./manage-flags.ts";
import { date, print } from "./print.ts";
import { commandLine, requirePerson, type Security } from "./security.ts";

/** `token create`, `token list`, `token revoke`. The secret goes to stdout alone, so that it can be piped to where it is kept. */
export async function token(flags: TokenFlags, host: Host, { tokens }: Pick<Security, "tokens">): Promise<number> {
  if (flags.action === "list") {
    const list = await tokens.list();
    print(host, list, flags.json ? undefined : list.map(describe));
    return exitCodes.ok;
  }
  if (flags.action === "revoke") {
    if (flags.id === undefined) throw new Failure("usage", "Name the token: codeport token revoke tok_… (codeport token list shows them).");
    const revoked = await tokens.revoke(flags.id, commandLine);
    print(host, revoked, flags.json ? undefined : [describe(revoked)]);
    return exitCodes.ok;
  }
  return await create(flags, host, { tokens });
}

async function create(flags: TokenFlags, host: Host, { tokens }: Pick<Security, "tokens">): Promise<number> {
  requirePerson(host);
  const { scope, name } = flags;
  if (scope === undefined) throw new Failure("usage", "Say what the token may do: --scope read, prompt or admin.");
  const lifetime = toLifetime(flags.expires ?? "30d");
  const directories = flags.directory?.map((directory) => resolve(host.directory, directory));
  const expires = lifetime === undefined ? undefined : Date.now() + lifetime;
  const made = await tokens.create({ scope, name, directories, expires }, commandLine);
  print(host, { ...made.token, secret: made.secret }, flags.json ? undefined : [made.secret]);
  if (!flags.json) host.stderr.write(`${describe(made.token)}\nThe secret is not shown again. Send it as Authorization: Bearer.\n`);
  return exitCodes.ok;
}

function describe({ id, name, scope, directories, expires, revoked }: Token): string {
  const end = revoked === undefined ? (expires === undefined ? "does not expire" : `until ${date(expires)}`) : `revoked ${date(revoked)}`;
  return [id, scope, end, directories?.join(", ") ?? "all directories", name].filter((field) => field !== "").join("  ");
}
