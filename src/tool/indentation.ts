/**
 * How the indentation of a quoted text leads to that of the lines it stands for. `undefined` where it does not: the same
 * indentation of the quote stands for different ones, so that nobody can tell how new lines are to be indented.
 */
export type Reindent = (line: string) => string;

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? "";

export function reindentation(quoted: string[], actual: string[]): Reindent | undefined {
  const known = new Map<string, string>();
  for (const [index, line] of quoted.entries()) {
    const found = actual[index] ?? "";
    if (line.trim() === "" || found.trim() === "") continue;
    const before = known.get(indentOf(line));
    if (before !== undefined && before !== indentOf(found)) return undefined;
    known.set(indentOf(line), indentOf(found));
  }
  if ([...known].every(([from, to]) => from === to)) return (line) => line;
  const unit = unitOf(known);
  const byLength = [...known].sort(([one], [other]) => other.length - one.length);
  return (line) => {
    const indent = indentOf(line);
    if (line.trim() === "") return line;
    const exact = known.get(indent);
    if (exact !== undefined) return exact + line.slice(indent.length);
    const nearest = byLength.find(([from]) => indent.startsWith(from));
    if (nearest) return nearest[1] + unit(indent.slice(nearest[0].length)) + line.slice(indent.length);
    return shallower(indent, byLength.at(-1)) + line.slice(indent.length);
  };
}

/** Less deep than anything quoted: as much is taken away as from the shallowest quoted line. */
function shallower(indent: string, shallowest: [string, string] | undefined): string {
  const [from, to] = shallowest ?? ["", ""];
  const missing = from.length - indent.length;
  return missing > 0 ? to.slice(0, Math.max(0, to.length - missing)) : to;
}

/** Deeper indentation in the letters of the file: where it has a tab for so many blanks, so has the new text. */
function unitOf(known: Map<string, string>): (deeper: string) => string {
  const pairs = [...known].filter(([from, to]) => from !== "" && to !== "");
  const toTabs = pairs.find(([from, to]) => /^ +$/.test(from) && /^\t+$/.test(to));
  if (toTabs) {
    const width = Math.max(1, Math.round(toTabs[0].length / toTabs[1].length));
    return (deeper) => deeper.replaceAll(" ".repeat(width), "\t");
  }
  const toBlanks = pairs.find(([from, to]) => /^\t+$/.test(from) && /^ +$/.test(to));
  if (toBlanks) {
    const width = Math.max(1, Math.round(toBlanks[1].length / toBlanks[0].length));
    return (deeper) => deeper.replaceAll("\t", " ".repeat(width));
  }
  return (deeper) => deeper;
}
