import { AppError } from "../schema/error.ts";
import type { Session } from "../schema/session.ts";
import { changeSession } from "./change.ts";
import { ourSession } from "./known.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionChange } from "./session.ts";

/** Tags that a session can have. */
const mostTags = 20;

/** Commits what the edit makes of a session; called again where somebody else changed it meanwhile. Throws as `changeSession`, and ForbiddenError for a session of others. */
export async function editSession(options: SessionOptions, id: string, edit: (current: Session) => Session): Promise<Session> {
  let info = await ourSession(options, id);
  await changeSession(options, id, (current) => {
    info = edit(current);
    return { events: [{ type: "session.updated", properties: { sessionID: id, info } }] };
  });
  return info;
}

/** The session with the change. To sort it (tags, archive) is not to work in it: the time of the last change stays. */
export function changed(current: Session, { time, tags, ...change }: SessionChange): Session {
  const isWork = Object.values(change).some((value) => value !== undefined);
  const updated = isWork || (time === undefined && tags === undefined) ? Date.now() : current.time.updated;
  const info: Session = { ...current, ...change, time: { ...current.time, ...time, updated } };
  if (info.time.archived === 0) delete info.time.archived;
  return tags === undefined ? info : withTags(info, tags);
}

/** Throws BadRequest for more tags than a session can have. */
export function retagged(current: Session, { add = [], remove = [] }: { add?: string[]; remove?: string[] }): Session {
  return withTags(
    current,
    [...(current.tags ?? []), ...add].filter((tag) => !remove.includes(tag)),
  );
}

function withTags({ tags: _, ...info }: Session, given: string[]): Session {
  const tags = [...new Set(given)];
  if (tags.length > mostTags)
    throw new AppError("BadRequest", `tags: a session has ${mostTags} tags at most.`, { kind: "Payload", field: "tags" });
  return tags.length === 0 ? info : { ...info, tags };
}
