import type { NewEvent } from "../event/log.ts";
import { createId } from "../schema/id.ts";
import type { AssistantMessage } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { StepEnd } from "./changes.ts";
import type { PartRecorder } from "./part-recorder.ts";

/** What is told of a step's end: its part, before the message says how it finished, and its files, after that. */
export function stepEvents(
  finish: Part,
  end: StepEnd | undefined,
  parts: PartRecorder | undefined,
): { finish: NewEvent[]; patch: NewEvent[] } {
  const { messageID: id, sessionID } = finish;
  return { finish: [...lateSnapshot(parts, end), updated(finish)], patch: patchOf({ id, sessionID }, end) };
}

/** The first words of a step did not wait for its snapshot: it is told at the end. */
function lateSnapshot(parts: PartRecorder | undefined, end: StepEnd | undefined): NewEvent[] {
  const part = parts?.begun();
  if (part === undefined || part.snapshot !== undefined || end?.start === undefined) return [];
  return [updated({ ...part, snapshot: end.start })];
}

/** The files a step changed; only a step that changed some tells of it. */
export function patchOf({ id: messageID, sessionID }: Pick<AssistantMessage, "id" | "sessionID">, end: StepEnd | undefined): NewEvent[] {
  if (end?.start === undefined || end.files.length === 0) return [];
  return [updated({ id: createId("part"), sessionID, messageID, type: "patch", hash: end.start, files: end.files })];
}

function updated(part: Part): NewEvent {
  return { type: "message.part.updated", properties: { sessionID: part.sessionID, part, time: Date.now() } };
}
