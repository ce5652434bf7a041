import type { Exchange } from "./exchange.ts";
import { pagePolicy, sendPage } from "./page.ts";

export interface Shell {
  title: string;
  /** Files of the pages (`assets.ts`). */
  styles: string[];
  scripts: string[];
  /** Scripts that are no modules and leave a global. */
  libraries?: string[];
  /** Told to the scripts, in this order of attributes: where things are on this server. */
  data: Record<string, string>;
}

/** Stricter than what pages may do: these draw nothing with inline styles. What scripts set on elements is none. */
const policy = pagePolicy().replace(" 'unsafe-inline'", "");

/** Sends a page whose content its scripts make, from this server's files alone. */
export function sendShell({ host, request, response }: Exchange, shell: Shell): void {
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("cache-control", "no-cache");
  response.appendHeader("vary", "Accept");
  sendPage(request, response, { html: render(shell, host.basePath), policy });
}

function render({ title, styles, scripts, libraries = [], data }: Shell, basePath: string): string {
  const file = (name: string) => escaped(`${basePath}/doc/${name}`);
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escaped(value)}"`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
${styles.map((name) => `<link rel="stylesheet" href="${file(name)}">`).join("\n")}
</head>
<body>
<main id="page"${attributes.join("")}><noscript>This page needs JavaScript; programs get JSON with ?format=json.</noscript></main>
${libraries.map((name) => `<script defer src="${file(name)}"></script>`).join("\n")}
${scripts.map((name) => `<script type="module" src="${file(name)}"></script>`).join("\n")}
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
