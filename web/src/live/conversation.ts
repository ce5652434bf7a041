import type { Event, Message, Part, Todo } from "../../../src/client/client.ts";
import { type Conversation, emptyConversation, type State, without } from "./state.ts";

interface Page {
  info: Message;
  parts: Part[];
}

/**
 * A session as the server had it at some moment, with what the events told meanwhile. Who is ahead, the answer or the events, is not known and
 * need not be: what the events told of last wins, since they go on from there.
 */
export function opened(
  state: State,
  { sessionID, messages, todos, older }: { sessionID: string; messages: Page[]; todos: Todo[]; older: boolean },
): Conversation {
  const known = state.conversations[sessionID] ?? emptyConversation;
  return { ...merged(known, messages, state.writing), state: "ready", reason: undefined, todos, older, gone: new Set() };
}

/** Messages that were loaded, put in among those that are known. */
export function merged(known: Conversation, messages: Page[], writing: State["writing"]): Conversation {
  const infos = { ...known.infos };
  const parts = { ...known.parts };
  for (const message of messages) {
    const { id } = message.info;
    if (known.gone.has(id)) continue;
    infos[id] ??= message.info;
    const told = parts[id] ?? [];
    const loaded = message.parts.filter((part) => !known.gone.has(part.id) && !told.some((other) => other.id === part.id));
    parts[id] = inOrder([...loaded.map((part) => writing[part.id] ?? part), ...told]);
  }
  return { ...known, infos, parts, order: orderOf(infos) };
}

/** By the time a message was written; the id tells those of one millisecond apart. */
function orderOf(infos: Conversation["infos"]): string[] {
  return Object.values(infos)
    .sort((one, other) => one.time.created - other.time.created || (one.id < other.id ? -1 : 1))
    .map(({ id }) => id);
}

function inOrder(parts: Part[]): Part[] {
  return parts.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** What an event says of messages, parts and todos; of parts that are being written also in sessions that nobody looks at. */
export function withMessageEvent(state: State, event: Event): State {
  switch (event.type) {
    case "message.updated":
      return changed(state, event.properties.sessionID, (conversation) => withInfo(conversation, event.properties.info));
    case "message.removed":
      return changed(state, event.properties.sessionID, (conversation) => withoutMessage(conversation, event.properties.messageID));
    case "message.part.updated": {
      const { part } = event.properties;
      const writing = isOpen(part) ? { ...state.writing, [part.id]: part } : without(state.writing, part.id);
      return changed({ ...state, writing }, part.sessionID, (conversation) => withPart(conversation, part));
    }
    case "message.part.delta":
      return withDelta(state, event.properties);
    case "message.part.removed": {
      const { sessionID, messageID, partID } = event.properties;
      const writing = without(state.writing, partID);
      return changed({ ...state, writing }, sessionID, (conversation) => withoutPart(conversation, messageID, partID));
    }
    case "todo.updated":
      return changed(state, event.properties.sessionID, (conversation) => ({ ...conversation, todos: event.properties.todos }));
    default:
      return state;
  }
}

function changed(state: State, sessionID: string, change: (conversation: Conversation) => Conversation): State {
  const conversation = state.conversations[sessionID];
  if (conversation === undefined) return state;
  return { ...state, conversations: { ...state.conversations, [sessionID]: change(conversation) } };
}

/** More of it will come. */
function isOpen(part: Part): boolean {
  if (part.type === "text" || part.type === "reasoning") return part.time !== undefined && part.time.end === undefined;
  return part.type === "tool" && (part.state.status === "pending" || part.state.status === "running");
}

function withInfo(conversation: Conversation, info: Message): Conversation {
  const infos = { ...conversation.infos, [info.id]: info };
  if (info.id in conversation.infos) return { ...conversation, infos };
  // One of a page that was not asked for yet comes with that page, whole.
  const first = conversation.infos[conversation.order[0] ?? ""];
  if (conversation.older && first !== undefined && info.time.created < first.time.created) return conversation;
  return { ...conversation, infos, order: orderOf(infos) };
}

function withoutMessage(conversation: Conversation, id: string): Conversation {
  return {
    ...conversation,
    infos: without(conversation.infos, id),
    parts: without(conversation.parts, id),
    order: conversation.order.filter((other) => other !== id),
    gone: new Set([...conversation.gone, id]),
  };
}

function withPart(conversation: Conversation, part: Part): Conversation {
  const known = conversation.parts[part.messageID] ?? [];
  const at = known.findIndex(({ id }) => id === part.id);
  const parts = at === -1 ? inOrder([...known, part]) : known.with(at, part);
  return { ...conversation, parts: { ...conversation.parts, [part.messageID]: parts } };
}

function withoutPart(conversation: Conversation, messageID: string, partID: string): Conversation {
  const parts = (conversation.parts[messageID] ?? []).filter(({ id }) => id !== partID);
  return {
    ...conversation,
    parts: { ...conversation.parts, [messageID]: parts },
    gone: new Set([...conversation.gone, partID]),
  };
}

type Delta = Extract<Event, { type: "message.part.delta" }>["properties"];

/** A delta goes on from what the events told of its part, and from nothing else: what was loaded may hold it already. */
function withDelta(state: State, { sessionID, partID, field, delta }: Delta): State {
  const known = state.writing[partID];
  if (known === undefined || !(field in known)) return state;
  const before: unknown = Reflect.get(known, field);
  if (typeof before !== "string") return state;
  const part = { ...known, [field]: before + delta } as Part;
  return changed({ ...state, writing: { ...state.writing, [partID]: part } }, sessionID, (conversation) => withPart(conversation, part));
}

/** Deltas of one part that follow each other, as one: a frame may bring a hundred. */
export function coalesced(events: readonly Event[]): Event[] {
  const told: Event[] = [];
  let places = new Map<string, number>();
  for (const event of events) {
    if (event.type !== "message.part.delta") {
      places = new Map();
      told.push(event);
      continue;
    }
    const key = `${event.properties.partID} ${event.properties.field}`;
    const at = places.get(key);
    const before = at === undefined ? undefined : told[at];
    if (at === undefined || before?.type !== "message.part.delta") {
      places.set(key, told.length);
      told.push(event);
      continue;
    }
    told[at] = { ...event, properties: { ...event.properties, delta: before.properties.delta + event.properties.delta } };
  }
  return told;
}
