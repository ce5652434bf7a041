import { memo, useMemo } from "react";
import type { ThemedToken } from "shiki/core";
import { copy } from "./copy.ts";
import { IconButton } from "./icon-button.tsx";
import { useColours } from "./use-colours.ts";

interface CodeProps {
  code: string;
  /** The name of a language, or a file's ending. */
  language?: string;
  /** It is still being written: it is coloured when it is whole. */
  isOpen?: boolean;
}

/** A block of code, to be copied; coloured as soon as its language is loaded. */
export const Code = memo(function Code({ code, language = "", isOpen = false }: CodeProps) {
  const tokens = useColours(code, isOpen ? "" : language);
  const lines = useMemo(() => tokens && withBreaks(tokens), [tokens]);
  return (
    <div className="group relative my-2">
      <pre tabIndex={0} className="overflow-x-auto touch:min-h-14 rounded-lg border border-line bg-raised p-3 font-mono text-xs leading-5">
        <code>{lines === undefined ? code : lines.map((line) => <Line key={line.start} {...line} />)}</code>
      </pre>
      <IconButton
        icon="copy"
        label="Copy code"
        variant="plain"
        className="absolute top-1.5 right-1.5 opacity-0 focus-visible:opacity-100 group-hover:opacity-100 touch:opacity-100"
        onClick={() => copy(code)}
      />
    </div>
  );
});

interface ColouredLine {
  /** Where it begins, in characters. */
  start: number;
  tokens: ThemedToken[];
  end: string;
}

function Line({ tokens, end }: ColouredLine) {
  return (
    <>
      {tokens.map((token) => (
        <span key={token.offset} style={{ color: token.color }}>
          {token.content}
        </span>
      ))}
      {end}
    </>
  );
}

/** The lines of a code with the breaks between them. */
function withBreaks(lines: ThemedToken[][]): ColouredLine[] {
  let next = 0;
  return lines.map((tokens, at) => {
    const start = next;
    next += tokens.reduce((sum, { content }) => sum + content.length, 1);
    return { start, tokens, end: at === lines.length - 1 ? "" : "\n" };
  });
}
