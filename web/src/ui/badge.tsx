import type { ReactNode } from "react";
import { classes } from "./classes.ts";

const tones = {
  plain: "border-line text-muted",
  accent: "border-accent text-accent",
  ok: "border-ok text-ok",
  warn: "border-warn text-warn",
  danger: "border-danger text-danger",
};

/** A word or a number about what it stands beside. Never the colour alone: the word says it. */
export function Badge({ tone = "plain", children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <span className={classes("inline-flex items-center gap-1 whitespace-nowrap rounded-full border px-2 text-xs", tones[tone])}>
      {children}
    </span>
  );
}
