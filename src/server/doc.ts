import { sendAnswer } from "./answer.ts";
import type { Endpoint, Host } from "./exchange.ts";
import { wantsPage } from "./negotiate.ts";
import { sendShell } from "./page-shell.ts";

/** `GET /doc`: the OpenAPI document, made on the first request (the generator is slow to load) and kept; to browsers a page that explores it. */
export function createDocument(host: Host): Endpoint {
  let document: Promise<string> | undefined;
  return async (exchange) => {
    const { request, response, query } = exchange;
    if (wantsPage(request, query)) return sendShell(exchange, explorer(host.basePath));
    document ??= generate(host);
    response.appendHeader("vary", "Accept");
    await sendAnswer(request, response, { status: 200, json: await document });
  };
}

async function generate({ router, app, basePath }: Host): Promise<string> {
  const { buildDocument } = await import("./document.ts");
  return JSON.stringify(buildDocument(router, { version: app.version, basePath }));
}

const explorer = (basePath: string) => ({
  title: "API explorer",
  styles: ["swagger-ui.css", "explorer.css"],
  libraries: ["swagger-ui.js"],
  scripts: ["explorer.js"],
  data: { document: `${basePath}/doc?format=json`, procedures: `${basePath}/trpc` },
});
