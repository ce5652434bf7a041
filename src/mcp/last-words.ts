/** How much of the end of a stream is remembered, in characters. */
const remembered = 2000;
const quoted = 300;

/** Remembers the end of what a server says on its standard error, however much that is. */
export function createLastWords() {
  let tail = "";
  return {
    hear(chunk: Buffer): void {
      tail = (tail + chunk.subarray(-remembered).toString("utf8")).slice(-remembered);
    },
    /** Its last line, ready to be put into a sentence; nothing when it said nothing. */
    quote(): string {
      const line = tail.trimEnd().split("\n").at(-1)?.trim() ?? "";
      return line === "" ? "" : `, and its last words were: ${line.slice(0, quoted)}`;
    },
  };
}
