import { createHash } from "node:crypto";
import type { Part } from "../schema/part.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { SharedSession } from "../schema/share.ts";
import { shareScript } from "./share-script.ts";
import { shareStyle } from "./share-style.ts";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** A page to keep: it runs nothing, loads nothing, and its style is the one above. */
const closed = ["default-src 'none'", `style-src ${hashOf(shareStyle)}`, "img-src data:", "base-uri 'none'", "form-action 'none'"];

/** The page runs its one script, which hears from this server what changed, and is shown in no frame. */
export const sharePolicy = [...closed, "frame-ancestors 'none'", `script-src ${hashOf(shareScript)}`, "connect-src 'self'"].join("; ");

/** What a page of a shared session consists of, every text escaped. */
export interface ShareView {
  title: string;
  working: boolean;
  /** By the messages' ids, oldest first. */
  articles: Map<string, string>;
  /** The same for the same content. */
  version: string;
}

export function viewOf({ session: { title }, working, messages }: SharedSession): ShareView {
  const articles = new Map(messages.map((message) => [message.info.id, renderMessage(message)]));
  const content = JSON.stringify([title, working, ...articles.values()]);
  return { title, working, articles, version: createHash("sha256").update(content).digest("base64url").slice(0, 22) };
}

/** A shared session as a page to read, which goes on as long as the session does. `address`: its own, without a slash at the end. */
export function renderShare(shared: SharedSession, { address }: { address: string }): string {
  const view = viewOf(shared);
  return page(shared, {
    view,
    about: `<span id="state" role="status">${view.working ? "Working…" : ""}</span>\n<a href="${escaped(address)}/export" download>Download this page</a>`,
    script: `<script>${shareScript}</script>\n`,
  });
}

/** A session as one file, to keep and to hand on: it needs no server. */
export function renderExport(shared: SharedSession): string {
  const policy = `<meta http-equiv="content-security-policy" content="${escaped(closed.join("; "))}">\n`;
  return page(shared, { view: viewOf(shared), head: policy });
}

interface PageParts {
  view: ShareView;
  head?: string;
  about?: string;
  script?: string;
}

function page({ session }: SharedSession, { view, head = "", about = "", script = "" }: PageParts): string {
  const title = escaped(view.title);
  const created = new Date(session.time.created).toISOString();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${head}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${shareStyle}</style>
</head>
<body>
<header><h1>${title}</h1><p><time datetime="${created}">${created.slice(0, 16).replace("T", " ")} UTC</time>
${about}</p></header>
<main data-version="${view.version}">
${[...view.articles.values()].join("\n")}
</main>
${script}</body>
</html>
`;
}

function renderMessage({ info, parts }: MessageWithParts): string {
  const who = info.role === "user" ? "You" : `${info.agent} · ${info.providerID}/${info.modelID}`;
  const error = info.role === "assistant" && info.error ? [`<p class="error">${escaped(messageOf(info.error))}</p>`] : [];
  const content = [...parts.map(renderPart).filter((html) => html !== ""), ...error].join("\n");
  return `<article class="${info.role}" id="${escaped(info.id)}">\n<h2>${escaped(who)}</h2>\n${content}\n</article>`;
}

function renderPart(part: Part): string {
  switch (part.type) {
    case "text":
      return part.synthetic ? fold("What was attached", block(part.text)) : renderText(part.text);
    case "reasoning":
      return part.text === "" ? "" : fold("Thinking", `<p>${escaped(part.text)}</p>`);
    case "file":
      return renderFile(part);
    case "tool":
      return renderTool(part);
    case "agent":
      return `<p>@${escaped(part.name)}</p>`;
    case "subtask":
      return fold(`Task for ${part.agent}: ${part.description}`, `<p>${escaped(part.prompt)}</p>`);
    case "compaction":
      return "<p>The conversation was summarised here.</p>";
    default:
      return "";
  }
}

/** Fenced code stands out; the rest is as it was written. */
function renderText(text: string): string {
  return text
    .split(/^```[^\n`]*\n([\s\S]*?)^```[ \t]*$\n?/m)
    .map((piece, at) => (at % 2 === 1 ? block(piece) : piece.trim() === "" ? "" : `<p>${escaped(piece.trim())}</p>`))
    .join("");
}

/** Long ones scroll, by keys too. */
const block = (text: string): string => `<pre tabindex="0">${escaped(text)}</pre>`;

/** Pictures that hold no program are shown; of any other file the name. */
function renderFile({ filename = "file", mime, url }: Extract<Part, { type: "file" }>): string {
  const isPicture = /^data:image\/(png|jpeg|gif|webp|avif);base64,[a-z0-9+/=\s]*$/i.test(url);
  return isPicture ? `<img alt="${escaped(filename)}" src="${escaped(url)}">` : `<p>${escaped(filename)} (${escaped(mime)})</p>`;
}

function renderTool({ tool, state }: Extract<Part, { type: "tool" }>): string {
  const title = state.status === "completed" && state.title !== "" ? `${tool}: ${state.title}` : `${tool} (${state.status})`;
  const outcome = state.status === "completed" ? state.output : state.status === "error" ? state.error : "";
  const pictures = state.status === "completed" ? (state.attachments ?? []).map(renderFile) : [];
  const input = JSON.stringify(state.input, null, 2);
  return fold(title, [block(input), ...(outcome === "" ? [] : [block(outcome)]), ...pictures].join("\n"));
}

function fold(title: string, content: string): string {
  return `<details><summary>${escaped(title)}</summary>\n${content}\n</details>`;
}

function messageOf({ name, data }: { name: string; data: object }): string {
  return "message" in data ? `${name}: ${String(data.message)}` : name;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
