import type { MessageWithParts } from "../schema/prompt.ts";

/**
 * A session's messages with each question where the conversation took it up. Messages are stored by when they were written, but a prompt may
 * have waited behind a turn that wrote more of them (a compaction, say). A question without answers of its own was answered with the next one.
 */
export function inOrder(messages: MessageWithParts[]): MessageWithParts[] {
  const answered = new Map<string, number>();
  for (const { info } of messages) {
    if (info.role === "assistant" && !answered.has(info.parentID)) answered.set(info.parentID, info.time.created);
  }
  const places = new Map<string, number>();
  let next: number | undefined;
  for (const { info } of messages.toReversed()) {
    if (info.role === "user") {
      next = answered.get(info.id) ?? next ?? info.time.created;
      places.set(info.id, next);
    }
  }
  const place = ({ info }: MessageWithParts): number => places.get(info.id) ?? info.time.created;
  return messages.toSorted((one, other) => place(one) - place(other));
}
