import { useEffect } from "react";
import { useCalls } from "../../app/client.ts";
import { newMessageID } from "../../app/message-id.ts";
import { toast, toastFault } from "../../app/toasts.ts";
import { useLive, useLiveStore } from "../../live/hooks.ts";
import { commandOf } from "./completion.ts";
import { changeDraft, clearDraft, type Draft, draftOf, useDraft } from "./drafts.ts";
import { useSessionInfo } from "./hooks.ts";
import { conversationOrder } from "./order.ts";
import { attachedFiles, promptParts } from "./prompt-parts.ts";
import { noteSent } from "./sent.ts";
import { builtIn } from "./use-completion.ts";
import { type SessionCalls, useSessionCalls } from "./use-session-calls.ts";

/** Sends what is written: a prompt, a `/command`, or a `!line` for the shell. */
export function useSend(sessionID: string): (queue: Draft["queue"]) => void {
  const { session: calls } = useCalls();
  const session = useSessionInfo(sessionID);
  const doings = useSessionCalls(sessionID);
  const live = useLiveStore();
  const lastPrompt = () => {
    const { order = [], infos = {} } = live.state().conversations[sessionID] ?? {};
    return conversationOrder(order, infos).findLast((id) => infos[id]?.role === "user");
  };
  function call(draft: Draft, { messageID, queue }: Pick<Draft, "queue"> & { messageID: string }): Promise<unknown> {
    const { agent, model, variant, text, files } = draft;
    const command = commandOf(text);
    if (text.startsWith("!") && text.length > 1)
      return calls.shell.mutate({
        ...{ sessionID, messageID, model, command: text.slice(1).trim() },
        agent: agent ?? session?.agent ?? "build",
      });
    if (command !== undefined)
      return calls.command.mutate({
        ...{ sessionID, messageID, agent, variant, command: command.name, arguments: command.arguments },
        model: model && `${model.providerID}/${model.modelID}`,
        parts: attachedFiles(files),
      });
    const parts = promptParts(draft, session?.directory ?? "");
    return calls.promptAsync.mutate({ sessionID, messageID, queue, agent, model, variant, parts });
  }
  return (queue) => {
    const draft = draftOf(sessionID);
    if (draft.text.trim() === "" && draft.files.length === 0) return;
    clearDraft(sessionID);
    if (runBuiltIn(draft, { doings, lastPrompt, model: modelOf(draft, session?.model) })) return;
    const { messageID = newMessageID(), text, files, mentions } = draft;
    noteSent(messageID);
    call(draft, { messageID, queue }).catch((error: unknown) => {
      // Only its answer was lost.
      if (live.state().conversations[sessionID]?.infos[messageID] !== undefined) return;
      // What was written is not lost with the call, unless something else is being written by now.
      if (draftOf(sessionID).text === "") changeDraft(sessionID, { text, files, mentions, messageID });
      toastFault(error);
    });
  };
}

/** Empties a draft whose message turns out to have arrived. */
export function useArrival(sessionID: string): void {
  const { messageID } = useDraft(sessionID);
  const isThere = useLive(({ conversations }) => messageID !== undefined && conversations[sessionID]?.infos[messageID] !== undefined);
  useEffect(() => {
    if (isThere) clearDraft(sessionID);
  }, [isThere, sessionID]);
}

function modelOf({ model }: Draft, last: { id: string; providerID: string } | undefined) {
  return model ?? (last && { providerID: last.providerID, modelID: last.id });
}

interface BuiltInOptions {
  doings: SessionCalls;
  lastPrompt(): string | undefined;
  model?: { providerID: string; modelID: string };
}

/** Whether it was one of the page's own commands. */
function runBuiltIn({ text }: Draft, { doings, lastPrompt, model }: BuiltInOptions): boolean {
  const name = commandOf(text)?.name;
  if (!builtIn.some((command) => command.name === name)) return false;
  if (name === "compact") model === undefined ? toast("Choose a model first") : doings.compact(model);
  if (name === "undo") undo(doings, lastPrompt());
  if (name === "redo") doings.unrevert();
  if (name === "fork") doings.fork();
  if (name === "share") doings.share();
  if (name === "unshare") doings.unshare();
  return true;
}

function undo(doings: SessionCalls, messageID: string | undefined): void {
  if (messageID === undefined) toast("There is no prompt to take back");
  else doings.revert(messageID);
}
