import { getSingularPatch, registerCustomTheme } from "@pierre/diffs";
import { FileDiff } from "@pierre/diffs/react";
import { useMemo } from "react";
import { useTheme } from "../../app/theme.ts";
import { languageOf } from "../highlight.ts";
import { endingOf } from "../paths.ts";

const themes = { light: "github-light-high-contrast", dark: "github-dark-high-contrast" } as const;

registerCustomTheme(themes.light, () => import("shiki/themes/github-light-high-contrast.mjs"), "textmate");
registerCustomTheme(themes.dark, () => import("shiki/themes/github-dark-high-contrast.mjs"), "textmate");

/** Beyond it, in characters, colours would take longer than they are worth. */
const mostColoured = 200_000;

export interface DiffViewProps {
  /** One file's patch in git's words. */
  patch: string;
  file: string;
  layout: "split" | "unified";
}

/** Its own file: with what it needs it is larger than the rest of the interface. */
export function DiffView({ patch, file, layout }: DiffViewProps) {
  const { shown } = useTheme();
  const fileDiff = useMemo(() => {
    const language = patch.length > mostColoured ? undefined : languageOf(endingOf(file));
    return { ...getSingularPatch(patch), lang: language ?? ("text" as const) };
  }, [patch, file]);
  const options = useMemo(
    () => ({
      theme: themes,
      themeType: shown,
      diffStyle: layout,
      overflow: "scroll" as const,
      disableFileHeader: true,
      hunkSeparators: "line-info-basic" as const,
      lineDiffType: "word-alt" as const,
    }),
    [shown, layout],
  );
  return <FileDiff fileDiff={fileDiff} options={options} className="block text-xs" />;
}
