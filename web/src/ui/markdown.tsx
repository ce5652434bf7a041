import { marked, type Token, type Tokens } from "marked";
import { isValidElement, memo, type ReactNode, useMemo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { Code } from "./code.tsx";

/**
 * Markdown as it is written: block by block, so that of a long answer only the last block is made anew with each word. HTML in it is shown as text,
 * and pictures of other places as links: nothing of it reaches past this page.
 */
export const Markdown = memo(function Markdown({ text, isOpen = false }: { text: string; isOpen?: boolean }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <div className="markdown min-w-0 break-words">
      {blocks.map(({ start, raw, code }, at) => {
        const isLast = isOpen && at === blocks.length - 1;
        return code === undefined ? <Block key={start} text={raw} isOpen={isLast} /> : <Code key={start} {...code} isOpen={isLast} />;
      })}
    </div>
  );
});

interface BlockText {
  /** Where it begins in the whole, in characters: that stays while the text grows. */
  start: number;
  raw: string;
  /** What a block is that is code and nothing else: there may be much of it, and no need to parse it again. */
  code?: { code: string; language: string };
}

function blocksOf(text: string): BlockText[] {
  // Footnotes and link references reach over blocks.
  if (/^\s*\[[^\]]+\]:\s/m.test(text)) return [{ start: 0, raw: text }];
  let end = 0;
  return marked.lexer(text).map((token) => {
    const start = end;
    end += token.raw.length;
    return { start, raw: token.raw, code: fenced(token) };
  });
}

function fenced(token: Token): BlockText["code"] {
  if (token.type !== "code" || token.codeBlockStyle === "indented") return undefined;
  const { text, lang } = token as Tokens.Code;
  return { code: text, language: lang?.split(/\s/)[0] ?? "" };
}

const Block = memo(function Block({ text, isOpen }: { text: string; isOpen: boolean }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={isOpen ? whileOpen : components}>
      {text}
    </ReactMarkdown>
  );
});

const plugins = [remarkGfm];

function codeOf(children: ReactNode): { code: string; language: string } {
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children)) return { code: String(children ?? ""), language: "" };
  const { className = "", children: text } = children.props;
  return { code: String(text ?? "").replace(/\n$/, ""), language: /language-(\S+)/.exec(className)?.[1] ?? "" };
}

/** A link to elsewhere. What names a file or a place in its own text leads nowhere from this page: that is shown as the words it is. */
function Anchor({ href = "", children }: { href?: string; children?: ReactNode }) {
  if (!/^(https?|mailto):/i.test(href)) return <span title={decoded(href)}>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer" className="text-accent underline">
      {children}
    </a>
  );
}

/** As people write it: `a b.md` for `a%20b.md`. */
function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}

const components: Components = {
  pre: ({ children }) => <Code {...codeOf(children)} />,
  a: ({ href, children }) => <Anchor href={href}>{children}</Anchor>,
  img: ({ src, alt }) => (
    <a href={typeof src === "string" ? src : undefined} target="_blank" rel="noreferrer" className="text-accent underline">
      {alt || "picture"}
    </a>
  ),
  table: ({ children }) => (
    <div className="my-2 overflow-x-auto">
      <table className="border-collapse text-sm">{children}</table>
    </div>
  ),
};

const whileOpen: Components = { ...components, pre: ({ children }) => <Code {...codeOf(children)} isOpen /> };
