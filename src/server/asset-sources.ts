import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** The files of the pages and where their sources are: beside this file, or in a package. The build puts them all, compressed, in `dist/pages`. */
export const assetSources: Record<string, string> = {
  "explorer.js": "./pages/explorer.js",
  "explorer.css": "./pages/explorer.css",
  "procedures.js": "./pages/procedures.js",
  "procedure-form.js": "./pages/procedure-form.js",
  "procedure-call.js": "./pages/procedure-call.js",
  "procedures.css": "./pages/procedures.css",
  "swagger-ui.js": "swagger-ui-dist/swagger-ui-bundle.js",
  "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
};

/** Where a source is in a checkout. */
export function assetPath(source: string): string {
  return source.startsWith("./") ? fileURLToPath(new URL(source, import.meta.url)) : createRequire(import.meta.url).resolve(source);
}
