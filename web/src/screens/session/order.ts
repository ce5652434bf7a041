import type { Message } from "../../../../src/client/client.ts";

export type Infos = Readonly<Record<string, Message>>;

/**
 * Messages with each prompt where the conversation took it up: they are known by when they were written, but a prompt may have waited behind a
 * turn that wrote more of them. A prompt without answers of its own was answered with the next one. `order`: oldest first.
 */
export function conversationOrder(order: readonly string[], infos: Infos): readonly string[] {
  const messages = order.flatMap((id) => infos[id] ?? []);
  const answered = new Map<string, number>();
  for (const info of messages) {
    if (info.role === "assistant" && !answered.has(info.parentID)) answered.set(info.parentID, info.time.created);
  }
  const places = new Map<string, number>();
  let next: number | undefined;
  for (const info of messages.toReversed()) {
    if (info.role !== "user") continue;
    next = answered.get(info.id) ?? next ?? info.time.created;
    places.set(info.id, next);
  }
  const place = (info: Message): number => places.get(info.id) ?? info.time.created;
  return messages.toSorted((one, other) => place(one) - place(other)).map(({ id }) => id);
}

/** What stands in the conversation, and how many messages were taken back: those from the one that was reverted to on. */
export function withoutReverted(
  ids: readonly string[],
  messageID: string | undefined,
): { shown: readonly string[]; reverted: readonly string[] } {
  const at = messageID === undefined ? -1 : ids.indexOf(messageID);
  return at === -1 ? { shown: ids, reverted: [] } : { shown: ids.slice(0, at), reverted: ids.slice(at) };
}
