/**
 * Whether a path (relative, forward slashes) fits a glob: `*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}` and `\` to escape. A glob
 * without a slash is about the last name at any depth, and hidden names are names like others: both as ripgrep has it. It
 * is not left to ripgrep because its `--glob` brings back what `.gitignore` leaves out.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const plain = glob.replace(/^(\.?\/)+/, "").replace(/\/$/, "/**");
  const anywhere = plain.includes("/") ? "" : "(?:.*/)?";
  const expression = new RegExp(`^${anywhere}${translate(plain)}$`, "s");
  return (path) => expression.test(path);
}

function translate(glob: string): string {
  let result = "";
  let depth = 0;
  for (let at = 0; at < glob.length; ) {
    const stars = /^(?:\*\*\/)+|^\/\*\*$|^\*+/.exec(glob.slice(at))?.[0];
    const set = stars ? undefined : characterSet(glob, at);
    const character = glob[at] ?? "";
    if (stars) result += starExpression(stars);
    else if (set) result += set.expression;
    else if (character === "?") result += "[^/]";
    else if (character === "{" && hasClosingBrace(glob, at)) {
      depth++;
      result += "(?:";
    } else if (character === "}" && depth > 0) {
      depth--;
      result += ")";
    } else if (character === "," && depth > 0) result += "|";
    else result += literal(character === "\\" ? (glob[at + 1] ?? "\\") : character);
    at += stars?.length ?? set?.length ?? (character === "\\" ? 2 : 1);
  }
  return result;
}

function starExpression(stars: string): string {
  if (stars === "*") return "[^/]*";
  if (stars.endsWith("/")) return "(?:.*/)?";
  return stars.startsWith("/") ? "/.*" : ".*";
}

function characterSet(glob: string, at: number): { expression: string; length: number } | undefined {
  const found = /^\[([!^]?)(\]?[^\]]*)\]/.exec(glob.slice(at));
  if (!found?.[2]) return undefined;
  const members = found[2].replace(/[\\\][^]/g, "\\$&");
  return { expression: `(?!/)[${found[1] ? "^" : ""}${members}]`, length: found[0].length };
}

function hasClosingBrace(glob: string, at: number): boolean {
  let depth = 0;
  for (const character of glob.slice(at)) {
    if (character === "{") depth++;
    if (character === "}" && --depth === 0) return true;
  }
  return false;
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
