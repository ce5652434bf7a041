import { createHash } from "node:crypto";

/** The longest name that every provider takes. */
const longest = 64;

/**
 * Names that models can say, each once: `server_tool`, with an underscore for every character that is not a letter, a digit, `_` or `-`.
 * One that would be too long or is taken gets a hash of the full name at its end, so that it is the same in every turn.
 */
export function createNames(taken: Iterable<string> = []): (server: string, tool: string) => string {
  const used = new Set(taken);
  return (server, tool) => {
    const plain = sanitized(`${server}_${tool}`);
    const hash = createHash("sha256").update(`${server}\0${tool}`).digest("hex").slice(0, 8);
    const name = plain.length > longest || used.has(plain) ? `${plain.slice(0, longest - hash.length - 1)}_${hash}` : plain;
    used.add(name);
    return name;
  };
}

export function sanitized(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}
