import { Icon } from "../../ui/icon.tsx";
import type { Candidate } from "./use-completion.ts";

interface CompletionListProps {
  id: string;
  candidates: Candidate[];
  chosen: number;
  onTake(candidate: Candidate): void;
}

const icons = { command: "chevron", agent: "user", file: "files" } as const;

/** What can be completed, above where it is typed. The keys are the text's: the list never has the focus. */
export function CompletionList({ id, candidates, chosen, onTake }: CompletionListProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Completions"
      className="absolute right-0 bottom-full left-0 z-20 mb-1 max-h-72 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-lg"
    >
      {candidates.map((candidate, at) => (
        <div
          key={`${candidate.type} ${candidate.name}`}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === chosen}
          tabIndex={-1}
          ref={(row) => (at === chosen ? row?.scrollIntoView({ block: "nearest" }) : undefined)}
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(candidate);
          }}
          className="flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 hover:bg-hover aria-selected:bg-hover touch:min-h-11"
        >
          <Icon name={icons[candidate.type]} className="size-3.5 text-muted" />
          <span className="shrink-0">
            {candidate.type === "command" && "/"}
            {candidate.name}
          </span>
          <span className="min-w-0 truncate text-muted text-xs">{candidate.about ?? (candidate.type === "agent" ? "sub-agent" : "")}</span>
        </div>
      ))}
    </div>
  );
}
