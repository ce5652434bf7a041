import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { VList, type VListHandle } from "virtua";
import type { TimelineTurn } from "../../../../src/client/client.ts";
import { useLive, useLiveStore } from "../../live/hooks.ts";
import { money, tokens } from "../../ui/amount.tsx";
import { Button } from "../../ui/button.tsx";
import { classes } from "../../ui/classes.ts";
import { Duration, Time } from "../../ui/time.tsx";

interface TurnListProps {
  sessionID: string;
  turns: TimelineTurn[];
  chosen: TimelineTurn;
  loadEarlier: (() => void) | undefined;
  isLoadingEarlier: boolean;
}

/** The turns, oldest first, each with its prompt's first words. */
export function TurnList({ sessionID, turns, chosen, loadEarlier, isLoadingEarlier }: TurnListProps) {
  const live = useLiveStore();
  const list = useRef<VListHandle>(null);
  // The prompts' words are of the conversation.
  useEffect(() => live.open(sessionID), [live, sessionID]);
  const at = turns.indexOf(chosen);
  useEffect(() => {
    list.current?.scrollToIndex(at, { align: "nearest" });
  }, [at]);
  return (
    <nav aria-label="Turns" className="flex h-44 shrink-0 flex-col border-line border-b md:h-auto md:w-72 md:border-r md:border-b-0">
      {loadEarlier !== undefined && (
        <Button variant="quiet" disabled={isLoadingEarlier} onClick={loadEarlier} className="m-1">
          {isLoadingEarlier ? "Loading…" : "Earlier turns"}
        </Button>
      )}
      <VList ref={list} className="min-h-0 flex-1">
        {turns.map((turn) => (
          <TurnLink key={turn.messageID} sessionID={sessionID} turn={turn} isChosen={turn === chosen} />
        ))}
      </VList>
    </nav>
  );
}

function TurnLink({ sessionID, turn, isChosen }: { sessionID: string; turn: TimelineTurn; isChosen: boolean }) {
  const words = useWords(sessionID, turn.messageID);
  const total = totalOf(turn);
  return (
    <Link
      to="/timeline"
      search={({ view }) => ({ view, session: sessionID, turn: turn.messageID })}
      replace
      aria-current={isChosen ? "true" : undefined}
      className={classes(
        "block border-l-2 px-3 py-1.5 hover:bg-hover focus-visible:-outline-offset-2 touch:min-h-11",
        isChosen ? "border-accent bg-hover" : "border-transparent",
      )}
    >
      <span className="block truncate">{words ?? "A prompt"}</span>
      <span className="flex gap-2 text-muted text-xs">
        <Time at={turn.queued} />
        {turn.start !== undefined && <Duration start={turn.start} end={turn.end} />}
        {total > 0 && <span>{tokens(total)}</span>}
        {turn.cost > 0 && <span>{money(turn.cost)}</span>}
        {turn.state !== "completed" && <span className={turn.state === "error" ? "text-danger" : ""}>{turn.state}</span>}
      </span>
    </Link>
  );
}

/** All tokens of a turn or a step. */
export const totalOf = ({ tokens: { input, output, reasoning, cache } }: Pick<TimelineTurn, "tokens">): number =>
  input + output + reasoning + cache.read + cache.write;

/** The first words of a prompt, where the conversation has them. */
export function useWords(sessionID: string, messageID: string): string | undefined {
  return useLive(({ conversations }) => {
    for (const part of conversations[sessionID]?.parts[messageID] ?? [])
      if (part.type === "text" && !part.synthetic) return part.text.slice(0, 200);
    return undefined;
  });
}
