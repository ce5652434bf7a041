const snippet = /!`([^`]+)`/;
const placeholder = /\$(\d+|ARGUMENTS)/g;

/** The placeholders of a template, each once: `$1`, `$2` … and `$ARGUMENTS`. */
export function hintsOf(template: string): string[] {
  const found = new Set([...template.matchAll(placeholder)].map(([whole]) => whole));
  const numbered = [...found].filter((hint) => hint !== "$ARGUMENTS").sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)));
  return found.has("$ARGUMENTS") ? [...numbered, "$ARGUMENTS"] : numbered;
}

/** The words of a command line; quotes hold words together and go. */
export function words(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|[^\s"']+/g)].map(([whole, double, single]) => double ?? single ?? whole);
}

/**
 * A template to be filled. Commands are found in the template as it was written, before anything is filled in, and what is filled into one is
 * quoted for the shell: arguments are words of a command, never more. Commands run one after the other, in their order.
 */
export function createTemplate(template: string, run: (command: string) => Promise<string>): (given: string) => Promise<string> {
  return async (given) => {
    const values = valuesOf(template, given);
    // Odd pieces are the commands.
    const pieces = template.split(snippet);
    const filled: string[] = [];
    for (const [index, piece] of pieces.entries()) {
      if (index % 2 === 1) filled.push(await run(fillCommand(piece, values)));
      else filled.push(piece.replace(placeholder, (_, name: string) => values(name).text));
    }
    const text = filled.join("");
    const isPlain = hintsOf(template).length === 0 && given.trim() !== "";
    return (isPlain ? `${text}\n\n${given}` : text).trim();
  };
}

type Values = (name: string) => { text: string; words: string[] };

/** What each placeholder stands for; the last numbered one takes what is left. */
function valuesOf(template: string, given: string): Values {
  const each = words(given);
  const last = Math.max(0, ...hintsOf(template).flatMap((hint) => (hint === "$ARGUMENTS" ? [] : [Number(hint.slice(1))])));
  return (name) => {
    if (name === "ARGUMENTS") return { text: given, words: each };
    const position = Number(name);
    const own = each.slice(position - 1, position === last ? undefined : position);
    return { text: own.join(" "), words: own };
  };
}

/** Fills a shell command, each placeholder as its place asks: in double quotes, in single quotes, or as words of their own. */
function fillCommand(command: string, values: Values): string {
  let quote = "";
  return command.replace(/\$(\d+|ARGUMENTS)|\\.|["']/gs, (whole, name: string | undefined) => {
    if (name === undefined) {
      if (whole === quote) quote = "";
      else if (quote === "" && whole.length === 1) quote = whole;
      return whole;
    }
    const value = values(name);
    if (quote === '"') return value.text.replace(/[\\"$`]/g, "\\$&");
    if (quote === "'") return value.text.replaceAll("'", "'\\''");
    return value.words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  });
}
