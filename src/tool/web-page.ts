import { type PageDocument, type PageElement, type PageNode, parsePage } from "./web-dom.ts";

/** A page as its reader wants it. */
export type PageFormat = "markdown" | "text" | "html";

/** An article shorter than this is a wrong guess of what the page is about: then all of the page is taken. */
const shortestArticle = 250;

const unread = "script, style, noscript, template, iframe, object, embed, svg, canvas, form, dialog, [hidden], [aria-hidden=true]";
const furniture = "title, nav, header, footer, aside, [role=navigation], [role=banner], [role=contentinfo], [role=search]";

/**
 * The readable part of an HTML page: its article where it has one, else its body without what frames it. Links and images get whole
 * addresses. `base`: the page's own.
 */
export async function readablePage(html: string, base: URL, format: Exclude<PageFormat, "html">): Promise<string> {
  const document = await cleanPage(html, base);
  const title = document.querySelector("title")?.textContent?.trim() ?? "";
  const article = await findArticle(html, base);
  if (!article) for (const element of document.querySelectorAll(furniture)) element.remove();
  const holder = article ? (await parsePage(article.content)).body : document.body;
  if (holder === null) return title;
  const body = format === "markdown" ? await toMarkdown(holder) : toText(holder);
  return titled(body, article?.title || title, format);
}

async function cleanPage(html: string, base: URL): Promise<PageDocument> {
  const document = await parsePage(html);
  for (const element of document.querySelectorAll(unread)) element.remove();
  completeLinks(document, base);
  return document;
}

async function findArticle(html: string, base: URL): Promise<{ content: string; title: string } | undefined> {
  const { Readability } = await import("@mozilla/readability");
  // It knows a browser's document by name, which ours is as far as it reads it.
  const document = (await cleanPage(html, base)) as unknown as ConstructorParameters<typeof Readability>[0];
  const article = new Readability(document, { charThreshold: shortestArticle }).parse();
  if (!article?.content || (article.textContent?.trim().length ?? 0) < shortestArticle) return undefined;
  return { content: article.content, title: article.title?.trim() ?? "" };
}

function titled(body: string, title: string, format: string): string {
  const start = body.split("\n", 3).join("\n");
  if (title === "" || start.includes(title)) return body;
  return `${format === "markdown" ? `# ${title}` : title}\n\n${body}`;
}

function completeLinks(document: PageDocument, base: URL): void {
  const own = document.querySelector("base[href]")?.getAttribute("href");
  const root = own && URL.canParse(own, base.href) ? new URL(own, base).href : base.href;
  for (const [selector, name] of [
    ["a[href]", "href"],
    ["img[src]", "src"],
  ] as const) {
    for (const element of document.querySelectorAll(selector)) {
      const given = element.getAttribute(name) ?? "";
      if (given.startsWith("#") || given.startsWith("data:") || !URL.canParse(given, root)) continue;
      element.setAttribute(name, new URL(given, root).href);
    }
  }
}

function isInlinePicture(element: PageElement): boolean {
  return element.nodeName === "IMG" && (element.getAttribute("src") ?? "").startsWith("data:");
}

async function toMarkdown(content: PageElement): Promise<string> {
  const { default: Turndown } = await import("turndown");
  const turndown = new Turndown({ headingStyle: "atx", codeBlockStyle: "fenced", bulletListMarker: "-", emDelimiter: "*", hr: "---" });
  // A picture in the text itself is only letters to whoever reads it here.
  turndown.addRule("inline-pictures", {
    filter: (node) => isInlinePicture(node as PageElement),
    replacement: (_content, node) => (node as PageElement).getAttribute("alt") ?? "",
  });
  turndown.addRule("table-cell", { filter: ["th", "td"], replacement: (text) => ` ${text.replace(/\s+/g, " ").trim()} |` });
  turndown.addRule("table-row", { filter: "tr", replacement: (text, node) => `\n|${text}${ruleBelow(node as PageElement)}` });
  turndown.addRule("table", { filter: ["table"], replacement: (text) => `\n\n${text.trim()}\n\n` });
  turndown.addRule("table-part", { filter: ["thead", "tbody", "tfoot"], replacement: (text) => text });
  return turndown
    .turndown(content as unknown as Parameters<typeof turndown.turndown>[0])
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Markdown wants a rule below the first row. */
function ruleBelow(row: PageElement): string {
  const isFirst =
    row.previousElementSibling === null && (row.parentElement?.nodeName !== "TBODY" || row.parentElement.previousElementSibling === null);
  return isFirst ? `\n|${" --- |".repeat(row.children.length)}` : "";
}

/** Line ends around an element: 2 make a paragraph of it. */
const breaks = new Map<string, number>([
  ..."ADDRESS ARTICLE BLOCKQUOTE DL FIGURE H1 H2 H3 H4 H5 H6 HR OL P PRE SECTION TABLE UL".split(" ").map((name) => [name, 2] as const),
  ..."BR DD DIV DT LI MAIN TR".split(" ").map((name) => [name, 1] as const),
]);

function toText(content: PageElement): string {
  let text = "";
  let due = 0;
  const write = (piece: string, isKept: boolean): void => {
    const words = isKept ? piece : piece.replace(/\s+/g, " ");
    const added = !isKept && (due > 0 || text === "" || text.endsWith(" ")) ? words.trimStart() : words;
    if (added === "") return;
    if (due > 0 && text !== "") text = text.trimEnd() + "\n".repeat(due);
    due = 0;
    text += added;
  };
  const visit = (node: PageNode, isKept: boolean): void => {
    if (node.nodeType === 3) write(node.textContent ?? "", isKept);
    if (node.nodeType !== 1) return;
    const around = breaks.get(node.nodeName) ?? 0;
    due = Math.max(due, around);
    for (const child of node.childNodes) visit(child, isKept || node.nodeName === "PRE");
    if (node.nodeName === "TD" || node.nodeName === "TH") write("\t", true);
    due = Math.max(due, around);
  };
  visit(content, false);
  return text.trim();
}
