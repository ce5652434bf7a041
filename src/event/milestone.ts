import type { Orm } from "../../db/client.ts";
import { findMessages, findParts } from "../../db/queries/message.ts";
import type { Message } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { NewEvent } from "./log.ts";

/** `finished`: the first event in which a message is whole. `started`: the first in which a tool call runs. */
export type Milestone = "finished" | "started";

/**
 * For each event the milestone that it is, if it is one. It is told when the event is written and kept with it: a replay fills every event with
 * the newest state, and could not tell any more which was the first.
 */
export async function milestonesOf(orm: Orm, events: NewEvent[]): Promise<(Milestone | undefined)[]> {
  const candidates = events.map(candidateOf);
  const passed = new Set([
    ...(await findMessages(orm, idsOf(candidates, "finished"))).filter(isFinished).map(({ id }) => id),
    ...(await findParts(orm, idsOf(candidates, "started"))).filter((part) => !isWaiting(part)).map(({ id }) => id),
  ]);
  return candidates.map((candidate) => {
    if (candidate === undefined || passed.has(candidate.id)) return undefined;
    passed.add(candidate.id);
    return candidate.milestone;
  });
}

interface Candidate {
  id: string;
  milestone: Milestone;
}

function candidateOf(event: NewEvent): Candidate | undefined {
  if (event.type === "message.updated" && isFinished(event.properties.info)) return { id: event.properties.info.id, milestone: "finished" };
  if (event.type === "message.part.updated" && isRunning(event.properties.part))
    return { id: event.properties.part.id, milestone: "started" };
  return undefined;
}

function idsOf(candidates: (Candidate | undefined)[], milestone: Milestone): string[] {
  return candidates.flatMap((candidate) => (candidate?.milestone === milestone ? [candidate.id] : []));
}

function isFinished(info: Message): boolean {
  return info.role === "user" || info.time.completed !== undefined;
}

const isRunning = (part: Part): boolean => part.type === "tool" && part.state.status === "running";
const isWaiting = (part: Part): boolean => part.type === "tool" && part.state.status === "pending";
