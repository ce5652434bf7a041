import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { AppError } from "../schema/error.ts";
import { acceptsGzip } from "./answer.ts";
import { assetPath, assetSources } from "./asset-sources.ts";
import type { Endpoint } from "./exchange.ts";

const types: Record<string, string> = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

interface Asset {
  zipped: Buffer;
  tag: string;
}

const loaded = new Map<string, Promise<Asset>>();

/** `GET /doc/{file}`: a script or style of the pages. They are the same for everyone and hold nothing of anybody. Throws NotFoundError. */
export const assetEndpoint: Endpoint = async ({ request, response, params }) => {
  const name = params.file ?? "";
  if (!Object.hasOwn(assetSources, name)) {
    throw new AppError("NotFoundError", `There is no file ${name}; the pages have ${Object.keys(assetSources).join(", ")}.`);
  }
  const { zipped, tag } = await load(name);
  response.setHeader("etag", tag);
  // Asked for anew each time, and sent again only after an update.
  response.setHeader("cache-control", "no-cache");
  response.appendHeader("vary", "Accept-Encoding");
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304).end();
    return;
  }
  const isZipped = acceptsGzip(request);
  const body = isZipped ? zipped : gunzipSync(zipped);
  if (isZipped) response.setHeader("content-encoding", "gzip");
  response.writeHead(200, { "content-type": types[name.split(".").at(-1) ?? ""], "content-length": body.byteLength });
  response.end(request.method === "HEAD" ? undefined : body);
};

function load(name: string): Promise<Asset> {
  const known = loaded.get(name) ?? read(name);
  loaded.set(name, known);
  return known;
}

async function read(name: string): Promise<Asset> {
  const built = fileURLToPath(new URL(`./pages/${name}.gz`, import.meta.url));
  const zipped = existsSync(built) ? await readFile(built) : gzipSync(await readFile(assetPath(assetSources[name] ?? "")));
  return { zipped, tag: `"${createHash("sha256").update(zipped).digest("base64url").slice(0, 22)}"` };
}
