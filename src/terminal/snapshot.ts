import type { Client } from "../client/client.ts";
import { type Conversation, emptyConversation } from "./conversation.ts";

/** Of a longer session the newest. */
const mostMessages = 300;

/** A session and what is asked in the directory, as the server has them now. Throws NotFoundError for an unknown session. */
export async function loadConversation({ api }: Client, sessionID: string | undefined): Promise<Conversation> {
  const [permissions, questions] = await Promise.all([api.permission.list.query(), api.question.list.query()]);
  if (sessionID === undefined) return { ...emptyConversation, permissions, questions };
  const [session, entries, todos, statuses, family] = await Promise.all([
    api.session.get.query({ sessionID }),
    api.session.messages.query({ sessionID, limit: mostMessages }),
    api.session.todo.query({ sessionID }),
    api.session.status.query(),
    familyOf({ api }, sessionID),
  ]);
  return { session, entries, todos, family, permissions, questions, status: statuses[sessionID] ?? { type: "idle" } };
}

async function familyOf({ api }: Pick<Client, "api">, sessionID: string): Promise<string[]> {
  const children = await api.session.children.query({ sessionID });
  const below = await Promise.all(children.map(({ id }) => familyOf({ api }, id)));
  return [sessionID, ...below.flat()];
}
