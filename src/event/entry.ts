import type { AnyEvent } from "../schema/event.ts";
import { sharedText, shareText } from "../schema/event-text.ts";
import { createId } from "../schema/id.ts";
import type { ReasoningPart, TextPart } from "../schema/part.ts";
import type { OpenPart } from "./in-flight.ts";
import type { EventScope, LogEntry, NewEvent, NewLiveEvent } from "./log.ts";

type Place = Pick<LogEntry, "position" | "directory" | "projectID" | "sessionID" | "milestone" | "evicted">;

export function createEntry(event: AnyEvent, place: Place): LogEntry {
  shareText(event);
  return {
    ...place,
    event,
    get json() {
      return sharedText(event) ?? "";
    },
  };
}

export function withId(event: NewEvent | NewLiveEvent): AnyEvent {
  return { id: createId("event"), ...event } as AnyEvent;
}

/** The session an event speaks of, if it speaks of one. */
export function sessionOf(event: NewEvent | NewLiveEvent): string | undefined {
  return "sessionID" in event.properties ? (event.properties.sessionID as string | undefined) : undefined;
}

/** The part whose text or state a live entry carries; undefined for anything durable or unrelated. */
export function livePartOf(entry: LogEntry): string | undefined {
  if (entry.position !== undefined) return undefined;
  if (entry.event.type === "message.part.delta") return entry.event.properties.partID;
  if (entry.event.type === "message.part.updated") return entry.event.properties.part.id;
  return undefined;
}

const snapshots = new WeakMap<OpenPart, LogEntry>();

/** An open part as it is now, to be told and not stored. One for all readers: a state is never changed, a new one takes its place. */
export function snapshotEntry(part: OpenPart, scope: EventScope): LogEntry {
  const known = snapshots.get(part);
  if (known !== undefined) return known;
  const { sessionID } = part;
  const event = { id: createId("event"), type: "message.part.updated" as const, properties: { sessionID, part, time: Date.now() } };
  const entry = createEntry(event, { ...scope, sessionID });
  snapshots.set(part, entry);
  return entry;
}

export function deltaEntry({ sessionID, messageID, id }: TextPart | ReasoningPart, delta: string, scope: EventScope): LogEntry {
  const properties = { sessionID, messageID, partID: id, field: "text", delta };
  return createEntry(withId({ type: "message.part.delta", properties }), { ...scope, sessionID });
}
