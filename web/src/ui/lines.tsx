import { useEffect, useMemo, useRef } from "react";
import type { ThemedToken } from "shiki/core";
import { VList, type VListHandle } from "virtua";
import { classes } from "./classes.ts";
import { endingOf } from "./paths.ts";
import { useColours } from "./use-colours.ts";

interface LinesProps {
  text: string;
  /** Its path: the ending says the language. */
  file: string;
  /** A line to bring into view; the first is 1. */
  marked?: number;
}

/** A whole text with the numbers of its lines; only those in view are drawn. */
export function Lines({ text, file, marked }: LinesProps) {
  const lines = useMemo(() => numbered(text), [text]);
  const coloured = useColours(text, endingOf(file));
  const list = useRef<VListHandle>(null);
  useEffect(() => {
    if (marked !== undefined) list.current?.scrollToIndex(marked - 1, { align: "center" });
  }, [marked]);
  const digits = `${String(lines.length).length}ch`;
  return (
    <VList ref={list} tabIndex={0} role="region" aria-label={file} className="font-mono text-xs leading-5">
      {lines.map(({ number, line }) => (
        <div key={number} data-line={number} className={classes("flex gap-4 whitespace-pre px-4", number === marked && "bg-hover")}>
          <span aria-hidden="true" style={{ minWidth: digits }} className="shrink-0 select-none text-right text-muted">
            {number}
          </span>
          <span>{<Tokens line={line} tokens={coloured?.[number - 1]} />}</span>
        </div>
      ))}
    </VList>
  );
}

function numbered(text: string): { number: number; line: string }[] {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  return lines.map((line, at) => ({ number: at + 1, line }));
}

function Tokens({ line, tokens }: { line: string; tokens: ThemedToken[] | undefined }) {
  if (tokens === undefined) return line;
  return tokens.map((token) => (
    <span key={token.offset} style={{ color: token.color }}>
      {token.content}
    </span>
  ));
}
