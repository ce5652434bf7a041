import { isIP } from "node:net";
import { AppError } from "../schema/error.ts";

/**
 * Who may speak to this server at all, decided from headers alone, before anything is read or executed. `Host` guards against DNS
 * rebinding, `Origin` against other people's web pages. Pure: the interfaces' addresses are passed in.
 */
export interface Walls {
  /** The refusal of a request, or nothing. */
  refuse(visitor: Visitor): AppError | undefined;
}

export interface Visitor {
  host?: string;
  origin?: string;
  /** `Sec-Fetch-Site` and `Sec-Fetch-Mode`, which pages cannot forge. */
  site?: string;
  mode?: string;
}

export interface WallOptions {
  /** The name the server was told to bind: one of its names. */
  hostname: string;
  /** Further names, with a port (only that port) or without. */
  allowedHosts: string[];
  /** Origins beside the defaults: `https://code.example.com`, `http://dev.test:*`, `https://*.example.com`. */
  cors: string[];
  /** Addresses of this machine's interfaces; asked each time, since machines change networks. */
  addresses: () => string[];
}

const defaultOrigins = [
  "http://localhost:*",
  "http://127.0.0.1:*",
  "tauri://localhost",
  "http://tauri.localhost",
  "https://tauri.localhost",
  "https://opencode.ai",
  "https://*.opencode.ai",
];

/** Throws ConfigInvalidError for a CORS entry that is not an origin. */
export function createWalls(options: WallOptions): Walls {
  const patterns = [...defaultOrigins, ...options.cors].map(originPattern);
  const listed = (origin: string) => patterns.some((pattern) => pattern.test(origin.toLowerCase()));
  return {
    refuse({ host, origin, site, mode }) {
      if (!isOurHost(host, options)) return foreignHost(host);
      if (origin !== undefined)
        return listed(origin) || isSameOrigin(origin, host) ? undefined : foreignPage(`Pages from "${origin}"`, { origin });
      // An <img> or <script> of a foreign page sends no Origin, only this.
      return site === "cross-site" && mode === "no-cors" ? foreignPage("Pages of another site", { site }) : undefined;
    },
  };
}

function isOurHost(host: string | undefined, options: WallOptions): boolean {
  const url = host === undefined ? undefined : parseUrl(`http://${host}`);
  if (host === undefined || url === undefined || !/^[\w.:[\]-]+$/.test(host)) return false;
  const name = url.hostname;
  const own = [options.hostname, ...options.allowedHosts].map((entry) => parseUrl(`http://${bracketed(entry)}`));
  if (isLoopback(name)) return true;
  if (own.some((entry) => entry !== undefined && entry.hostname === name && (entry.port === "" || entry.port === url.port))) return true;
  const address = unbracketed(name);
  return isIP(address) !== 0 && options.addresses().some((entry) => parseUrl(`http://${bracketed(entry)}`)?.hostname === name);
}

/** Whether a host name or address (IPv6 with or without brackets) can only be this machine. */
export function isLoopback(name: string): boolean {
  const address = unbracketed(name.toLowerCase());
  return address === "localhost" || address === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
}

function isSameOrigin(origin: string, host: string | undefined): boolean {
  const url = parseUrl(origin);
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) return false;
  return url.origin === origin.toLowerCase() && parseUrl(`${url.protocol}//${host}`)?.host === url.host;
}

/** An origin, matched whole: a port may be `*` (any), the name may begin with `*.` (one or more labels). */
function originPattern(entry: string): RegExp {
  const origin = entry.trim().toLowerCase().replace(/\/$/, "");
  if (!/^[a-z][a-z0-9+.-]*:\/\/(\*\.)?(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:(\d+|\*))?$/.test(origin)) {
    throw new AppError(
      "ConfigInvalidError",
      `"${entry}" is not an origin. CORS entries look like https://code.example.com or http://localhost:*.`,
    );
  }
  const escaped = origin.replace(/[.[\]+]/g, "\\$&");
  return new RegExp(`^${escaped.replace("*\\.", "([a-z0-9_-]+\\.)+").replace(/:\*$/, ":\\d{1,5}")}$`);
}

function foreignHost(host: string | undefined): AppError {
  const name = host === undefined ? "no name" : `"${host}"`;
  return new AppError("ForbiddenError", `This server does not go by ${name}. Start it with --allowed-host to add a name.`, { host });
}

function foreignPage(page: string, data: Record<string, unknown>): AppError {
  return new AppError("ForbiddenError", `${page} may not use this server. Start it with --cors to allow an origin.`, data);
}

const unbracketed = (name: string) => name.replace(/^\[(.*)\]$/, "$1");
const bracketed = (name: string) => (isIP(name) === 6 ? `[${name}]` : name);

function parseUrl(text: string): URL | undefined {
  return URL.parse(text) ?? undefined;
}
