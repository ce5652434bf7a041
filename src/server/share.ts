import { AppError } from "../schema/error.ts";
import type { SharedSession } from "../schema/share.ts";
import { callProcedure } from "./call.ts";
import { createContext } from "./context.ts";
import { type Endpoint, type Exchange, untilClosing } from "./exchange.ts";
import { sendPage } from "./page.ts";
import { drained } from "./pump.ts";
import { renderExport, renderShare, type ShareView, sharePolicy, viewOf } from "./share-page.ts";
import { writeStreamHeaders } from "./sse.ts";

/** `GET /share/{secret}`: a shared session as a page. Throws NotFoundError for a link that opens nothing. */
export const sharePage: Endpoint = async ({ host, request, response, params }) => {
  const secret = params.secret ?? "";
  const html = renderShare(await host.app.sessions.shared(secret), { address: `${host.basePath}/share/${encodeURIComponent(secret)}` });
  keepOut(response);
  sendPage(request, response, { html, policy: sharePolicy });
};

/** `GET /share/{secret}/export`: the page as a file that needs no server. Throws NotFoundError for a link that opens nothing. */
export const shareExport: Endpoint = async (exchange) => {
  sendFile(exchange, await exchange.host.app.sessions.shared(exchange.params.secret ?? ""));
};

/** `GET /session/{sessionID}/export`: the same of any session, for who may read it. */
export const sessionExport: Endpoint = async (exchange) => {
  const { host, request, principal, query, params } = exchange;
  const sessionID = params.sessionID ?? "";
  const context = createContext(host.app, { principal, headers: request.headers, query });
  // Asks for what the procedure asks for: the caller's scope and directories.
  await callProcedure(host, { name: "session.get", input: { sessionID }, context });
  sendFile(exchange, await host.app.sessions.readable(sessionID));
};

function sendFile({ request, response }: Exchange, shared: SharedSession): void {
  const name =
    shared.session.title
      .replace(/[^\w-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60) || "session";
  keepOut(response);
  response.setHeader("content-disposition", `attachment; filename="${name}.html"`);
  sendPage(request, response, { html: renderExport(shared), policy: "default-src 'none'; sandbox" });
}

/** Gone from caches when it is gone from here. */
function keepOut(response: Exchange["response"]): void {
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-robots-tag", "noindex");
}

/**
 * `GET /share/{secret}/live`: what changes on the page, as server-sent events. The id of each is the page's version; who names the newest (in the
 * query or as `Last-Event-ID`) is told only what comes. `gone` when the link ends. Throws NotFoundError for a link that opens nothing.
 */
export const shareLive: Endpoint = async (exchange) => {
  const { host, request, response, params, principal, query } = exchange;
  using _place = host.quota.subscribe(principal, "sse");
  using until = untilClosing(exchange);
  const shown = await host.app.sessions.followShared(params.secret ?? "", until.signal);
  const first = await shown.next();
  const known = String(request.headers["last-event-id"] ?? query.get("version"));
  writeStreamHeaders(response, host.stall);
  response.flushHeaders();
  if (request.method === "HEAD") return void response.end();
  const heartbeat = setInterval(() => response.writableNeedDrain || response.write(": still there\n\n"), host.heartbeat).unref();
  try {
    await tell(exchange, { first, shown, known, signal: until.signal });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.name === "NotFoundError") response.write('event: gone\ndata: {"gone":true}\n\n');
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
};

interface Following {
  first: IteratorResult<SharedSession, void>;
  shown: AsyncGenerator<SharedSession, void>;
  /** The version that the reader has. */
  known: string;
  signal: AbortSignal;
}

async function tell({ response }: Exchange, { first, shown, known, signal }: Following): Promise<void> {
  let before: ShareView | undefined;
  for (let next = first; !next.done && !signal.aborted; next = await shown.next()) {
    const view = viewOf(next.value);
    if (view.version !== (before?.version ?? known) && !response.write(frame(view, before))) await drained(response, signal);
    before = view;
  }
}

function frame({ title, working, articles, version }: ShareView, before: ShareView | undefined): string {
  const changed = [...articles].filter(([id, html]) => before?.articles.get(id) !== html);
  const data = { title, working, order: [...articles.keys()], articles: Object.fromEntries(changed) };
  return `id: ${version}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Whether a request is for what a share link opens: its secret stands for the password. */
export function isShared(method: string | undefined, path: string): boolean {
  return (method === "GET" || method === "HEAD") && path.startsWith("/share/");
}
