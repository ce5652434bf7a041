import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import type { ToolResult } from "../tool/tool.ts";

type Attachment = NonNullable<ToolResult["attachments"]>[number];
type Contents = { uri: string; mimeType?: string } & ({ text: string } | { blob: string });

/** What a model can look at beside text; anything else would make the provider refuse the conversation from then on. */
const visible = /^image\/(png|jpeg|gif|webp)$|^application\/pdf$/;

/** A tool's answer as the model is to have it: texts joined, what it can look at as attachments; structured content where there is no text. */
export function toToolResult({ content = [], structuredContent }: Partial<CallToolResult>): ToolResult {
  const { texts, attachments } = contentOf(content);
  const text = texts.filter((part) => part !== "").join("\n\n");
  const output = text === "" && structuredContent !== undefined ? JSON.stringify(structuredContent, null, 2) : text;
  return { title: "", output, metadata: {}, ...(attachments.length > 0 && { attachments }) };
}

/** Contents of a resource, or blocks of a prompt or an answer. */
export function contentOf(blocks: (ContentBlock | { type: "contents"; resource: Contents })[]): {
  texts: string[];
  attachments: Attachment[];
} {
  const texts: string[] = [];
  const attachments: Attachment[] = [];
  const add = (mime: string, base64: string, uri?: string): void => {
    const name = uri === undefined ? {} : { filename: filenameOf(uri) };
    if (visible.test(mime)) attachments.push({ mime, url: `data:${mime};base64,${base64}`, ...name });
    else texts.push(`[${[uri, mime, `${byteLength(base64)} bytes`].filter(Boolean).join(", ")}: cannot be shown]`);
  };
  for (const block of blocks) {
    if (block.type === "text") texts.push(block.text);
    else if (block.type === "image" || block.type === "audio") add(block.mimeType, block.data);
    else if (block.type === "resource_link") texts.push([`${block.name}: ${block.uri}`, block.description].filter(Boolean).join("\n"));
    else if ("text" in block.resource) texts.push(block.resource.text);
    else add(block.resource.mimeType ?? "application/octet-stream", block.resource.blob, block.resource.uri);
  }
  return { texts, attachments };
}

function filenameOf(uri: string): string {
  return uri.split(/[/\\]/).findLast((part) => part !== "") ?? uri;
}

function byteLength(base64: string): number {
  return Buffer.byteLength(base64, "base64");
}
