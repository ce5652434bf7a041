import { useFamilyAsks, useFault, useLive, useStatus } from "../../live/hooks.ts";
import { Icon } from "../../ui/icon.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { Duration, duration, useNow } from "../../ui/time.tsx";
import { faultWords } from "./fault-words.ts";

/** Below the conversation: what goes on now, or why nothing does. */
export function TurnState({ sessionID }: { sessionID: string }) {
  const status = useStatus(sessionID);
  const fault = useFault(sessionID);
  const start = useTurnStart(sessionID);
  const { permissions, questions } = useFamilyAsks(sessionID);
  const isAsking = permissions.length + questions.length > 0;
  return (
    <div role="status" className="min-h-8 py-1.5 text-muted text-sm">
      {status.type === "busy" && (
        <span className="inline-flex items-center gap-2">
          {isAsking ? <Icon name="question" className="size-3.5 text-accent" /> : <Spinner label="" className="size-3.5" />}
          {isAsking ? "Waits for your answer" : "Working"}
          {start !== undefined && (
            <span aria-hidden="true">
              <Duration start={start} />
            </span>
          )}
        </span>
      )}
      {status.type === "retry" && <Retry {...status} />}
      {status.type === "idle" && fault !== undefined && <FaultLine sessionID={sessionID} fault={fault} />}
    </div>
  );
}

function Retry({ attempt, message, next }: { attempt: number; message: string; next: number }) {
  const now = useNow(1_000);
  const left = Math.max(0, next - now);
  return (
    <span className="text-warn">
      {message} Try {attempt + 1} {left > 0 ? `in ${duration(Math.ceil(left / 1_000) * 1_000)}` : "now"}.
    </span>
  );
}

/** A fault that no message tells of, as when a turn could not begin. */
function FaultLine({ sessionID, fault }: { sessionID: string; fault: { name: string; data?: object } }) {
  const isTold = useLive(({ conversations }) => {
    const { order = [], infos = {} } = conversations[sessionID] ?? {};
    const last = infos[order.at(-1) ?? ""];
    return last?.role === "assistant" && last.error !== undefined;
  });
  const { title, detail } = faultWords(fault);
  return isTold ? null : (
    <span className="text-danger">
      {title} {detail}
    </span>
  );
}

/** When the prompt came that is being answered, epoch ms; others may wait behind it. */
function useTurnStart(sessionID: string): number | undefined {
  return useLive(({ conversations }) => {
    const { order = [], infos = {} } = conversations[sessionID] ?? {};
    const all = order.flatMap((id) => infos[id] ?? []);
    const answer = all.findLast((info) => info.role === "assistant" && info.time.completed === undefined);
    const asked = answer?.role === "assistant" ? infos[answer.parentID] : all.findLast(({ role }) => role === "user");
    return (asked ?? answer)?.time.created;
  });
}
