import { memo, useEffect, useState } from "react";
import type { ThemedToken } from "shiki/core";
import { useTheme } from "../app/theme.ts";
import { toast, toastFault } from "../app/toasts.ts";
import { highlight, languageOf } from "./highlight.ts";
import { IconButton } from "./icon-button.tsx";

interface CodeProps {
  code: string;
  /** The name of a language, or a file's ending. */
  language?: string;
  /** It is still being written: it is coloured when it is whole. */
  isOpen?: boolean;
}

/** Beyond it colours would take longer than they are worth, in characters. */
const mostColoured = 60_000;

/** A block of code, to be copied; coloured as soon as its language is loaded. */
export const Code = memo(function Code({ code, language = "", isOpen = false }: CodeProps) {
  const lines = useColours(code, isOpen ? "" : language);
  return (
    <div className="group relative my-2">
      <pre tabIndex={0} className="overflow-x-auto rounded-lg border border-line bg-raised p-3 font-mono text-xs leading-5">
        <code>{lines === undefined ? code : lines.map((line) => <Line key={line.start} {...line} />)}</code>
      </pre>
      <IconButton
        icon="copy"
        label="Copy code"
        variant="plain"
        className="absolute top-1.5 right-1.5 opacity-0 focus-visible:opacity-100 group-hover:opacity-100 touch:opacity-100"
        onClick={() => void navigator.clipboard.writeText(code).then(() => toast("Copied"), toastFault)}
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

function useColours(code: string, name: string): ColouredLine[] | undefined {
  const { shown: theme } = useTheme();
  const [coloured, setColoured] = useState<{ code: string; lines: ColouredLine[] }>();
  const language = code.length > mostColoured ? undefined : languageOf(name);
  useEffect(() => {
    if (language === undefined) return;
    let isWanted = true;
    const show = (lines: ThemedToken[][]) => isWanted && setColoured({ code, lines: withBreaks(lines) });
    highlight(code, { language, theme }).then(show, toastFault);
    return () => {
      isWanted = false;
    };
  }, [code, language, theme]);
  return language !== undefined && coloured?.code === code ? coloured.lines : undefined;
}
