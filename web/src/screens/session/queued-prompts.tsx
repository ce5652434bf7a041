import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useApi, useCalls } from "../../app/client.ts";
import { toastFault } from "../../app/toasts.ts";
import { useConversation, useStatus } from "../../live/hooks.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { promptTitle } from "./prompt-text.ts";

const words = { join: "joins the turn", queue: "waits for the turn's end", interrupt: "interrupts the turn" };

/** Prompts that came while the session worked, and that can still be taken back. */
export function QueuedPrompts({ sessionID }: { sessionID: string }) {
  const isBusy = useStatus(sessionID).type !== "idle";
  const order = useConversation(sessionID)?.order;
  const { cancelQueued } = useCalls().session;
  const { data = [], refetch } = useQuery(useApi().session.queue.queryOptions({ sessionID }, { enabled: isBusy, staleTime: 0 }));
  useEffect(() => {
    // A prompt that comes, and an answer that begins, are messages both.
    if (isBusy && order !== undefined) void refetch();
  }, [isBusy, order, refetch]);
  if (!isBusy || data.length === 0) return null;
  const cancel = (messageID: string) =>
    void cancelQueued
      .mutate({ sessionID, messageID })
      .catch(toastFault)
      .then(() => refetch());
  return (
    <section aria-label="Prompts that wait" className="max-h-32 shrink-0 overflow-y-auto border-line border-t px-4 py-1">
      <ul className="mx-auto max-w-3xl">
        {data.map(({ info, parts, queue }) => (
          <li key={info.id} className="flex items-center gap-2 text-sm">
            <span className="min-w-0 flex-1 truncate">{promptTitle(parts)}</span>
            <span className="text-muted text-xs">{words[queue]}</span>
            <IconButton icon="close" label={`Take back: ${promptTitle(parts)}`} onClick={() => cancel(info.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
