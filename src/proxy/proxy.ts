import http from "node:http";

/** The proxies of an environment, in the words of Node. */
export interface Proxies {
  http_proxy?: string;
  https_proxy?: string;
  no_proxy: string;
}

/** Calls to this machine go to nobody else, whatever NO_PROXY says. Node's `fetch` knows no ranges, its other clients do. */
const loopback = ["localhost", "127.0.0.1", "127.0.0.1-127.255.255.255", "::1", "[::1]"];

/** What HTTP_PROXY, HTTPS_PROXY and NO_PROXY say, the lower-case names first, as with curl. Undefined when there is no proxy. */
export function proxiesOf(env: NodeJS.ProcessEnv): Proxies | undefined {
  const [forHttp, forHttps] = [env.http_proxy || env.HTTP_PROXY, env.https_proxy || env.HTTPS_PROXY];
  if (!forHttp && !forHttps) return undefined;
  const excepted = [env.no_proxy || env.NO_PROXY, ...loopback].filter(Boolean).join(",");
  return { ...(forHttp && { http_proxy: forHttp }), ...(forHttps && { https_proxy: forHttps }), no_proxy: excepted };
}

/**
 * From now on this process calls others by the proxies: `fetch` and Node's own clients, and so all that models, logins and MCP servers are asked.
 * Gives a function that takes it back. Throws Error with what would work where this Node cannot.
 */
export function callByProxies(proxies: Proxies): () => void {
  if (!knowsProxies()) {
    throw new Error(
      `HTTP_PROXY needs Node 24.14 or newer; this is ${process.versions.node}, which calls without it. NODE_USE_ENV_PROXY=1 helps from Node 22.21 on.`,
    );
  }
  return http.setGlobalProxyFromEnv({ ...proxies });
}

export function knowsProxies(): boolean {
  return typeof http.setGlobalProxyFromEnv === "function";
}

/** Whether a call of this address goes by a proxy. Entries of NO_PROXY: `*`, names with all below them, `.suffix`, `name:port`, addresses and ranges of them. */
export function isProxied(url: URL, proxies: Proxies): boolean {
  const proxy = url.protocol === "https:" ? proxies.https_proxy : proxies.http_proxy;
  if (proxy === undefined) return false;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return !proxies.no_proxy
    .split(/[\s,]+/)
    .some((entry) => entry !== "" && matches(entry.toLowerCase(), { host: url.hostname.toLowerCase(), port }));
}

function matches(entry: string, { host, port }: { host: string; port: string }): boolean {
  if (entry === "*" || entry === host) return true;
  const range = /^([\d.]+)-([\d.]+)$/.exec(entry);
  if (range) return isBetween(host, range[1] ?? "", range[2] ?? "");
  const [, name = "", only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  return name !== "" && (host === name || host.endsWith(`.${name}`));
}

function isBetween(host: string, low: string, high: string): boolean {
  const at = numberOf(host);
  return at !== undefined && at >= (numberOf(low) ?? Number.POSITIVE_INFINITY) && at <= (numberOf(high) ?? -1);
}

function numberOf(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
