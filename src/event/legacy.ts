import type { Orm } from "../../db/client.ts";
import { withParts } from "../../db/queries/message.ts";
import type { AnyEvent } from "../schema/event.ts";
import { createEntry } from "./entry.ts";
import type { LogEntry } from "./log.ts";

/**
 * An entry with the event of the older names that it stands for, if it stands for one: `session.message` for a message that is now whole,
 * `tool.call` for a call that now runs. The position is on the last: whoever was cut off between the two gets both again, and nobody
 * gets the second twice.
 */
export async function withLegacy(orm: Orm, entry: LogEntry): Promise<LogEntry[]> {
  const event = entry.milestone && (await legacyOf(orm, entry.event));
  if (!event) return [entry];
  const { position, ...place } = entry;
  return [createEntry(entry.event, place), createEntry(event, { ...place, position })];
}

async function legacyOf(orm: Orm, event: AnyEvent): Promise<AnyEvent | undefined> {
  const id = `${event.id}_legacy`;
  if (event.type === "message.updated") {
    const { sessionID, info } = event.properties;
    const [message] = await withParts(orm, [info]);
    return message && { id, type: "session.message", properties: { sessionID, ...message } };
  }
  if (event.type !== "message.part.updated" || event.properties.part.type !== "tool") return undefined;
  const { sessionID, messageID, callID, tool, state } = event.properties.part;
  return { id, type: "tool.call", properties: { sessionID, messageID, callID, tool, input: state.input } };
}
