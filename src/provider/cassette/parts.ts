import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { mapTexts } from "./deep.ts";
import { faultOf, revive } from "./fault.ts";
import type { RecordedPart } from "./line.ts";
import type { Names } from "./names.ts";

interface Timed {
  at: number;
  part: LanguageModelV4StreamPart;
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** What the model said, ready for the file. A directory or an id that came in pieces is put together in the first of them. */
export function toRecorded(parts: Timed[], names: Names): RecordedPart[] {
  const whole = joinNames(parts, names);
  return whole.map(({ at, part }) => {
    if (part.type === "error") return { at, part: { type: "error", error: faultOf(part.error, names.put) } };
    return { at, part: mapTexts(part, names.put, toBase64) as RecordedPart["part"] };
  });
}

/** The same as the model said it here. */
export function fromRecorded({ part }: RecordedPart, names: Names): LanguageModelV4StreamPart {
  if (part.type === "error") return { type: "error", error: revive(part.error, names.restore) };
  const restored = mapTexts(part, names.restore) as Record<string, unknown>;
  // The one part with a date in it.
  if (restored.type === "response-metadata" && typeof restored.timestamp === "string") restored.timestamp = new Date(restored.timestamp);
  return restored as unknown as LanguageModelV4StreamPart;
}

function isDelta(part: LanguageModelV4StreamPart): part is Extract<LanguageModelV4StreamPart, { delta: string; id: string }> {
  return part.type === "text-delta" || part.type === "reasoning-delta" || part.type === "tool-input-delta";
}

function joinNames(parts: Timed[], names: Names): Timed[] {
  const blocks = new Map<string, { index: number; delta: string }[]>();
  for (const [index, { part }] of parts.entries()) {
    if (!isDelta(part)) continue;
    const key = `${part.type} ${part.id}`;
    blocks.set(key, [...(blocks.get(key) ?? []), { index, delta: part.delta }]);
  }
  const deltas = new Map<number, string>();
  for (const block of blocks.values()) {
    const pieces = block.map(({ delta }) => delta);
    const cut = recut(pieces, names.find(pieces.join("")));
    for (const [place, { index }] of block.entries()) deltas.set(index, cut[place] ?? "");
  }
  return parts.map(({ at, part }, index) => ({ at, part: isDelta(part) ? { ...part, delta: deltas.get(index) ?? "" } : part }));
}

/** The same text in as many pieces, none of which ends within one of the places. */
export function recut(pieces: string[], places: { start: number; end: number }[]): string[] {
  const text = pieces.join("");
  let end = 0;
  let from = 0;
  return pieces.map((piece) => {
    end += piece.length;
    const inside = places.find((place) => place.start < end && end < place.end);
    const to = Math.max(from, inside?.end ?? end);
    const result = text.slice(from, to);
    from = to;
    return result;
  });
}
