import type { Orm, Statement } from "../../db/client.ts";
import { eraseMessage, erasePart, saveMessage, savePart } from "../../db/queries/message.ts";
import { eraseAsk, saveAsk } from "../../db/queries/permission.ts";
import { saveProject } from "../../db/queries/project.ts";
import { eraseQuestion, saveQuestion } from "../../db/queries/question.ts";
import { indexPart } from "../../db/queries/searchable.ts";
import { eraseSession, saveSession } from "../../db/queries/session.ts";
import { replaceTodos } from "../../db/queries/todo.ts";
import type { EventScope, NewEvent } from "./log.ts";

/** The rows an event stands for. `serverID`: who asks, where the event is an ask. */
export function project(orm: Orm, event: NewEvent, origin: EventScope & { serverID: string }): Statement[] {
  switch (event.type) {
    case "session.created":
    case "session.updated":
      return saveSession(orm, event.properties.info);
    case "session.deleted":
      return eraseSession(orm, event.properties.sessionID);
    case "message.updated":
      return [saveMessage(orm, event.properties.info)];
    case "message.removed":
      return eraseMessage(orm, event.properties.messageID);
    case "message.part.updated":
      return [savePart(orm, event.properties.part), ...indexPart(orm, event.properties.part)];
    case "message.part.removed":
      return erasePart(orm, event.properties.partID);
    case "project.updated":
      return [saveProject(orm, event.properties)];
    case "todo.updated":
      return replaceTodos(orm, event.properties.sessionID, event.properties.todos);
    case "permission.asked":
      return [saveAsk(orm, { request: event.properties, ...origin, asked: Date.now() })];
    case "permission.replied":
      return [eraseAsk(orm, event.properties.requestID)];
    case "question.asked":
      return [saveQuestion(orm, { request: event.properties, ...origin, asked: Date.now() })];
    case "question.replied":
    case "question.rejected":
      return [eraseQuestion(orm, event.properties.requestID)];
    default:
      return [];
  }
}

/** How the event is kept (a milestone beside it): by the id of the row that holds its content, or by its own properties. */
export function storage(event: NewEvent): { reference: string | null; data: Record<string, unknown> | null } {
  switch (event.type) {
    case "session.created":
    case "session.updated":
    case "message.updated":
      return { reference: event.properties.info.id, data: null };
    case "message.part.updated":
      return { reference: event.properties.part.id, data: null };
    case "todo.updated":
      return { reference: event.properties.sessionID, data: null };
    case "session.deleted":
      return { reference: null, data: tombstone(event.properties) };
    default:
      return { reference: null, data: event.properties };
  }
}

/** What may stay of a session that was erased: that it was there, nothing of what it held. */
function tombstone({ sessionID, info }: Extract<NewEvent, { type: "session.deleted" }>["properties"]): Record<string, unknown> {
  const { id, projectID, directory, version, time } = info;
  return { sessionID, info: { id, slug: "", projectID, directory, version, time, title: "" } };
}
