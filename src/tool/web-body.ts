import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { AppError } from "../schema/error.ts";

const decoders: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export const acceptedEncodings = "gzip, deflate, br";

/** The whole body, unpacked. Throws BadRequest for more than `maximum` bytes, as soon as that is known, or for a packing it does not know. */
export async function readBody(response: IncomingMessage, maximum: number): Promise<Buffer> {
  const tooLarge = () => new AppError("BadRequest", `The answer is larger than ${maximum / 1024 / 1024} MB, which is the limit.`);
  try {
    if (Number(response.headers["content-length"] ?? 0) > maximum) throw tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of unpacked(response)) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > maximum) throw tooLarge();
      chunks.push(bytes);
    }
    return Buffer.concat(chunks);
  } finally {
    response.destroy();
  }
}

function unpacked(response: IncomingMessage): NodeJS.ReadableStream {
  const name = response.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (name === "identity" || name === "") return response;
  const decoder = decoders[name];
  if (!decoder) throw new AppError("BadRequest", `The answer is packed as "${name}", which cannot be unpacked here.`);
  // A failure reaches whoever reads the result.
  return pipeline(response, decoder(), () => {});
}

/** Bytes as text, in the encoding that the answer names, or the page in its head; UTF-8 otherwise. */
export function decodeText(body: Buffer, contentType: string): string {
  const named = /charset\s*=\s*"?([\w:.-]+)/i.exec(contentType)?.[1];
  const inside = /<meta[^>]+charset\s*=\s*["']?([\w:.-]+)/i.exec(body.subarray(0, 2048).toString("latin1"))?.[1];
  for (const label of [named, inside]) {
    if (label === undefined) continue;
    try {
      return new TextDecoder(label).decode(body);
    } catch {
      // Not an encoding that is known here: the next guess.
    }
  }
  return new TextDecoder().decode(body);
}
