import type { Config } from "./config.ts";
import type { Provider } from "./provider.ts";

/** The configuration without secret values: what is left out is left out whole, so that writing the answer back keeps what is stored. */
export function withoutSecrets(config: Config): Config {
  return scrub(config, []) as Config;
}

/** What answers show of a list, and whether that leaves something out. */
export function visibleList(values: unknown[]): { shown: unknown[]; hides: boolean } {
  const shown = scrubList(values, []);
  return { shown, hides: JSON.stringify(shown) !== JSON.stringify(values) };
}

/** Whether an element of a list is what answers show of one that holds a secret: `--api-key=`, or `--api-key` with nothing behind it. */
export function isRemnant(element: unknown, next: unknown): boolean {
  if (typeof element !== "string") return false;
  const [, name = "", assigned] = /^(--?[\w-]+)(=?)$/.exec(element) ?? [];
  if (name === "" || !secretName.test(name)) return false;
  return assigned === "=" || next === undefined || (typeof next === "string" && next.startsWith("-"));
}

/** A provider without its key and whatever its options and headers carry. */
export function withoutProviderSecrets({ key: _key, ...provider }: Provider): Provider {
  const models = Object.entries(provider.models).map(([id, model]) => [
    id,
    { ...model, api: scrub(model.api, []), options: scrub(model.options, []), variants: scrub(model.variants, []), headers: {} },
  ]);
  return { ...provider, options: scrub(provider.options, ["options"]), models: Object.fromEntries(models) } as Provider;
}

/** Maps of values that go to a process or a server: any of them may be a secret. `*` is any name. */
const carriers = [
  ["options", "headers"],
  ["provider", "*", "options", "headers"],
  ["provider", "*", "models", "*", "headers"],
  ["mcp", "*", "headers"],
  ["server", "traces", "headers"],
  ["mcp", "*", "environment"],
  ["formatter", "*", "environment"],
  ["lsp", "*", "env"],
];

/** Below these (at the top, or in an agent), names are patterns, tools or aliases of the user's, and values are never secrets. */
const harmless = new Set(["permission", "tools", "command", "reference", "references"]);

/** Below these, names are a library's: whatever stands under a secret's name is one. Elsewhere such a name may be that of a server or a model. */
const free = new Set(["options", "variants", "initialization"]);

const secretName = /api[-_]?key|secret|token|passw|credential|authorization|private[-_]?key|access[-_]?key|bearer|cookie|^(key|auth)$/i;

function scrub(value: unknown, path: string[]): unknown {
  if (typeof value === "string") return scrubText(value);
  if (Array.isArray(value)) return scrubList(value, path);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, inner]) => !isSecret([...path, name], inner));
  return Object.fromEntries(kept.map(([name, inner]) => [name, scrub(inner, [...path, name])]));
}

function isSecret(path: string[], value: unknown): boolean {
  if (carriers.some((carrier) => carrier.length === path.length && carrier.every((name, at) => name === "*" || name === path[at])))
    return true;
  const parents = path.slice(0, -1);
  // `tokenURL` is the address of a token, not one.
  if (
    !secretName.test(path.at(-1) ?? "") ||
    /ur[li]$/i.test(path.at(-1) ?? "") ||
    parents.some((name, at) => at % 2 === 0 && harmless.has(name))
  )
    return false;
  return typeof value === "string" || (typeof value === "object" && parents.some((name) => free.has(name)));
}

/** `--api-key=VALUE` and `--api-key VALUE` of a command line lose the value. */
function scrubList(values: unknown[], path: string[]): unknown[] {
  const flag = (value: unknown): boolean => typeof value === "string" && /^--?[\w-]+$/.test(value) && secretName.test(value);
  return values
    .filter((_, at) => !flag(values[at - 1]))
    .map((value) => {
      const [, name] = typeof value === "string" ? (/^(--?[\w-]+)=/.exec(value) ?? []) : [];
      return name !== undefined && secretName.test(name) ? `${name}=` : scrub(value, path);
    });
}

/** An address without its user, its password, and query values that are named like secrets. */
function scrubText(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  const secrets = [...url.searchParams.keys()].filter((name) => secretName.test(name) || name === "key");
  if (url.username === "" && url.password === "" && secrets.length === 0) return text;
  url.username = "";
  url.password = "";
  for (const name of secrets) url.searchParams.delete(name);
  return url.href;
}
