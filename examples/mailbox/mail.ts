/** How a letter is written: header lines, an empty line, the text. */
export interface Mail {
  to: string;
  from: string;
  subject: string;
  /** How many agents passed it on, one answering the other. */
  hops: number;
  body: string;
}

export function writeMail({ to, from, subject, hops, body }: Mail): string {
  return `From: ${oneLine(from)}\nTo: ${oneLine(to)}\nSubject: ${oneLine(subject)}\nHops: ${hops}\n\n${body}`;
}

/** Undefined for a text that is none. */
export function readMail(text: string): Mail | undefined {
  const [, head = "", body = ""] = /^((?:[A-Z][a-z]+: .*\n)+)\n([\s\S]*)$/.exec(text) ?? [];
  const headers = new Map(head.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
  const to = headers.get("To");
  if (to === undefined) return undefined;
  return { to, from: headers.get("From") ?? "", subject: headers.get("Subject") ?? "", hops: Number(headers.get("Hops") ?? 0), body };
}

/** The letters in an answer: code blocks named `mail`. */
export function mailsIn(answer: string): Mail[] {
  const blocks = [...answer.matchAll(/^(`{3,})mail\n([\s\S]*?)\n\1\s*$/gm)];
  return blocks.flatMap(([, , block = ""]) => readMail(block) ?? []);
}

/** A header that went over several lines could pretend to be others. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
