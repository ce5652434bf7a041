import type { Endpoint } from "./exchange.ts";
import { renderShare, sharePolicy } from "./share-page.ts";

/** `GET /share/{secret}`: a shared session as a page. Throws NotFoundError for a link that opens nothing. */
export const sharePage: Endpoint = async ({ host, request, response, params }) => {
  const page = Buffer.from(renderShare(await host.app.sessions.shared(params.secret ?? "")));
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-length": page.byteLength,
    "content-security-policy": sharePolicy,
    // Gone from caches when it is gone from here.
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
  });
  response.end(request.method === "HEAD" ? undefined : page);
};

/** Whether a request is for what a share link opens: its secret stands for the password. */
export function isShared(method: string | undefined, path: string): boolean {
  return (method === "GET" || method === "HEAD") && path.startsWith("/share/");
}
