import { useQuery } from "@tanstack/react-query";
import type { Session } from "../../../../src/client/client.ts";
import { useApi } from "../../app/client.ts";
import { useConversation, useLive, useSession } from "../../live/hooks.ts";
import { conversationOrder, type Infos, withoutReverted } from "./order.ts";

/** The session as the live state has it, or, of one that is older than what that holds, as the server has it. */
export function useSessionInfo(sessionID: string): Session | undefined {
  const known = useSession(sessionID);
  const isLoaded = useLive(({ loaded }) => loaded);
  const isAsked = isLoaded && known === undefined;
  const { data } = useQuery(useApi().session.get.queryOptions({ sessionID }, { enabled: isAsked, retry: false }));
  return known ?? data;
}

const orders = new WeakMap<Infos, readonly string[]>();

/** The session's messages in the order of the conversation, without those that were taken back, and those. */
export function useOrder(sessionID: string): { shown: readonly string[]; reverted: readonly string[] } {
  const revertedTo = useSessionInfo(sessionID)?.revert?.messageID;
  const ids = useLive(({ conversations }) => {
    const { order = [], infos = {} } = conversations[sessionID] ?? {};
    const known = orders.get(infos) ?? conversationOrder(order, infos);
    orders.set(infos, known);
    return known;
  });
  return withoutReverted(ids, revertedTo);
}

/** Whether the conversation is there, and what is before what is loaded. */
export function useLoading(sessionID: string): { state: "loading" | "ready" | "failed"; reason?: string; older: boolean } {
  const conversation = useConversation(sessionID);
  return { state: conversation?.state ?? "loading", reason: conversation?.reason, older: conversation?.older ?? false };
}
