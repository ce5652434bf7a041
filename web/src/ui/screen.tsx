import type { ReactNode } from "react";
import { useTitle } from "../app/title.ts";

/** A screen's frame: its name in the tab and above it, what can be done beside the name, and the content, which scrolls. */
export function Screen({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <>
      <header className="sticky top-0 z-10 flex shrink-0 min-h-12 flex-wrap items-center gap-2 border-line border-b bg-surface px-4 py-1.5">
        <h1 className="min-w-0 flex-1 truncate font-semibold text-base">{title}</h1>
        {actions}
      </header>
      {children}
    </>
  );
}
