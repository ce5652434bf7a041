import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import type { AnyRouter } from "@trpc/server";
import { type Contract, contractOf } from "./contract.ts";

/** What a server on a port promises. */
interface Watched {
  contract: () => Contract;
  basePath: string;
  faults: string[];
}

const watched = new Map<number, Watched>();
let listens = false;

/**
 * Holds every REST answer of the server on this port against its own document: status, content type and body, and each event of a
 * stream. What does not fit is thrown on disposal, each fault with its request.
 */
export function checkAnswers({ url, router }: { url: string; router: AnyRouter }): Disposable {
  const { port, pathname } = new URL(url);
  const server: Watched = { contract: () => contractOf(router), basePath: pathname === "/" ? "" : pathname, faults: [] };
  watched.set(Number(port), server);
  if (!listens) subscribe("http.server.request.start", (message) => follow(message as Started));
  listens = true;
  return {
    [Symbol.dispose]() {
      watched.delete(Number(port));
      if (server.faults.length > 0) throw new Error(`Answers that GET /doc does not describe:\n${[...new Set(server.faults)].join("\n")}`);
    },
  };
}

interface Started {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

function follow({ request, response, server }: Started): void {
  const address = server.address();
  const place = typeof address === "object" && address !== null ? watched.get(address.port) : undefined;
  if (place === undefined || request.method === "OPTIONS" || request.method === "HEAD") return;
  const path = pathOf(request, place.basePath);
  // The web interface is files, no addresses of the API.
  if (path === undefined || path.startsWith("/trpc/") || path === "/" || /^\/web(\/|$)/.test(path)) return;
  const chunks = capture(response);
  response.once("finish", () => {
    const answer = { status: response.statusCode, type: String(response.getHeader("content-type") ?? ""), body: bodyOf(response, chunks) };
    for (const fault of place.contract().faults({ method: request.method ?? "", path, ...answer }))
      place.faults.push(`${request.method} ${request.url}: ${fault}`);
  });
}

/** Below the base path; none outside it, where the server has no addresses. */
function pathOf({ url = "" }: IncomingMessage, basePath: string): string | undefined {
  const [path = ""] = url.split("?");
  if (!path.startsWith(`${basePath}/`)) return undefined;
  return path.slice(basePath.length).replace(/(.)\/$/, "$1");
}

/** Everything that is written from now on. */
function capture(response: ServerResponse): Buffer[] {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === "string") chunks.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const { write, end } = response;
  response.write = ((...words: Parameters<typeof write>) => {
    keep(words[0]);
    return write.apply(response, words);
  }) as typeof write;
  response.end = ((...words: Parameters<typeof end>) => {
    keep(words[0]);
    return end.apply(response, words);
  }) as typeof end;
  return chunks;
}

function bodyOf(response: ServerResponse, chunks: Buffer[]): string {
  const bytes = Buffer.concat(chunks);
  return (response.getHeader("content-encoding") === "gzip" ? gunzipSync(bytes) : bytes).toString();
}
