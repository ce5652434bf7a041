/** A file as the read tool shows it, back to its own lines. */
export function fileLines(output: string): { number: number; text: string }[] {
  const inner = /<(content|file)>\n?([\s\S]*?)\n?<\/\1>/.exec(output)?.[2] ?? output;
  const lines = inner.split("\n");
  const numbered = lines.map((line) => /^\s*(\d+)(?:: ?|\||\t|→)(.*)$/s.exec(line));
  if (numbered.every((match) => match === null)) return lines.map((text, index) => ({ number: index + 1, text }));
  return numbered.flatMap((match) => (match === null ? [] : [{ number: Number(match[1]), text: match[2] ?? "" }]));
}

const declaration =
  /^(?: {0,4}|\t?)(?:(?:export|default|declare|public|private|protected|internal|static|final|abstract|async|pub(?:\([^)]*\))?|unsafe|override|readonly)\s+)*(?:function\*?|class|interface|type|enum|namespace|module|package|struct|trait|impl|fn|func|def|record|union|macro_rules!|const|let|var|val)\s+[\w$([<'"]/;
const heading = /^#{1,6}\s+\S/;
const method =
  /^(?: {2}| {4}|\t)(?:(?:async|static|get|set|public|private|protected|override)\s+)*(?!if|for|while|switch|catch|return|else|throw|await|function)[\w$#]+\s*\([^;]*\)[^;=]*\{\s*$/;
const dataKey = /^(?: {0,2}|\t)"[^"]+"\s*:|^\[{1,2}[^\]]+\]{1,2}\s*$|^[\w.-]+:(?:\s|$)/;

/** The declarations of a program, the headings of a text, or the first-level keys of a data file, with their line numbers. */
export function outline(path: string, output: string): string[] {
  const patterns = /\.(md|mdx|markdown|txt|rst)$/i.test(path)
    ? [heading]
    : /\.(json|jsonc|ya?ml|toml|ini)$/i.test(path)
      ? [dataKey]
      : [declaration, method];
  const top = fileLines(output).filter(({ text }) => patterns.some((pattern) => pattern.test(text.slice(0, 300))));
  return top.filter(({ text }) => !isLocal(text)).map(({ number, text }) => `${number}: ${text.trimEnd().replace(/\s*[{:]$/, "")}`);
}

/** A `const` inside a body is no declaration of the file. */
function isLocal(text: string): boolean {
  return /^\s+(?:const|let|var|val)\s/.test(text);
}
