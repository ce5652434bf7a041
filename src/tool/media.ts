import { open } from "node:fs/promises";

/** What a model can look at beside text, by its first bytes: names lie more often than content. */
const signatures: { mime: string; name: string; matches(head: Buffer): boolean }[] = [
  { mime: "image/png", name: "Image", matches: (head) => head.subarray(0, 8).toString("latin1") === "\x89PNG\r\n\x1a\n" },
  { mime: "image/jpeg", name: "Image", matches: (head) => head.subarray(0, 3).toString("latin1") === "\xff\xd8\xff" },
  { mime: "image/gif", name: "Image", matches: (head) => /^GIF8[79]a/.test(head.subarray(0, 6).toString("latin1")) },
  { mime: "image/webp", name: "Image", matches: (head) => /^RIFF.{4}WEBP/s.test(head.subarray(0, 12).toString("latin1")) },
  { mime: "application/pdf", name: "PDF", matches: (head) => head.subarray(0, 5).toString("latin1") === "%PDF-" },
];

const headBytes = 8 * 1024;

export type FileKind = { type: "text" } | { type: "binary" } | { type: "media"; mime: string; name: string };

export async function fileKind(file: string): Promise<FileKind> {
  const head = await readHead(file);
  const media = signatures.find((signature) => signature.matches(head));
  if (media) return { type: "media", mime: media.mime, name: media.name };
  return { type: looksBinary(head) ? "binary" : "text" };
}

/** A NUL byte never stands in text; neither do many control characters. */
function looksBinary(head: Buffer): boolean {
  if (head.includes(0)) return true;
  const control = head.filter((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27)).length;
  return control > head.length * 0.1;
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
