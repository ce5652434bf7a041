import { isTerminal, readLine } from "./ask.ts";
import { openBrowser } from "./browser.ts";
import type { Api } from "./client.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure, oneLine } from "./failure.ts";
import { readInput } from "./input.ts";
import { columns, harmless, print } from "./print.ts";
import { askSecret } from "./secret.ts";
import { requirePerson } from "./security.ts";
import type { AuthFlags } from "./served-flags.ts";
import { suggestion } from "./words.ts";

type Method = Awaited<ReturnType<Api["provider"]["auth"]["query"]>>[string][number] & { number: number };

/** `auth list`, `auth login`, `auth logout`. */
export async function auth(flags: AuthFlags, host: Host, api: Api): Promise<number> {
  if (flags.action === "list") return list(flags, host, api);
  requirePerson(host);
  const provider = await named(flags, api);
  if (flags.action === "logout") {
    await api.auth.remove.mutate({ providerID: provider });
    host.stderr.write(`The credentials of ${provider} are forgotten here.\n`);
  } else {
    await login(provider, { flags, host, api });
    host.stderr.write(`${provider} is logged in.\n`);
  }
  print(host, { provider }, flags.json ? undefined : []);
  return exitCodes.ok;
}

/** Where each key comes from: `stored` here, a variable of the environment, or the configuration. Never the keys. */
async function list({ json }: AuthFlags, host: Host, api: Api): Promise<number> {
  const { all, connected } = await api.provider.list.query();
  const found = all.filter(({ id }) => connected.includes(id)).map(({ id, name, source }) => ({ id, name, source: sources[source] }));
  print(host, found, json ? undefined : columns(found.map(({ id, name, source }) => [id, source, harmless(name)])));
  return exitCodes.ok;
}

const sources = { api: "stored", env: "environment", config: "configuration", custom: "needs none" } as const;

async function named({ provider, action }: AuthFlags, api: Api): Promise<string> {
  if (provider !== undefined) return provider;
  const known = Object.keys(await api.provider.auth.query());
  throw new Failure("usage", `Name the provider: codeport auth ${action} <provider>, one of ${known.join(", ")}.`);
}

interface Login {
  flags: AuthFlags;
  host: Host;
  api: Api;
}

async function login(provider: string, { flags, host, api }: Login): Promise<void> {
  const methods = (await api.provider.auth.query())[provider]?.map((method, number) => ({ ...method, number }));
  if (methods === undefined) await warnUnknown(provider, host, api);
  const method = await choose(methods ?? [{ type: "api", label: "API key", number: 0 }], flags, host);
  if (method.type === "oauth") return loginInBrowser(provider, method, { flags, host, api });
  const key = (isTerminal(host) ? await askSecret(`Key of ${provider} (not shown): `, host) : await readInput(host)).trim();
  if (key === "") throw new Failure("usage", `No key was given: pipe it in, as in codeport auth login ${provider} < key.txt`);
  await api.auth.set.mutate({ providerID: provider, auth: { type: "api", key } });
}

async function warnUnknown(provider: string, { stderr }: Host, api: Api): Promise<void> {
  const ids = (await api.provider.list.query()).all.map(({ id }) => id);
  const hint = suggestion(provider, ids, "Its key counts once the configuration names it.");
  stderr.write(`warning: no provider "${provider}" is known.${hint}\n`);
}

/** The one that was named; else the only one; else a terminal is asked, and a script gets the key's. */
async function choose(methods: Method[], { method: wanted }: AuthFlags, host: Host): Promise<Method> {
  const lines = methods.map(({ label, number }) => `  ${number + 1}. ${label}`).join("\n");
  const pick = (text: string): Method => {
    const found = methods.find(({ number }) => String(number + 1) === text.trim());
    if (found === undefined)
      throw new Failure("usage", `There is no way "${oneLine(text)}" to log in; give a number from 1 to ${methods.length}.`);
    return found;
  };
  if (wanted !== undefined) return pick(wanted);
  const byKey = methods.find(({ type }) => type === "api");
  const [only, ...others] = methods;
  if (only !== undefined && others.length === 0) return only;
  if (isTerminal(host)) return pick((await readLine(`${lines}\nWhich way? `, host)) ?? "");
  if (byKey === undefined) throw new Failure("usage", `Choose a way to log in with --method:\n${lines}`);
  return byKey;
}

/** Begins the login at the server, which ends it itself, or with a code that the person brings back. */
async function loginInBrowser(provider: string, { number }: Method, { host, api }: Login): Promise<void> {
  const { url, method, instructions } = await api.provider.oauth.authorize.mutate({ providerID: provider, method: number });
  const opened = isTerminal(host) && (await openBrowser(url, host));
  host.stderr.write(`${harmless(instructions)}\n${opened ? "The browser opens" : "Visit"}: ${url}\n`);
  const code = method === "code" ? await codeOf(host) : undefined;
  await api.provider.oauth.callback.mutate({ providerID: provider, method: number, code });
}

async function codeOf(host: Host): Promise<string> {
  const code = (isTerminal(host) ? await askSecret("The code it shows (not shown here): ", host) : await readInput(host)).trim();
  if (code === "") throw new Failure("usage", "No code was given.");
  return code;
}
