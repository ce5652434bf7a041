import type { Part } from "../../../../src/client/client.ts";

/** The words of a prompt, without what was added to them for the model. */
export function promptText(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => (part.type === "text" && !part.synthetic && !part.ignored ? part.text : []))
    .join("\n\n")
    .trim();
}

/** The beginning of it on one line. */
export function promptTitle(parts: readonly Part[]): string {
  const text = promptText(parts).replaceAll(/\s+/g, " ");
  if (text !== "") return text.length > 80 ? `${text.slice(0, 79)}…` : text;
  const kinds = parts.map(({ type }) => type);
  if (kinds.includes("compaction")) return "Make room in the context";
  if (kinds.includes("subtask")) return "Task for a sub-agent";
  return kinds.includes("file") ? "Files" : "Prompt";
}
