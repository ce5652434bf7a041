import type { Orm } from "../../db/client.ts";
import type { EventRow } from "../../db/queries/event.ts";
import { findMessages, findParts } from "../../db/queries/message.ts";
import { findSessions } from "../../db/queries/session.ts";
import { listTodos } from "../../db/queries/todo.ts";
import type { AnyEvent } from "../schema/event.ts";
import type { Part } from "../schema/part.ts";
import { createEntry } from "./entry.ts";
import type { LogEntry } from "./log.ts";
import type { Milestone } from "./milestone.ts";

/**
 * Log rows as entries. A snapshot event is filled with the newest state of its row (of the part in flight, where there is one), so
 * a replay of several snapshots of one thing repeats its last state. An event whose row is gone is left out: its removal follows.
 */
export async function fill(orm: Orm, rows: EventRow[], inFlight: (partID: string) => Part | undefined): Promise<LogEntry[]> {
  const state = await loadState(orm, rows, inFlight);
  return rows.flatMap((row) => {
    const properties = row.reference === null ? row.data : state(row);
    if (properties === undefined || properties === null) return [];
    const event = { id: row.id, type: row.type, properties } as AnyEvent;
    const { position, directory, projectID, sessionID } = row;
    return [createEntry(event, { position, directory, projectID, sessionID: sessionID ?? undefined, milestone: milestoneOf(row) })];
  });
}

/** Kept with the event, where the event itself is only a reference. */
function milestoneOf({ reference, data }: EventRow): Milestone | undefined {
  const milestone = reference === null ? undefined : data?.milestone;
  return milestone === "finished" || milestone === "started" ? milestone : undefined;
}

type Filler = (row: EventRow) => Record<string, unknown> | undefined;

async function loadState(orm: Orm, rows: EventRow[], inFlight: (partID: string) => Part | undefined): Promise<Filler> {
  const references = (...types: string[]) => [
    ...new Set(rows.filter((row) => types.includes(row.type) && row.reference).map((row) => row.reference as string)),
  ];
  const sessions = byId(await findSessions(orm, references("session.created", "session.updated")));
  const messages = byId(await findMessages(orm, references("message.updated")));
  const parts = byId(await findParts(orm, references("message.part.updated")));
  const todos = new Map<string, unknown>();
  for (const id of references("todo.updated")) todos.set(id, await listTodos(orm, id));
  return (row) => {
    const id = row.reference ?? "";
    const sessionID = row.sessionID;
    if (row.type === "todo.updated") return { sessionID, todos: todos.get(id) };
    if (row.type === "message.part.updated") {
      const part = inFlight(id) ?? parts.get(id);
      return part && { sessionID, part, time: row.created };
    }
    const info = row.type === "message.updated" ? messages.get(id) : sessions.get(id);
    return info && { sessionID, info };
  };
}

function byId<Item extends { id: string }>(items: Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]));
}
