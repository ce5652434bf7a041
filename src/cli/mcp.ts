import type { Api } from "./client.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure, oneLine } from "./failure.ts";
import { columns, harmless, print } from "./print.ts";
import { requirePerson } from "./security.ts";
import type { McpFlags } from "./served-flags.ts";

type Statuses = Awaited<ReturnType<Api["mcp"]["status"]["query"]>>;

/** `mcp list` tells how the servers do; `mcp add` writes one to the configuration and tries it. */
export async function mcp(flags: McpFlags, host: Host, api: Api): Promise<number> {
  if (flags.action === "add") return add(flags, host, api);
  const statuses = await api.mcp.status.query();
  print(host, statuses, flags.json ? undefined : describe(statuses));
  if (Object.keys(statuses).length === 0 && !flags.json)
    host.stderr.write("No MCP servers are configured: codeport mcp add <name> adds one.\n");
  return exitCodes.ok;
}

async function add(flags: McpFlags, host: Host, api: Api): Promise<number> {
  requirePerson(host);
  const [name, ...command] = flags.words;
  if (name === undefined) throw new Failure("usage", "Name the server: codeport mcp add <name> -- <command..>");
  const config = { mcp: { [name]: serverOf(command, flags) } };
  if (flags.global) await api.global.updateConfig.mutate({ config });
  else await api.config.update.mutate({ config });
  const status = (await api.mcp.status.query())[name];
  print(host, { name, status }, flags.json ? undefined : []);
  const told = describe(status === undefined ? {} : { [name]: status }).join("");
  if (!flags.json) host.stderr.write(`Added to ${flags.global ? "your" : "the project's"} configuration. ${told}\n`);
  return exitCodes.ok;
}

function serverOf(command: string[], { url, env, header }: McpFlags) {
  if ((url === undefined) === (command.length === 0)) {
    throw new Failure(
      "usage",
      "Give either a command behind -- or an address: codeport mcp add <name> -- <command..>, or --url <address>.",
    );
  }
  if (url === undefined) return { type: "local" as const, command, ...(env && { environment: pairs("env", env) }) };
  if (!/^https?:/.test(url) || !URL.canParse(url)) throw new Failure("usage", `--url needs an http or https address, not "${url}".`);
  return { type: "remote" as const, url, ...(header && { headers: pairs("header", header) }) };
}

function pairs(flag: string, given: string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw new Failure("usage", `--${flag} is written NAME=value, not "${pair}".`);
      return [name, value];
    }),
  );
}

function describe(statuses: Statuses): string[] {
  return columns(
    Object.entries(statuses).map(([name, status]) => [
      name,
      status.status === "needs_auth" ? "needs a login" : status.status.replaceAll("_", " "),
      "error" in status ? harmless(oneLine(status.error)) : "",
    ]),
  );
}
