import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from "react";
import type { Message, Part, PermissionRequest, QuestionRequest, Session, SessionStatus } from "../../../src/client/client.ts";
import type { Conversation, Live, SessionFault, State } from "./live.ts";

const context = createContext<Live | undefined>(undefined);

export const LiveProvider = context.Provider;

/** The live store itself, for what a hook has no word for. */
export function useLiveStore(): Live {
  const live = useContext(context);
  if (live === undefined) throw new Error("There is no LiveProvider above this component.");
  return live;
}

/** What `select` makes of the state. Renders again when that changes: lists and objects are compared by their entries. */
export function useLive<Value>(select: (state: State) => Value): Value {
  const live = useLiveStore();
  const last = useRef<{ value: Value } | undefined>(undefined);
  const read = () => {
    const value = select(live.state());
    if (last.current === undefined || !isSame(last.current.value, value)) last.current = { value };
    return last.current.value;
  };
  return useSyncExternalStore(live.subscribe, read);
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isPlain(one) || !isPlain(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => key in other && Object.is(Reflect.get(one, key), Reflect.get(other, key)))
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export const useConnection = () => useLive(({ connection }) => connection);

/** All that are known, latest change first. */
export function useSessions(): Session[] {
  return useLive(({ sessions }) => {
    const known = sorted.get(sessions) ?? Object.values(sessions).sort((one, other) => other.time.updated - one.time.updated);
    sorted.set(sessions, known);
    return known;
  });
}

/** Most changes are of other things. */
const sorted = new WeakMap<State["sessions"], Session[]>();

export function useSession(sessionID: string): Session | undefined {
  return useLive(({ sessions }) => sessions[sessionID]);
}

const idle: SessionStatus = { type: "idle" };

export function useStatus(sessionID: string): SessionStatus {
  return useLive(({ status }) => status[sessionID] ?? idle);
}

/** What a list shows of a session: whether somebody is awaited comes before whether it works. */
export type Activity = "asks" | "retries" | "works" | "failed" | "idle";

export function activityOf(state: State, sessionID: string): Activity {
  const isOurs = (request: { sessionID: string }) => request.sessionID === sessionID;
  if (state.permissions.some(isOurs) || state.questions.some(isOurs)) return "asks";
  const status = state.status[sessionID]?.type ?? "idle";
  if (status !== "idle") return status === "retry" ? "retries" : "works";
  return sessionID in state.faults ? "failed" : "idle";
}

/** Of all sessions that are not idle. */
export function useActivities(): Readonly<Record<string, Activity>> {
  return useLive((state) => {
    const asking = [...state.permissions, ...state.questions].map(({ sessionID }) => sessionID);
    const ids = new Set([...Object.keys(state.status), ...Object.keys(state.faults), ...asking]);
    const all = [...ids].map((id) => [id, activityOf(state, id)] as const);
    return Object.fromEntries(all.filter(([, activity]) => activity !== "idle"));
  });
}

export const useActivity = (sessionID: string): Activity => useLive((state) => activityOf(state, sessionID));

/** Since when a session works, epoch ms; of one that is idle nothing. */
export const useSince = (sessionID: string): number | undefined => useLive(({ since }) => since[sessionID]);

export function useFault(sessionID: string): SessionFault | undefined {
  return useLive(({ faults }) => faults[sessionID]);
}

/** Everything that waits for an answer, or what does of one session. */
export function useAsks(sessionID?: string): { permissions: PermissionRequest[]; questions: QuestionRequest[] } {
  const isWanted = (request: { sessionID: string }) => sessionID === undefined || request.sessionID === sessionID;
  const permissions = useLive((state) => state.permissions.filter(isWanted));
  const questions = useLive((state) => state.questions.filter(isWanted));
  return { permissions, questions };
}

/** What waits for an answer of the session and of its sub-agents, theirs too. */
export function useFamilyAsks(sessionID: string): ReturnType<typeof useAsks> {
  const family = useLive(({ sessions }) => {
    const ids = [sessionID];
    for (const id of ids) for (const session of Object.values(sessions)) if (session.parentID === id) ids.push(session.id);
    return ids;
  });
  const isOurs = (request: { sessionID: string }) => family.includes(request.sessionID);
  const { permissions, questions } = useAsks();
  return { permissions: permissions.filter(isOurs), questions: questions.filter(isOurs) };
}

/** A session's messages, kept up while the component is there. Take the order from it, and each message by `useMessage`: then only what changed renders again. */
export function useConversation(sessionID: string): Pick<Conversation, "state" | "reason" | "order" | "todos" | "older"> | undefined {
  const live = useLiveStore();
  useEffect(() => live.open(sessionID), [live, sessionID]);
  return useLive(({ conversations }) => {
    const conversation = conversations[sessionID];
    if (conversation === undefined) return undefined;
    const { state, reason, order, todos, older } = conversation;
    return { state, reason, order, todos, older };
  });
}

const noParts: readonly Part[] = [];

/** A message of an opened session, and its parts in their order. */
export function useMessage(sessionID: string, messageID: string): { info: Message; parts: readonly Part[] } | undefined {
  return useLive(({ conversations }) => {
    const conversation = conversations[sessionID];
    const info = conversation?.infos[messageID];
    return info && { info, parts: conversation?.parts[messageID] ?? noParts };
  });
}
