import type { IncomingMessage, ServerResponse } from "node:http";

/** What answers that are no pages may load or be put in: nothing. */
export const closedPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The content policy of a page of ours: its own files and this server, nothing else. `script`: hashes or nonces of inline scripts
 * (`'sha256-…'`); styles may be inline, since pages are drawn by libraries that set them.
 */
export function pagePolicy({ script = [] }: { script?: string[] } = {}): string {
  return [
    closedPolicy,
    ["script-src", "'self'", ...script].join(" "),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
  ].join("; ");
}

/** Sends a page with its policy. Headers that every answer has are set before. */
export function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  page: { html: string; policy?: string; status?: number },
): void {
  const bytes = Buffer.from(page.html);
  response.writeHead(page.status ?? 200, {
    "content-type": "text/html; charset=utf-8",
    "content-length": bytes.byteLength,
    "content-security-policy": page.policy ?? pagePolicy(),
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}
