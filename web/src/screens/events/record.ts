import type { StreamedEvent } from "../../../../src/client/client.ts";
import { sessionOf } from "../../live/session-of.ts";

/** An event as it came. */
export interface Entry extends StreamedEvent {
  /** Counts what was recorded: unique, and in the order of arrival. */
  number: number;
  /** When it came here, epoch ms; undefined for what happened before. */
  at?: number;
  sessionID?: string;
}

/** What is recorded is bounded: a page may be open all day. */
export const kept = 5_000;

export function entryOf(streamed: StreamedEvent, { number, at }: Pick<Entry, "number" | "at">): Entry {
  return { ...streamed, number, at, sessionID: sessionOf(streamed.event) };
}

/** The newest of them, in order. */
export function added(entries: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  return more.length === 0 ? entries : [...entries, ...more].slice(-kept);
}

export interface Filter {
  /** Names or beginnings of types, each with a `-` before it to leave them out: `session.* -message.part.delta`. */
  type?: string;
  session?: string;
  /** In the payload, whatever its case. */
  q?: string;
}

/** Tells which entries pass. */
export function filterOf({ type = "", session = "", q = "" }: Filter): (entry: Entry) => boolean {
  const words = type.split(/[\s,]+/).filter((word) => word !== "" && word !== "-");
  const out = words.filter((word) => word.startsWith("-")).map((word) => patternOf(word.slice(1)));
  const wanted = words.filter((word) => !word.startsWith("-")).map(patternOf);
  const text = q.toLowerCase();
  return ({ event, sessionID }) => {
    if (out.some((fits) => fits(event.type)) || (wanted.length > 0 && !wanted.some((fits) => fits(event.type)))) return false;
    if (session !== "" && sessionID !== session) return false;
    return text === "" || JSON.stringify(event).toLowerCase().includes(text);
  };
}

/** `session` and `session.*` are everything of it; `*` stands for anything elsewhere too. */
function patternOf(word: string): (type: string) => boolean {
  const source = word
    .toLowerCase()
    .replace(/\.?\*?$/, "")
    .replaceAll(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === "*" ? ".*" : `\\${sign}`));
  const pattern = new RegExp(`^${source}(\\.|$)`);
  return (type) => pattern.test(type.toLowerCase());
}
