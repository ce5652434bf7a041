import type { PermissionRequest, QuestionRequest } from "../../../../src/client/client.ts";

export type Waiting =
  | { kind: "permission"; id: string; sessionID: string; request: PermissionRequest }
  | { kind: "question"; id: string; sessionID: string; request: QuestionRequest };

/** All that waits, what was asked first before what was asked later. */
export function inOrder(permissions: readonly PermissionRequest[], questions: readonly QuestionRequest[]): Waiting[] {
  const all: Waiting[] = [
    ...permissions.map((request) => ({ kind: "permission" as const, id: request.id, sessionID: request.sessionID, request })),
    ...questions.map((request) => ({ kind: "question" as const, id: request.id, sessionID: request.sessionID, request })),
  ];
  return all.sort((one, other) => (moment(one.id) < moment(other.id) ? -1 : 1));
}

/** Ids of all kinds begin with theirs, and go on with when they were made. */
const moment = (id: string): string => id.slice(id.indexOf("_") + 1);

/** Where the keys are: at what they were at, or when that was answered, at what has come to its place. */
export function currentOf(waiting: readonly Waiting[], place: { id?: string; at: number }): number {
  const at = waiting.findIndex(({ id }) => id === place.id);
  return at === -1 ? Math.min(place.at, waiting.length - 1) : at;
}
