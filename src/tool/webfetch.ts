import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { AppError } from "../schema/error.ts";
import { defineTool, type Tool, type ToolContext, type ToolResult } from "./tool.ts";
import { type PageFormat, readablePage } from "./web-page.ts";
import type { WebOptions } from "./web-request.ts";
import description from "./webfetch.md";

const maximumBytes = 5 * 1024 * 1024;
const defaultSeconds = 30;
const maximumSeconds = 120;

const input = z.object({
  url: z.string().min(1, "must not be empty").describe("The address, beginning with http:// or https://"),
  format: z.enum(["markdown", "text", "html"]).optional().describe("How the page is returned (default markdown)"),
  timeout: z
    .number()
    .positive()
    .max(maximumSeconds)
    .optional()
    .describe(`Time limit in seconds (default ${defaultSeconds}, at most ${maximumSeconds})`),
});

interface Page {
  url: URL;
  mime: string;
  body: Buffer;
  contentType: string;
}

export function createWebfetch(options: WebOptions): Tool {
  return defineTool({
    id: "webfetch",
    description,
    input,
    repeatable: true,
    async execute({ url: given, format = "markdown", timeout = defaultSeconds }, context): Promise<ToolResult> {
      const url = parseUrl(given);
      const ask = (hop: URL) => askFor(hop, { format, timeout }, context);
      await ask(url);
      const page = await fetchPage(url, { ...options, format, timeout, ask, signal: context.signal });
      const result = await present(page, format);
      return { title: `${url.href} (${page.mime})`, metadata: {}, ...result };
    },
  });
}

function parseUrl(given: string): URL {
  const text = given.trim();
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new AppError("BadRequest", `url: "${given}" is not an address of the web. It must begin with http:// or https://.`);
  const url = new URL(text);
  url.hash = "";
  return url;
}

function askFor(url: URL, metadata: { format: PageFormat; timeout: number }, context: ToolContext): Promise<void> {
  return context.ask({
    permission: "webfetch",
    patterns: [url.href],
    always: [`${url.origin}/*`],
    metadata: { url: url.href, ...metadata },
  });
}

interface FetchOptions extends WebOptions {
  format: PageFormat;
  timeout: number;
  signal: AbortSignal;
  ask(url: URL): Promise<void>;
}

const accepted: Record<PageFormat, string> = {
  markdown: "text/markdown;q=1.0, text/html;q=0.9, text/plain;q=0.8, */*;q=0.1",
  text: "text/plain;q=1.0, text/markdown;q=0.9, text/html;q=0.8, */*;q=0.1",
  html: "text/html;q=1.0, application/xhtml+xml;q=0.9, */*;q=0.1",
};

/** The time limit covers all hops and the body; a person's thinking about a redirect does not count. */
async function fetchPage(start: URL, options: FetchOptions): Promise<Page> {
  const limit = new AbortController();
  let timer = setTimeout(() => limit.abort(), options.timeout * 1000);
  const onHop = async (url: URL) => {
    clearTimeout(timer);
    await options.ask(url);
    timer = setTimeout(() => limit.abort(), options.timeout * 1000);
  };
  // What speaks to the web is loaded by who does.
  const [{ requestPage }, { acceptedEncodings }] = await Promise.all([import("./web-request.ts"), import("./web-body.ts")]);
  const headers = {
    "user-agent": "Mozilla/5.0 (compatible; Codeport)",
    accept: accepted[options.format],
    "accept-language": "en, *;q=0.5",
    "accept-encoding": acceptedEncodings,
  };
  const signal = AbortSignal.any([options.signal, limit.signal]);
  try {
    const { url, response } = await requestPage({ ...options, url: start, headers, signal, onHop });
    return await readPage(url, response);
  } catch (error) {
    if (limit.signal.aborted && !options.signal.aborted)
      throw new AppError(
        "BadRequest",
        `${start.href} was not there within ${options.timeout} seconds. A longer timeout can be given, up to ${maximumSeconds}.`,
      );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function readPage(url: URL, response: IncomingMessage): Promise<Page> {
  const { statusCode = 0, statusMessage = "", headers } = response;
  if (statusCode < 200 || statusCode > 299) {
    response.destroy();
    throw new AppError("BadRequest", `${url.href} answered ${[statusCode, statusMessage].join(" ").trim()}.`);
  }
  const contentType = headers["content-type"] ?? "text/plain";
  const mime = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (!isShown(mime)) {
    response.destroy();
    throw new AppError(
      "BadRequest",
      `${url.href} is of type ${mime}, which cannot be shown. Download it with a command through the bash tool.`,
    );
  }
  const { readBody } = await import("./web-body.ts");
  return { url, mime, contentType, body: await readBody(response, maximumBytes) };
}

const attached = /^(image\/(png|jpeg|gif|webp)|application\/pdf)$/;
const textual = /^text\/|[/+](json|xml|javascript|ecmascript|yaml|toml|x-yaml|x-ndjson|x-sh|x-www-form-urlencoded|graphql|sql)$/;

const isShown = (mime: string): boolean => attached.test(mime) || textual.test(mime);

async function present({ url, mime, contentType, body }: Page, format: PageFormat): Promise<Pick<ToolResult, "output" | "attachments">> {
  if (attached.test(mime)) {
    const dataUrl = `data:${mime};base64,${body.toString("base64")}`;
    const filename = url.pathname.split("/").at(-1) || url.hostname;
    return {
      output: `${mime === "application/pdf" ? "PDF" : "Image"} fetched successfully.`,
      attachments: [{ mime, url: dataUrl, filename }],
    };
  }
  const { decodeText } = await import("./web-body.ts");
  const text = decodeText(body, contentType);
  const isPage = mime === "text/html" || mime === "application/xhtml+xml";
  const output = isPage && format !== "html" ? await readablePage(text, url, format) : text;
  return { output: output.trim() === "" ? "(The page holds no text.)" : output };
}
