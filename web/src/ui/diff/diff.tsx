import { lazy, Suspense } from "react";
import { Spinner } from "../spinner.tsx";
import type { DiffViewProps } from "./diff-view.tsx";
import { endsWithoutText } from "./patch.ts";

const DiffView = lazy(() => import("./diff-view.tsx").then(({ DiffView }) => ({ default: DiffView })));

/** What changed in one file, coloured; a sentence where a patch has no lines (binary, renamed, emptied). */
export function Diff(props: DiffViewProps) {
  const reason = endsWithoutText(props.patch);
  if (reason !== undefined) return <p className="p-4 text-muted">{reason}</p>;
  return (
    <Suspense
      fallback={
        <div className="p-4">
          <Spinner />
        </div>
      }
    >
      {/* The lines scroll sideways: with the keyboard, too. */}
      <section tabIndex={0} aria-label={`Changes in ${props.file}`} className="overflow-x-auto">
        <DiffView {...props} />
      </section>
    </Suspense>
  );
}
