import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { AppError } from "../schema/error.ts";
import { acceptsGzip } from "./answer.ts";
import type { Endpoint, Exchange } from "./exchange.ts";
import { wantsPage } from "./negotiate.ts";
import { closedPolicy, pagePolicy, sendPage } from "./page.ts";

/** The page says itself under which address it lives. */
const policy = pagePolicy().replace("base-uri 'none'", "base-uri 'self'");

/**
 * `GET /web/{path...}`: the web interface, as the build left it. Its own files under their names; every other address below is a place in the
 * interface, and answered with the page, which reads the address. The files are the same for everyone and hold nothing of anybody, so they are
 * sent without a password: the page asks for it. Throws NotFoundError for an asset that is not there, and where nothing was built.
 */
export const webEndpoint: Endpoint = async (exchange) => {
  const name = exchange.params.path ?? "";
  const file = isFileName(name) ? await findFile(exchange.request, name) : undefined;
  if (file !== undefined) return sendFile(exchange, name, file);
  if (name.startsWith("assets/")) throw new AppError("NotFoundError", `There is no file /web/${name}: the page may be of another version.`);
  await sendIndex(exchange);
};

/** `GET /`: browsers are sent to the web interface. Throws NotFoundError for everyone else. */
export const rootEndpoint: Endpoint = async ({ host, request, response, query }) => {
  response.appendHeader("vary", "Accept");
  if (!wantsPage(request, query))
    throw new AppError("NotFoundError", "There is nothing at GET /. GET /doc lists every address.", { path: "/" });
  response.writeHead(302, { location: `${host.basePath}/web/`, "content-length": 0 }).end();
};

const types: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
  webmanifest: "application/manifest+json",
  json: "application/json",
  txt: "text/plain; charset=utf-8",
};

/** Where the build puts the page: beside the bundle, or, for the sources, in the checkout. */
function folder(): string {
  const beside = fileURLToPath(new URL("./web/", import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL("../../dist/web/", import.meta.url));
}

/** Names of the build's making alone: no step leads out of its folder, and what is hidden or of an unknown kind stays where it is. */
function isFileName(name: string): boolean {
  const extension = /^(?:[\w-]+\/)*[\w-][\w.-]*\.(\w+)$/.exec(name)?.[1];
  return extension !== undefined && Object.hasOwn(types, extension) && !name.includes("..");
}

interface File {
  bytes: Buffer;
  encoding?: string;
}

/** The file in the smallest form that the browser takes; undefined where there is none. */
async function findFile(request: IncomingMessage, name: string): Promise<File | undefined> {
  const path = `${folder()}${name}`;
  const forms = [...(acceptsBrotli(request) ? [["br", ".br"]] : []), ...(acceptsGzip(request) ? [["gzip", ".gz"]] : [])];
  for (const [encoding, ending] of forms) {
    const bytes = await read(`${path}${ending}`);
    if (bytes !== undefined) return { bytes, encoding };
  }
  const bytes = await read(path);
  return bytes && { bytes };
}

function acceptsBrotli({ headers }: IncomingMessage): boolean {
  return /\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(headers["accept-encoding"] ?? ""));
}

async function read(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function sendFile({ request, response }: Exchange, name: string, { bytes, encoding }: File): void {
  // The service worker asks for the page's files in its stead.
  if (name === "sw.js") response.setHeader("content-security-policy", `${closedPolicy}; connect-src 'self'`);
  response.appendHeader("vary", "Accept-Encoding");
  if (encoding !== undefined) response.setHeader("content-encoding", encoding);
  // An asset's name holds the hash of its content.
  if (name.startsWith("assets/")) response.setHeader("cache-control", "public, max-age=31536000, immutable");
  else if (isKnown(request, response, bytes)) return;
  response.writeHead(200, { "content-type": types[name.split(".").at(-1) ?? ""], "content-length": bytes.byteLength });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

/** Answers 304 to who has the content already; it is asked for anew each time. */
function isKnown(request: IncomingMessage, response: ServerResponse, content: Buffer | string): boolean {
  const tag = `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
  response.setHeader("etag", tag);
  response.setHeader("cache-control", "no-cache");
  if (request.headers["if-none-match"] !== tag) return false;
  response.writeHead(304).end();
  return true;
}

async function sendIndex({ host, request, response }: Exchange): Promise<void> {
  const index = await read(`${folder()}index.html`);
  if (index === undefined) throw new AppError("NotFoundError", "The web interface was not built: run npm run build:web.");
  const base = `${host.basePath}/web/`.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const html = index.toString().replace("<head>", `<head>\n<base href="${base}">`);
  response.setHeader("cross-origin-opener-policy", "same-origin");
  // An answer that the page is the same as before brings its policy again: browsers take that of the newest answer.
  response.setHeader("content-security-policy", policy);
  if (!isKnown(request, response, html)) sendPage(request, response, { html, policy });
}
