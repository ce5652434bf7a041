import fuzzysort from "fuzzysort";
import type { ModelRef } from "../schema/message.ts";

/** The known `provider/model` names nearest to the one asked for, best first. Words count one by one, so that one mistyped word does not hide the rest. */
export function suggest(ref: ModelRef, known: string[], limit = 3): string[] {
  const words = `${ref.providerID}-${ref.modelID}`.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const scored = known.map((name) => ({ name, score: score(ref, words, name) }));
  return scored
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map((candidate) => candidate.name);
}

function score(ref: ModelRef, words: string[], name: string): number {
  const whole = fuzzysort.single(ref.modelID, name)?.score ?? 0;
  const found = words.map((word) => fuzzysort.single(word, name)?.score ?? 0);
  const average = found.reduce((sum, value) => sum + value, 0) / Math.max(1, words.length);
  return whole + average + (name.startsWith(`${ref.providerID}/`) ? 0.25 : 0);
}
