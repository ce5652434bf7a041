import type { Event, Message, Part, PermissionRequest, QuestionRequest, Session, SessionStatus, Todo } from "../client/client.ts";

export interface Entry {
  info: Message;
  parts: Part[];
}

/** A session as the events of its directory leave it, and what is asked in all of them. Pure: `hear` returns the one after the event. */
export interface Conversation {
  session?: Session;
  /** The session and the sub-agents' below it: what they ask is asked here. */
  family: string[];
  entries: Entry[];
  status: SessionStatus;
  todos: Todo[];
  permissions: PermissionRequest[];
  questions: QuestionRequest[];
}

export const emptyConversation: Conversation = {
  family: [],
  entries: [],
  status: { type: "idle" },
  todos: [],
  permissions: [],
  questions: [],
};

type Hearer<Type extends Event["type"]> = (
  conversation: Conversation,
  properties: Extract<Event, { type: Type }>["properties"],
) => Conversation;
type Hearers = { [Type in Event["type"]]?: Hearer<Type> };

export function hear(conversation: Conversation, event: Event): Conversation {
  const hearer = hearers[event.type] as Hearer<Event["type"]> | undefined;
  return hearer === undefined ? conversation : hearer(conversation, event.properties);
}

/** What is asked of people first, if anything; what was asked earlier goes first. */
export function openAsk({ family, permissions, questions }: Conversation): PermissionRequest | QuestionRequest | undefined {
  const ours = ({ sessionID }: { sessionID: string }) => family.includes(sessionID);
  return permissions.find(ours) ?? questions.find(ours);
}

/** How many ask in other sessions of the directory. */
export function asksElsewhere({ family, permissions, questions }: Conversation): number {
  return [...permissions, ...questions].filter(({ sessionID }) => !family.includes(sessionID)).length;
}

/** The messages that count: those that were undone do not. */
export function standing({ session, entries }: Conversation): Entry[] {
  const from = session?.revert?.messageID;
  const index = from === undefined ? -1 : entries.findIndex(({ info }) => info.id === from);
  return index < 0 ? entries : entries.slice(0, index);
}

const hearers: Hearers = {
  "session.created": (conversation, { info }) => hearSession(conversation, info),
  "session.updated": (conversation, { info }) => hearSession(conversation, info),
  "session.deleted": (conversation, { sessionID }) => withoutSession(conversation, sessionID),
  "session.status": (conversation, { sessionID, status }) => (isThis(conversation, sessionID) ? { ...conversation, status } : conversation),
  "session.idle": (conversation, { sessionID }) =>
    isThis(conversation, sessionID) ? { ...conversation, status: { type: "idle" } } : conversation,
  "todo.updated": (conversation, { sessionID, todos }) => (isThis(conversation, sessionID) ? { ...conversation, todos } : conversation),
  "message.updated": (conversation, { info }) =>
    isThis(conversation, info.sessionID)
      ? { ...conversation, entries: put(conversation.entries, { info, parts: [] }, (old) => ({ info, parts: old.parts })) }
      : conversation,
  "message.removed": (conversation, { messageID }) => ({
    ...conversation,
    entries: conversation.entries.filter(({ info }) => info.id !== messageID),
  }),
  "message.part.updated": (conversation, { part }) => changeParts(conversation, part.messageID, (parts) => putPart(parts, part)),
  "message.part.removed": (conversation, { messageID, partID }) =>
    changeParts(conversation, messageID, (parts) => parts.filter(({ id }) => id !== partID)),
  "message.part.delta": (conversation, { messageID, partID, field, delta }) =>
    changeParts(conversation, messageID, (parts) => parts.map((part) => (part.id === partID ? lengthen(part, field, delta) : part))),
  "permission.asked": (conversation, request) => ({ ...conversation, permissions: putById(conversation.permissions, request) }),
  "permission.replied": (conversation, { requestID }) => ({ ...conversation, permissions: without(conversation.permissions, requestID) }),
  "question.asked": (conversation, request) => ({ ...conversation, questions: putById(conversation.questions, request) }),
  "question.replied": (conversation, { requestID }) => ({ ...conversation, questions: without(conversation.questions, requestID) }),
  "question.rejected": (conversation, { requestID }) => ({ ...conversation, questions: without(conversation.questions, requestID) }),
};

const isThis = ({ session }: Conversation, sessionID: string): boolean => session?.id === sessionID;

function hearSession(conversation: Conversation, info: Session): Conversation {
  if (isThis(conversation, info.id)) return { ...conversation, session: info };
  const isNewChild = info.parentID !== undefined && conversation.family.includes(info.parentID) && !conversation.family.includes(info.id);
  return isNewChild ? { ...conversation, family: [...conversation.family, info.id] } : conversation;
}

function withoutSession(conversation: Conversation, sessionID: string): Conversation {
  const { permissions, questions } = conversation;
  if (isThis(conversation, sessionID)) return { ...emptyConversation, permissions, questions };
  return { ...conversation, family: conversation.family.filter((id) => id !== sessionID) };
}

function put(entries: Entry[], entry: Entry, merge: (old: Entry) => Entry): Entry[] {
  const index = entries.findIndex(({ info }) => info.id === entry.info.id);
  return index < 0 ? [...entries, entry] : entries.map((old, at) => (at === index ? merge(old) : old));
}

function changeParts(conversation: Conversation, messageID: string, change: (parts: Part[]) => Part[]): Conversation {
  const { entries } = conversation;
  const index = entries.findLastIndex(({ info }) => info.id === messageID);
  if (index < 0) return conversation;
  return { ...conversation, entries: entries.map((entry, at) => (at === index ? { ...entry, parts: change(entry.parts) } : entry)) };
}

const putPart = (parts: Part[], part: Part): Part[] => putById(parts, part);

function putById<Item extends { id: string }>(items: Item[], item: Item): Item[] {
  return items.some(({ id }) => id === item.id) ? items.map((old) => (old.id === item.id ? item : old)) : [...items, item];
}

const without = <Item extends { id: string }>(items: Item[], id: string): Item[] => items.filter((item) => item.id !== id);

function lengthen(part: Part, field: string, delta: string): Part {
  if (field !== "text" || (part.type !== "text" && part.type !== "reasoning")) return part;
  return { ...part, text: part.text + delta };
}
