import type { Endpoint } from "./exchange.ts";
import { sendPage } from "./page.ts";
import { renderShare, sharePolicy } from "./share-page.ts";

/** `GET /share/{secret}`: a shared session as a page. Throws NotFoundError for a link that opens nothing. */
export const sharePage: Endpoint = async ({ host, request, response, params }) => {
  const html = renderShare(await host.app.sessions.shared(params.secret ?? ""));
  // Gone from caches when it is gone from here.
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-robots-tag", "noindex");
  sendPage(request, response, { html, policy: sharePolicy });
};

/** Whether a request is for what a share link opens: its secret stands for the password. */
export function isShared(method: string | undefined, path: string): boolean {
  return (method === "GET" || method === "HEAD") && path.startsWith("/share/");
}
