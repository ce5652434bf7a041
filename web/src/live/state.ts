import type {
  EventSessionError,
  Message,
  Part,
  PermissionRequest,
  QuestionRequest,
  Session,
  SessionStatus,
  Todo,
} from "../../../src/client/client.ts";

export type SessionFault = NonNullable<EventSessionError["properties"]["error"]>;

/** How the connection to the server stands. `lost`: it was there, and is being looked for. */
export interface Connection {
  state: "connecting" | "open" | "lost";
  reason?: string;
}

/** What is known of a session that somebody looks at. Nothing in it is changed in place: what is the same object is the same. */
export interface Conversation {
  state: "loading" | "ready" | "failed";
  /** Why it could not be loaded. */
  reason?: string;
  /** Of the messages, oldest first. */
  order: readonly string[];
  infos: Readonly<Record<string, Message>>;
  /** By message, in their order; also of messages that are not loaded. */
  parts: Readonly<Record<string, readonly Part[]>>;
  todos: readonly Todo[];
  /** There are messages before the first. */
  older: boolean;
  /** Messages and parts that went while the session was being loaded. */
  gone: ReadonlySet<string>;
}

/** All that the page knows of the server. */
export interface State {
  connection: Connection;
  /** The first overview is there. */
  loaded: boolean;
  /** There are older sessions than those in `sessions`. */
  more: boolean;
  sessions: Readonly<Record<string, Session>>;
  /** Of the sessions that are not idle. */
  status: Readonly<Record<string, SessionStatus>>;
  /** Since when the sessions that are not idle are so, epoch ms, as far as it is known. */
  since: Readonly<Record<string, number>>;
  /** Why the last turn of a session failed, as far as it was told since the page is open, or listed. */
  faults: Readonly<Record<string, SessionFault>>;
  /** Sessions that were deleted since the page is open. */
  deleted: ReadonlySet<string>;
  /** What waits for an answer, oldest first. */
  permissions: readonly PermissionRequest[];
  questions: readonly QuestionRequest[];
  /** The sessions that are looked at. */
  conversations: Readonly<Record<string, Conversation>>;
  /** Parts that are being written, of all sessions, as the events tell them: whole, however late somebody opens the session. */
  writing: Readonly<Record<string, Part>>;
}

export const emptyState: State = {
  connection: { state: "connecting" },
  loaded: false,
  more: false,
  sessions: {},
  status: {},
  since: {},
  faults: {},
  deleted: new Set(),
  permissions: [],
  questions: [],
  conversations: {},
  writing: {},
};

export const emptyConversation: Conversation = {
  state: "loading",
  order: [],
  infos: {},
  parts: {},
  todos: [],
  older: false,
  gone: new Set(),
};

/** The record without an entry; the same record where there was none. */
export function without<Value>(record: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> {
  if (!(key in record)) return record;
  const { [key]: _gone, ...rest } = record;
  return rest;
}
