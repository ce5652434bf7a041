import { createHash } from "node:crypto";
import type { Part } from "../schema/part.ts";
import type { MessageWithParts } from "../schema/prompt.ts";
import type { SharedSession } from "../schema/share.ts";

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:50rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
article{margin:1.5rem 0;padding-left:1rem;border-left:3px solid #8888}
article.user{border-color:#3b82f6}
h2{font-size:.85rem;margin:0;opacity:.7}
p,pre{white-space:pre-wrap;margin:.5rem 0}
pre{padding:.5rem;background:#8882;font-size:.85rem}
summary{cursor:pointer}
img{max-width:100%}
.error{color:#dc2626}`;

/** The page runs nothing, loads nothing, and is shown in no frame; its style is the one above. */
export const sharePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A shared session as a page to read: no script, every text escaped. */
export function renderShare({ session, messages }: SharedSession): string {
  const title = escaped(session.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${title}</h1><p>${escaped(new Date(session.time.created).toISOString())}</p></header>
<main>
${messages.map(renderMessage).join("\n")}
</main>
</body>
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
      return part.synthetic ? fold("What was attached", `<pre>${escaped(part.text)}</pre>`) : `<p>${escaped(part.text)}</p>`;
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
  return fold(
    title,
    [`<pre>${escaped(input)}</pre>`, ...(outcome === "" ? [] : [`<pre>${escaped(outcome)}</pre>`]), ...pictures].join("\n"),
  );
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
