import { browseMdns, type FoundServer, resolveMdns } from "../server/mdns.ts";
import type { Host } from "./env.ts";
import { exitCodes, Failure } from "./failure.ts";
import { columns, harmless, print } from "./print.ts";

/** How servers of the local network are looked for. */
export interface Multicast {
  resolve(name: string): Promise<string | undefined>;
  browse(): Promise<FoundServer[]>;
}

const network: Multicast = { resolve: resolveMdns, browse: browseMdns };
const scheme = "opencode://";
const start = "codeport serve --mdns announces one";

/**
 * `opencode://NAME.local` (or `:PORT` behind it, or `opencode://opencode-4096`) as the address of the server that answers to it; `opencode://`
 * alone as that of the only one there is; any other address as it is. What was found is said on stderr. Throws Failure "connect" when nobody
 * answers, "usage" when several could be meant.
 */
export async function discovered(address: string, { stderr }: Pick<Host, "stderr">, multicast = network): Promise<string> {
  if (!address.startsWith(scheme) || !URL.canParse(address)) return address;
  const { host, username, password } = new URL(address);
  const url = host === "" ? await onlyOne(multicast) : await named(host, multicast);
  stderr.write(`${host === "" ? "found" : host}: ${harmless(url)}\n`);
  const found = new URL(url);
  return Object.assign(found, { username, password }).href;
}

async function named(host: string, { resolve, browse }: Multicast): Promise<string> {
  const url = await resolve(host);
  if (url !== undefined) return url;
  const others = await browse();
  const known = others.length === 0 ? start : `these are there: ${others.map(({ name }) => scheme + harmless(name)).join(", ")}`;
  throw new Failure("connect", `No server in the local network answers to ${host}: ${known}.`);
}

async function onlyOne({ browse }: Multicast): Promise<string> {
  const [first, ...others] = await browse();
  if (first === undefined) throw new Failure("connect", `No server in the local network announces itself: ${start}.`);
  if (others.length === 0) return first.url;
  const all = [first, ...others].map(({ name, url }) => `${scheme}${harmless(name)} (${harmless(url)})`);
  throw new Failure("usage", `Several servers announce themselves; name one: ${all.join(", ")}.`);
}

/** `attach --list`: the servers that announce themselves in the local network. */
export async function listServers({ json }: { json?: boolean }, host: Host, { browse }: Multicast = network): Promise<number> {
  const found = await browse();
  print(host, found, json ? undefined : columns(found.map((server) => [server.name, server.host, server.url].map(harmless))));
  if (found.length === 0 && !json) host.stderr.write(`No server in the local network announces itself: ${start}.\n`);
  return exitCodes.ok;
}
