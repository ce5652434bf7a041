import type { NewEvent } from "../event/log.ts";
import type { FileChange } from "../schema/change.ts";
import type { Session, SnapshotFileDiff } from "../schema/session.ts";

/** What an undo or redo tells: which files it set, and what the session comes to now. */
export function eventsOf(info: Session, diff: SnapshotFileDiff[], { done }: { done: FileChange[] }): NewEvent[] {
  const sessionID = info.id;
  return [
    ...done.map(({ file }): NewEvent => ({ type: "file.edited", properties: { file } })),
    { type: "session.updated", properties: { sessionID, info } },
    { type: "session.diff", properties: { sessionID, diff } },
  ];
}
