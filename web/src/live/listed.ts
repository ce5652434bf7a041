import type { ListedSession } from "../../../src/client/client.ts";
import type { SessionFault, State } from "./state.ts";

/** Sessions as a list had them at some moment. It may be older than what the events told: of what is known it adds only what no event tells. */
export function withListed(state: State, items: readonly ListedSession[]): State {
  const sessions = { ...state.sessions };
  const faults = { ...state.faults };
  const since = { ...state.since };
  for (const { project: _project, state: listed, ...session } of items) {
    if (state.deleted.has(session.id)) continue;
    sessions[session.id] ??= session;
    const isAtWork = session.id in state.status;
    if (isAtWork && (listed.type === "busy" || listed.type === "retry")) since[session.id] = listed.since;
    if (!isAtWork && listed.type === "error") faults[session.id] ??= faultOf(listed.message);
  }
  return { ...state, sessions, faults, since };
}

function faultOf(message = "The last turn failed."): SessionFault {
  return { name: "UnknownError", data: { message } };
}

/** Notes when sessions began to work and forgets it of those that ended. */
export function withTimes(before: State, after: State, at: number): State {
  if (before.status === after.status) return after;
  const since = Object.keys(after.status).flatMap((id) => {
    const known = id in before.status ? after.since[id] : at;
    return known === undefined ? [] : [[id, known] as const];
  });
  return { ...after, since: Object.fromEntries(since) };
}
