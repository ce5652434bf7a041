import { createId } from "../schema/id.ts";
import type { Message } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { MessageWithParts } from "../schema/prompt.ts";

/** The messages as those of another session, with ids of their own that name each other as before. What never ended is left out. */
export function copyMessages(messages: MessageWithParts[], sessionID: string): MessageWithParts[] {
  const ids = new Map(messages.map(({ info }) => [info.id, createId("message")]));
  return messages.flatMap(({ info, parts }) => {
    const copy = copyInfo(info, sessionID, ids);
    if (copy === undefined) return [];
    return [{ info: copy, parts: parts.flatMap((part) => copyPart(part, { sessionID, messageID: copy.id }, ids)) }];
  });
}

/** Undefined for the answer to a message that is not copied. */
function copyInfo(info: Message, sessionID: string, ids: Map<string, string>): Message | undefined {
  const id = ids.get(info.id) ?? createId("message");
  if (info.role === "user") return { ...info, id, sessionID };
  const parentID = ids.get(info.parentID);
  return parentID === undefined ? undefined : { ...info, id, sessionID, parentID };
}

function copyPart(part: Part, place: { sessionID: string; messageID: string }, ids: Map<string, string>): Part[] {
  const id = createId("part");
  if (part.type === "compaction") {
    const { tail_start_id: tail, ...rest } = part;
    const start = tail === undefined ? undefined : ids.get(tail);
    return [{ ...rest, ...place, id, ...(start !== undefined && { tail_start_id: start }) }];
  }
  if (part.type !== "tool") return [{ ...part, ...place, id }];
  const { state } = part;
  if (state.status === "pending" || state.status === "running") return [];
  if (state.status === "error" || state.attachments === undefined) return [{ ...part, ...place, id }];
  const attachments = state.attachments.map((file) => ({ ...file, ...place, id: createId("part") }));
  return [{ ...part, ...place, id, state: { ...state, attachments } }];
}
