import type { App } from "../app.ts";
import type { Instance } from "../instance.ts";
import type { Config } from "../schema/config.ts";

/**
 * What a started server says on stderr: the model, the store, the roots, what the trusted configuration will run, and every warning
 * of reading it. One line each.
 */
export async function announcement(app: App): Promise<string[]> {
  const instance = await app.instance(app.directory);
  return [
    ...(await modelLines(instance)),
    `database: ${app.database}`,
    `roots: ${app.roots.join(", ")}`,
    ...runs(instance.config.config).map((line) => `configuration runs ${line}`),
    ...instance.config.warnings.map((warning) => `warning: ${warning}`),
  ];
}

async function modelLines({ providers }: Instance): Promise<string[]> {
  const { providerID, modelID } = await providers.defaultModel();
  const line = `model: ${providerID}/${modelID}`;
  if (providerID !== "offline") return [line];
  return [`${line} (a command model without AI; to connect one, ${howToConnect})`];
}

/** Said wherever only the offline model is left. */
export const howToConnect = "set OPENAI_API_KEY or ANTHROPIC_API_KEY, or add a provider to opencode.json";

/** Commands and endpoints that a configuration names: what its reader trusts when the server starts. */
export function runs(config: Config): string[] {
  const lines: string[] = [];
  for (const [name, server] of Object.entries(config.mcp ?? {})) {
    if ("command" in server && server.enabled !== false) lines.push(`mcp ${name}: ${server.command.join(" ")}`);
    if ("url" in server && server.enabled !== false) lines.push(`mcp ${name}: ${server.url}`);
  }
  for (const [section, entries] of [["lsp", config.lsp] as const, ["formatter", config.formatter] as const]) {
    if (typeof entries !== "object") continue;
    for (const [name, entry] of Object.entries(entries)) {
      if ("command" in entry && entry.command && !entry.disabled) lines.push(`${section} ${name}: ${entry.command.join(" ")}`);
    }
  }
  for (const [name, command] of Object.entries(config.command ?? {})) {
    for (const [, shell] of command.template.matchAll(/!`([^`]+)`/g)) lines.push(`command /${name}: ${shell}`);
  }
  for (const [name, provider] of Object.entries(config.provider ?? {})) {
    const url = provider.options?.baseURL;
    if (typeof url === "string") lines.push(`provider ${name}: ${url}`);
  }
  return lines;
}
