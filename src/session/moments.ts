import { listMoments } from "../../db/queries/timeline.ts";
import type { PropertiesOf } from "../schema/event.ts";
import type { TimelineStep, TimelineWait } from "../schema/timeline.ts";
import type { SessionOptions } from "./options.ts";

/** A wait, and the call that waited. */
export interface CalledWait extends TimelineWait {
  messageID?: string;
  callID?: string;
}

/** What the log tells of a session that no row does: how long people were waited for, and what was tried again. */
export interface Moments {
  waits: CalledWait[];
  retries: TimelineStep["retries"];
}

const asks = ["permission.asked", "permission.replied", "question.asked", "question.replied", "question.rejected"];

export async function readMoments({ database: { orm } }: Pick<SessionOptions, "database">, sessionID: string): Promise<Moments> {
  const waits = new Map<string, CalledWait>();
  const retries: Moments["retries"] = [];
  for (const { type, at, data } of await listMoments(orm, sessionID, [...asks, "session.status"])) {
    if (type === "session.status") {
      const { status } = data as PropertiesOf<"session.status">;
      if (status.type === "retry") retries.push({ at, attempt: status.attempt, message: status.message, next: status.next });
    } else if (type === "permission.asked") {
      const { id, permission, tool } = data as PropertiesOf<"permission.asked">;
      waits.set(id, { kind: "permission", requestID: id, name: permission, start: at, ...tool });
    } else if (type === "question.asked") {
      const { id, tool } = data as PropertiesOf<"question.asked">;
      waits.set(id, { kind: "question", requestID: id, start: at, ...tool });
    } else end(waits, type, { at, data: data as { requestID: string; reply?: string } });
  }
  return { waits: [...waits.values()], retries };
}

function end(
  waits: Map<string, CalledWait>,
  type: string,
  { at, data }: { at: number; data: { requestID: string; reply?: string } },
): void {
  const wait = waits.get(data.requestID);
  if (wait !== undefined) Object.assign(wait, { end: at, answer: data.reply ?? (type === "question.rejected" ? "rejected" : "answered") });
}
