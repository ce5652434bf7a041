import type { Part } from "../../../../src/client/client.ts";
import { Markdown } from "../../ui/markdown.tsx";
import { Duration } from "../../ui/time.tsx";
import { Fold } from "./fold.tsx";

/** What the model thought before it spoke, folded, with how long it took. */
export function Reasoning({ part: { id, text, time } }: { part: Extract<Part, { type: "reasoning" }> }) {
  const isOpen = time.end === undefined;
  if (text.trim() === "" && !isOpen) return null;
  const title = (
    <span className="text-muted">
      {isOpen ? "Thinking for " : "Thought for "}
      <Duration start={time.start} end={time.end} />
    </span>
  );
  return (
    <Fold id={id} title={title}>
      <div className="ml-1.5 border-line border-l-2 pl-3 text-muted text-sm">
        <Markdown text={text} isOpen={isOpen} />
      </div>
    </Fold>
  );
}
