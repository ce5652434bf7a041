import type { Statement } from "../../db/client.ts";
import { eraseChanges, replaceUndone } from "../../db/queries/change.ts";
import type { NewEvent } from "../event/log.ts";
import type { Session } from "../schema/session.ts";
import { changeSession, type SessionCommit } from "./change.ts";
import { loadHistory, messagesFrom, type Point, rowsFrom } from "./file-history.ts";
import type { SessionOptions } from "./options.ts";

/** What has to go into the commit that takes in the next prompt: after an undo, the conversation goes on from where it was cut, and what the last undo or redo reported is past. */
export async function dropReverted(
  options: SessionOptions,
  session: Session,
): Promise<{ session: Session; events: NewEvent[]; writes: Statement[] }> {
  const { revert, metadata: { revert: report, ...metadata } = {}, ...rest } = session;
  const told = { ...rest, ...(Object.keys(metadata).length > 0 && { metadata }) };
  if (revert === undefined) return { session: report === undefined ? session : told, events: [], writes: [] };
  const { orm } = options.database;
  const history = await loadHistory(options, session.id);
  const sequences = rowsFrom(history, revert).map(({ sequence }) => sequence);
  return {
    session: told,
    events: removals(session.id, messagesFrom(history, revert), revert),
    writes: [eraseChanges(orm, sequences), ...replaceUndone(orm, session.id, new Map())],
  };
}

/** Commits what goes on in a session; if something was undone there, the conversation is cut first. Throws as `changeSession`. */
export function goOn(options: SessionOptions, id: string, { events, append }: SessionCommit): Promise<void> {
  return changeSession(options, id, async (current) => {
    const dropped = await dropReverted(options, current);
    const cut: NewEvent = { type: "session.updated", properties: { sessionID: id, info: dropped.session } };
    return {
      events: [...dropped.events, ...(dropped.session === current ? [] : [cut]), ...events],
      append: { ...append, writes: [...dropped.writes, ...(append?.writes ?? [])] },
    };
  });
}

function removals(sessionID: string, messages: ReturnType<typeof messagesFrom>, { partID }: Point): NewEvent[] {
  return messages.flatMap(({ info, parts }, index): NewEvent[] => {
    const messageID = info.id;
    if (index > 0 || partID === undefined) return [{ type: "message.removed", properties: { sessionID, messageID } }];
    return parts.map(({ id }): NewEvent => ({ type: "message.part.removed", properties: { sessionID, messageID, partID: id } }));
  });
}
