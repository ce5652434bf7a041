import type { Event, ListedSession, Message, Overview, Part, Todo } from "../../../src/client/client.ts";
import { merged, opened, withMessageEvent } from "./conversation.ts";
import { withListed, withTimes } from "./listed.ts";
import { type Connection, type Conversation, emptyConversation, type State, without } from "./state.ts";

interface Page {
  info: Message;
  parts: Part[];
}

/** What happens to the state. `events`: in the order in which they came; `at`: when they did, epoch ms. */
export type Action =
  | { type: "connection"; connection: Connection }
  | { type: "overview"; overview: Overview }
  | { type: "events"; events: readonly Event[]; at: number }
  | { type: "listed"; items: readonly ListedSession[] }
  | { type: "opening"; sessionID: string }
  | { type: "opened"; sessionID: string; messages: Page[]; todos: Todo[]; older: boolean }
  | { type: "older"; sessionID: string; messages: Page[]; older: boolean }
  | { type: "failed"; sessionID: string; reason: string }
  | { type: "closed"; sessionID: string };

/** The state after it. Plain: the same for the same, and what did not change is the same object. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "connection":
      return { ...state, connection: action.connection };
    case "overview":
      return withOverview(state, action.overview);
    case "events":
      return withTimes(state, action.events.reduce(withEvent, state), action.at);
    case "listed":
      return withListed(state, action.items);
    case "opening": {
      const known = state.conversations[action.sessionID] ?? emptyConversation;
      return withConversation(state, action.sessionID, { ...known, gone: new Set() });
    }
    case "opened":
      return withConversation(state, action.sessionID, opened(state, action));
    case "older": {
      const known = state.conversations[action.sessionID];
      if (known === undefined) return state;
      return withConversation(state, action.sessionID, { ...merged(known, action.messages, state.writing), older: action.older });
    }
    case "failed": {
      const known = state.conversations[action.sessionID] ?? emptyConversation;
      return withConversation(state, action.sessionID, { ...known, state: "failed", reason: action.reason });
    }
    case "closed":
      return { ...state, conversations: without(state.conversations, action.sessionID) };
  }
}

function withConversation(state: State, sessionID: string, conversation: State["conversations"][string]): State {
  return { ...state, conversations: { ...state.conversations, [sessionID]: conversation } };
}

/** The server's word on everything but messages. Sessions older than those it tells of stay: it told only the newest. */
function withOverview(state: State, { sessions, status, permissions, questions, more }: Overview): State {
  const oldest = Math.min(...sessions.map(({ time }) => time.updated));
  const kept = more ? Object.values(state.sessions).filter(({ time }) => time.updated < oldest) : [];
  const all = Object.fromEntries([...kept, ...sessions].map((session) => [session.id, session]));
  return { ...state, loaded: true, more, sessions: all, status, permissions, questions };
}

function withEvent(state: State, event: Event): State {
  switch (event.type) {
    case "session.created":
    case "session.updated":
      return { ...state, sessions: { ...state.sessions, [event.properties.sessionID]: event.properties.info } };
    case "session.deleted":
      return withoutSession(state, event.properties.sessionID);
    case "session.status":
    case "session.idle":
      return withStatus(state, event);
    case "session.error": {
      const { sessionID, error } = event.properties;
      // Who ends a turn knows that it did not go well.
      return sessionID && error && error.name !== "MessageAbortedError"
        ? { ...state, faults: { ...state.faults, [sessionID]: error } }
        : state;
    }
    case "permission.asked":
      return { ...state, permissions: asked(state.permissions, event.properties) };
    case "permission.replied":
      return { ...state, permissions: answered(state.permissions, event.properties.requestID) };
    case "question.asked":
      return { ...state, questions: asked(state.questions, event.properties) };
    case "question.replied":
    case "question.rejected":
      return { ...state, questions: answered(state.questions, event.properties.requestID) };
    default:
      return withMessageEvent(state, event);
  }
}

function withStatus(state: State, event: Extract<Event, { type: "session.status" | "session.idle" }>): State {
  const { sessionID } = event.properties;
  const status = event.type === "session.status" ? event.properties.status : undefined;
  if (status === undefined || status.type === "idle")
    return { ...state, status: without(state.status, sessionID), writing: notOf(state.writing, sessionID) };
  return { ...state, status: { ...state.status, [sessionID]: status }, faults: without(state.faults, sessionID) };
}

/** For who looks at it: nothing of it will be loaded any more. */
const goneConversation: Conversation = { ...emptyConversation, state: "failed", reason: "The session was deleted." };

function withoutSession(state: State, sessionID: string): State {
  const isOther = (request: { sessionID: string }) => request.sessionID !== sessionID;
  return {
    ...state,
    sessions: without(state.sessions, sessionID),
    status: without(state.status, sessionID),
    faults: without(state.faults, sessionID),
    since: without(state.since, sessionID),
    deleted: new Set([...state.deleted, sessionID]),
    conversations: sessionID in state.conversations ? { ...state.conversations, [sessionID]: goneConversation } : state.conversations,
    permissions: state.permissions.filter(isOther),
    questions: state.questions.filter(isOther),
    writing: notOf(state.writing, sessionID),
  };
}

function notOf(writing: State["writing"], sessionID: string): State["writing"] {
  const entries = Object.entries(writing);
  const others = entries.filter(([, part]) => part.sessionID !== sessionID);
  return others.length === entries.length ? writing : Object.fromEntries(others);
}

/** Once, whether the overview told of it already or not. */
function asked<Request extends { id: string }>(requests: readonly Request[], request: Request): readonly Request[] {
  return requests.some(({ id }) => id === request.id) ? requests : [...requests, request];
}

function answered<Request extends { id: string }>(requests: readonly Request[], id: string): readonly Request[] {
  return requests.filter((request) => request.id !== id);
}
