import { useEffect } from "react";
import { useCalls } from "../../app/client.ts";
import { newMessageID } from "../../app/message-id.ts";
import { toast } from "../../app/toasts.ts";
import { reasonOf } from "../../live/follow.ts";
import { useLive, useLiveStore } from "../../live/hooks.ts";
import { commandOf } from "./completion.ts";
import { givenBack, isEmpty } from "./draft.ts";
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
  async function call(draft: Draft, { messageID, queue }: Pick<Draft, "queue"> & { messageID: string }): Promise<unknown> {
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
    // Who is quicker than the page is loaded means files of the same directory.
    const { directory } = session ?? (await calls.get.query({ sessionID }));
    const parts = promptParts(draft, directory);
    return calls.promptAsync.mutate({ sessionID, messageID, queue, agent, model, variant, parts });
  }
  return (queue) => {
    const draft = draftOf(sessionID);
    if (isEmpty(draft)) return;
    clearDraft(sessionID);
    if (runBuiltIn(draft, { doings, lastPrompt, model: modelOf(draft, session?.model) })) return;
    const { messageID = newMessageID() } = draft;
    noteSent(messageID);
    call(draft, { messageID, queue }).catch((error: unknown) => {
      // Only its answer was lost.
      if (live.state().conversations[sessionID]?.infos[messageID] !== undefined) return;
      const giveBack = () => changeDraft(sessionID, givenBack({ ...draft, messageID }, draftOf(sessionID)));
      // What was written is not lost with the call, and gets in nobody's way who writes something else by now.
      const isFree = isEmpty(draftOf(sessionID));
      if (isFree) giveBack();
      const action = isFree ? undefined : { title: "Put the prompt back", run: giveBack };
      toast(reasonOf(error), { tone: "danger", action });
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
