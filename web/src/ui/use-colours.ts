import { useEffect, useState } from "react";
import type { ThemedToken } from "shiki/core";
import { useTheme } from "../app/theme.ts";
import { toastFault } from "../app/toasts.ts";
import { highlight, languageOf } from "./highlight.ts";

/** Beyond it colours would take longer than they are worth, in characters. */
const mostColoured = 60_000;

/** The lines of a code as coloured pieces, as soon as there are any. `name`: of a language, or a file's ending. */
export function useColours(code: string, name: string): ThemedToken[][] | undefined {
  const { shown: theme } = useTheme();
  const [coloured, setColoured] = useState<{ code: string; lines: ThemedToken[][] }>();
  const language = code.length > mostColoured ? undefined : languageOf(name);
  useEffect(() => {
    if (language === undefined) return;
    let isWanted = true;
    const show = (lines: ThemedToken[][]) => isWanted && setColoured({ code, lines });
    highlight(code, { language, theme }).then(show, toastFault);
    return () => {
      isWanted = false;
    };
  }, [code, language, theme]);
  return language !== undefined && coloured?.code === code ? coloured.lines : undefined;
}
