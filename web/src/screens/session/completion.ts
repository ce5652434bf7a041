/** What is being typed that can be completed. `start`: of the sign before it, in characters. */
export interface Trigger {
  kind: "command" | "mention";
  query: string;
  start: number;
}

/** A command at the very beginning, or a name behind an @ where the caret is. */
export function triggerAt(text: string, caret: number): Trigger | undefined {
  const before = text.slice(0, caret);
  const command = /^\/([^\s/]*)$/.exec(before);
  if (command !== null) return { kind: "command", query: command[1] ?? "", start: 0 };
  const mention = /(?:^|\s)@([^\s@]*)$/.exec(before);
  if (mention === null) return undefined;
  const query = mention[1] ?? "";
  return { kind: "mention", query, start: caret - query.length - 1 };
}

/** The text with the name in place of what was typed of it, and where the caret is then. */
export function completed(
  text: string,
  { trigger, caret, name }: { trigger: Trigger; caret: number; name: string },
): { text: string; caret: number } {
  const sign = trigger.kind === "command" ? "/" : "@";
  const before = `${text.slice(0, trigger.start)}${sign}${name} `;
  return { text: before + text.slice(caret).replace(/^\s/, ""), caret: before.length };
}

/** `/name arguments` taken apart. */
export function commandOf(text: string): { name: string; arguments: string } | undefined {
  const found = /^\/(\S+)\s*([\s\S]*)$/.exec(text.trim());
  return found === null ? undefined : { name: found[1] ?? "", arguments: found[2] ?? "" };
}

/** Those whose name holds what was typed, those that begin with it first. */
export function matching<Item extends { name: string }>(items: readonly Item[], query: string): Item[] {
  const wanted = query.toLowerCase();
  const rank = ({ name }: Item) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return items.filter(({ name }) => name.toLowerCase().includes(wanted)).sort((one, other) => rank(one) - rank(other));
}
