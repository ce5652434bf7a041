import type { HighlighterCore, ThemedToken } from "shiki/core";
import { bundledLanguages as languages } from "./languages.ts";

export type Language = keyof typeof languages;

const aliases: Record<string, Language> = {
  ...{ sh: "bash", shell: "bash", zsh: "bash", console: "bash", h: "c", "c++": "cpp", cc: "cpp", hpp: "cpp", cs: "csharp", patch: "diff" },
  ...{
    docker: "dockerfile",
    golang: "go",
    htm: "html",
    vue: "html",
    svelte: "html",
    js: "javascript",
    mjs: "javascript",
    cjs: "javascript",
  },
  ...{ jsx: "tsx", jsonc: "json", json5: "json", kt: "kotlin", md: "markdown", mdx: "markdown", py: "python", rb: "ruby", rs: "rust" },
  ...{ scss: "css", less: "css", ts: "typescript", mts: "typescript", cts: "typescript", svg: "xml", yml: "yaml" },
};

/** The language of a name or a file's ending; undefined for one that is not highlighted. */
export function languageOf(name: string): Language | undefined {
  const lower = name.toLowerCase();
  if (Object.hasOwn(languages, lower)) return lower as Language;
  return Object.hasOwn(aliases, lower) ? aliases[lower] : undefined;
}

let highlighter: Promise<HighlighterCore> | undefined;

/** Milliseconds until what stands on the screen first is read. */
const reading = 100;

/** The words come before their colours: the first use of a language holds the page up for longer than a frame. */
async function leisure(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, reading));
  // Safari has none.
  if ("requestIdleCallback" in globalThis) await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1_000 }));
}

async function load(): Promise<HighlighterCore> {
  const [{ createHighlighterCore }, { createJavaScriptRegexEngine }, light, dark] = await Promise.all([
    import("shiki/core"),
    import("shiki/engine/javascript"),
    import("shiki/themes/github-light-high-contrast.mjs"),
    import("shiki/themes/github-dark-high-contrast.mjs"),
    leisure(),
  ]);
  return createHighlighterCore({ engine: createJavaScriptRegexEngine({ forgiving: true }), themes: [light.default, dark.default] });
}

/** Lines of coloured pieces. */
export async function highlight(
  code: string,
  { language, theme }: { language: Language; theme: "light" | "dark" },
): Promise<ThemedToken[][]> {
  highlighter ??= load();
  const shiki = await highlighter;
  if (!shiki.getLoadedLanguages().includes(language)) await shiki.loadLanguage(await languages[language]());
  return shiki.codeToTokens(code, { lang: language, theme: `github-${theme}-high-contrast` }).tokens;
}
