import type { HighlighterCore, ThemedToken } from "shiki/core";

/** Loaded when the first code of theirs is shown; each a file of its own. */
const languages = {
  bash: () => import("shiki/langs/bash.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  cpp: () => import("shiki/langs/cpp.mjs"),
  csharp: () => import("shiki/langs/csharp.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  dockerfile: () => import("shiki/langs/dockerfile.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  kotlin: () => import("shiki/langs/kotlin.mjs"),
  lua: () => import("shiki/langs/lua.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  php: () => import("shiki/langs/php.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  ruby: () => import("shiki/langs/ruby.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  swift: () => import("shiki/langs/swift.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  typescript: () => import("shiki/langs/typescript.mjs"),
  xml: () => import("shiki/langs/xml.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};

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

async function load(): Promise<HighlighterCore> {
  const [{ createHighlighterCore }, { createJavaScriptRegexEngine }, light, dark] = await Promise.all([
    import("shiki/core"),
    import("shiki/engine/javascript"),
    import("shiki/themes/github-light-high-contrast.mjs"),
    import("shiki/themes/github-dark-high-contrast.mjs"),
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
