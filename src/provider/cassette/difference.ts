import { structuredPatch } from "diff";
import type { Mismatch } from "../cassette.ts";
import type { Request } from "./asked.ts";
import type { Asked, Call } from "./line.ts";
import type { Reel } from "./replay.ts";

/** Lines of a difference that are told: the first ones say where it began. */
const longest = 60;

/** How a request differs from the recorded call that is most like it. */
export function describeDifference(reel: Reel, request: Request): Mismatch {
  const { file, calls, names } = reel;
  const candidates = calls.filter(({ aside }) => aside === request.aside);
  const [nearest] = candidates.toSorted((one, other) => likeness(other.asked, request.asked) - likeness(one.asked, request.asked));
  if (nearest === undefined) {
    const last = request.asked.prompt.at(-1) ?? "";
    const details = render(request.messages.get(last)).slice(0, longest).join("\n");
    return { message: `The model was asked once more than on the cassette ${file}: every recorded call is used up.`, details };
  }
  const { where, lines } = firstDifference(reel, nearest, request);
  return {
    message: `A request differs from ${names.get(nearest)} of the cassette ${file} in ${where}. If that is meant, record it anew with --record.`,
    details: lines.slice(0, longest).join("\n"),
  };
}

function likeness(one: Asked, other: Asked): number {
  const same = one.prompt.filter((hash, index) => other.prompt[index] === hash).length;
  const tools = JSON.stringify(one.tools) === JSON.stringify(other.tools) ? 2 : 0;
  return same + tools + (one.model === other.model ? 2 : 0);
}

interface Difference {
  where: string;
  lines: string[];
}

function firstDifference({ messages }: Reel, { asked }: Call, request: Request): Difference {
  const index = request.asked.prompt.findIndex((hash, at) => asked.prompt[at] !== hash);
  const shorter = index < 0 && asked.prompt.length > request.asked.prompt.length;
  if (index >= 0 || shorter) {
    const at = shorter ? request.asked.prompt.length : index;
    const [before, after] = [messages.get(asked.prompt[at] ?? ""), request.messages.get(request.asked.prompt[at] ?? "")];
    const { line, lines } = patch(render(before), render(after));
    return { where: `message ${at + 1} (${roleOf(after ?? before)}), line ${line}`, lines };
  }
  if (asked.model !== request.asked.model) return { where: "the model", lines: [`-${asked.model}`, `+${request.asked.model}`] };
  const tools = toolsDifference(asked.tools, request.asked.tools);
  if (tools.length > 0) return { where: "the tools", lines: tools };
  const { lines } = patch(render(asked.settings), render(request.asked.settings));
  return { where: "the settings", lines };
}

function toolsDifference(before: Asked["tools"], after: Asked["tools"]): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    if (!(name in after)) return [`-${name}`];
    if (!(name in before)) return [`+${name}`];
    return before[name] === after[name] ? [] : [`!${name}: its description or its input differs`];
  });
}

/** The lines that differ, as a patch has them, and the number of the first. */
function patch(before: string[], after: string[]): { line: number; lines: string[] } {
  const { hunks } = structuredPatch("", "", `${before.join("\n")}\n`, `${after.join("\n")}\n`, undefined, undefined, { context: 1 });
  const [first] = hunks;
  const offset = first?.lines.findIndex((line) => !line.startsWith(" ")) ?? 0;
  return { line: (first?.newStart ?? 1) + Math.max(offset, 0), lines: hunks.flatMap(({ lines }) => ["@@", ...lines]) };
}

function roleOf(message: unknown): string {
  return typeof message === "object" && message !== null && "role" in message ? String(message.role) : "none";
}

/** A value as lines to be compared: a text line by line, the rest by its path. */
function render(value: unknown, path = ""): string[] {
  if (value === undefined) return [];
  if (typeof value === "string")
    return value.includes("\n") || path === "content" ? [`${path}:`, ...value.split("\n")] : [`${path}: ${value}`];
  if (typeof value !== "object" || value === null) return [`${path}: ${String(value)}`];
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  return Object.entries(value).flatMap(([key, entry]) => render(entry, below(key)));
}
