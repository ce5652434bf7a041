import { sendAnswer } from "./answer.ts";
import type { Endpoint, Host } from "./exchange.ts";

/** `GET /doc`: the OpenAPI document, made on the first request (the generator is slow to load) and kept. */
export function createDocument(host: Host): Endpoint {
  let document: Promise<string> | undefined;
  return async ({ request, response }) => {
    document ??= generate(host);
    await sendAnswer(request, response, { status: 200, json: await document });
  };
}

async function generate({ router, app, basePath }: Host): Promise<string> {
  const { buildDocument } = await import("./document.ts");
  return JSON.stringify(buildDocument(router, { version: app.version, basePath }));
}
