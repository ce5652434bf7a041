import type { LookupAddress } from "node:dns";
import { lookup as systemLookup } from "node:dns/promises";
import { once } from "node:events";
import http, { type IncomingMessage, type RequestOptions } from "node:http";
import { isIP } from "node:net";
import { isProxied, knowsProxies, type Proxies } from "../proxy/proxy.ts";
import { AppError } from "../schema/error.ts";
import { isPublic } from "./web-address.ts";

export interface WebOptions {
  /** Addresses of this machine and its networks may be fetched too. */
  allowPrivate: boolean;
  /** Turns a name into its addresses; the system's resolver unless told. */
  lookup?(hostname: string): Promise<LookupAddress[]>;
  /** By which the web is reached, where this Node can do that. */
  proxies?: Proxies;
}

export interface WebRequest extends WebOptions {
  url: URL;
  headers: Record<string, string>;
  signal: AbortSignal;
  /** Called before a hop to another origin; throws to stop there. */
  onHop(url: URL): Promise<void>;
}

const maximumHops = 10;

/**
 * The final answer to a GET, redirects followed. Every hop is checked: http or https, no password in the address, and a public
 * address, to which the connection is then made without asking for the name again. Throws BadRequest, or ForbiddenError for an
 * address that is not public. The caller reads or destroys the answer.
 */
export async function requestPage(request: WebRequest): Promise<{ url: URL; response: IncomingMessage }> {
  let url = request.url;
  for (let hop = 0; hop <= maximumHops; hop++) {
    checkUrl(url);
    const response = await connect(url, request);
    const next = redirectOf(response, url);
    if (next === undefined) return { url, response };
    response.destroy();
    if (next.origin !== url.origin) {
      checkUrl(next);
      await request.onHop(next);
    }
    url = next;
  }
  throw new AppError("BadRequest", `${request.url.href} redirects more than ${maximumHops} times.`);
}

function checkUrl(url: URL): void {
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new AppError("BadRequest", `${url.href} is not an http or https address; nothing else is fetched.`);
  if (url.username !== "" || url.password !== "")
    throw new AppError("BadRequest", `The address of ${url.host} holds a user name or password, which would be shown. Leave them out.`);
}

function redirectOf(response: IncomingMessage, from: URL): URL | undefined {
  const { statusCode = 0, headers } = response;
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return undefined;
  if (!URL.canParse(headers.location, from.href)) {
    response.destroy();
    throw new AppError("BadRequest", `${from.href} redirects to "${headers.location}", which is no address.`);
  }
  return new URL(headers.location, from);
}

async function connect(url: URL, request: WebRequest): Promise<IncomingMessage> {
  const client = url.protocol === "https:" ? (await import("node:https")).default : http;
  const { proxies } = request;
  const way =
    proxies !== undefined && knowsProxies() && isProxied(url, proxies)
      ? await byProxy(url, { ...request, proxies }, client.Agent)
      : await directly(url, request);
  const options: RequestOptions = { headers: request.headers, signal: request.signal, ...way };
  return new Promise<IncomingMessage>((resolve, reject) => {
    client.get(url, options, resolve).on("error", reject);
  }).catch((cause: Error) => fail(url, request.signal, cause));
}

/** The proxy asks for the name's address. One that is known here to be private is refused all the same. */
async function byProxy(
  url: URL,
  request: WebRequest & { proxies: Proxies },
  Agent: typeof http.Agent,
): Promise<Pick<RequestOptions, "agent">> {
  const { lookup = lookupAll } = request;
  // A name that only the proxy can resolve is the rule where there is one.
  const known: WebRequest["lookup"] = (hostname) =>
    lookup(hostname).then(
      (found) => found,
      () => [somewhere],
    );
  await resolve(url, { ...request, lookup: known });
  return { agent: new Agent({ proxyEnv: { ...request.proxies } }) };
}

/** Stands for a public address that is not known. */
const somewhere = { address: "1.1.1.1", family: 4 };

async function directly(url: URL, request: WebRequest): Promise<Pick<RequestOptions, "agent" | "lookup">> {
  const addresses = await resolve(url, request);
  return {
    agent: false,
    // The addresses that were checked, and no others: the name could lead elsewhere when asked again.
    lookup: (_hostname, { all }, callback) => {
      const [first] = addresses;
      if (all) callback(null, addresses);
      else callback(null, first?.address ?? "", first?.family);
    },
  };
}

function fail(url: URL, signal: AbortSignal, cause: Error): never {
  signal.throwIfAborted();
  throw unreachable(url, cause);
}

/** The resolver itself cannot be stopped; nobody waits for it any more. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = once(signal, "abort", { signal: over.signal }).then(() => Promise.reject(signal.reason));
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
  }
}

async function resolve(url: URL, { allowPrivate, lookup = lookupAll, signal }: WebRequest): Promise<LookupAddress[]> {
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(hostname);
  const addresses =
    family === 0
      ? await unlessAborted(lookup(hostname), signal).catch((cause: Error) => fail(url, signal, cause))
      : [{ address: hostname, family }];
  if (addresses.length === 0) throw unreachable(url, new Error("its name has no address"));
  if (allowPrivate || addresses.every(({ address }) => isPublic(address))) return addresses;
  throw new AppError(
    "ForbiddenError",
    `${url.host} is an address of this machine or its networks, which is not fetched. If the user wants that, they can start the server with CODEPORT_WEBFETCH_PRIVATE=1; or use a command through the bash tool.`,
  );
}

function lookupAll(hostname: string): Promise<LookupAddress[]> {
  return systemLookup(hostname, { all: true });
}

function unreachable(url: URL, cause: Error): AppError {
  return new AppError("BadRequest", `${url.host} cannot be reached: ${cause.message || cause.name}.`, {}, { cause });
}
