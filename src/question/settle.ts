import type { Database, Statement } from "../../db/client.ts";
import { requireQuestion } from "../../db/queries/guard.ts";
import type { WaitingQuestion } from "../../db/queries/question.ts";
import type { EventLog, NewEvent } from "../event/log.ts";
import type { Actor, AuditEntry } from "../schema/audit.ts";
import { AppError } from "../schema/error.ts";
import type { QuestionAnswer } from "../schema/question.ts";

export type Settlement = QuestionAnswer[] | "rejected";

/** A waiting question, wherever it waits. */
export type WaitingHere = Omit<WaitingQuestion, "serverID">;

export interface Store {
  log: EventLog;
  database: Database;
  audit?: { entry(entry: AuditEntry): Statement };
}

/** Settles one question, whichever server it waits on. False: somebody else was quicker. */
export async function settle(
  { log, database, audit }: Store,
  { request, directory, projectID }: WaitingHere,
  { settlement, actor }: { settlement: Settlement; actor?: Actor },
): Promise<boolean> {
  const action = settlement === "rejected" ? "question.reject" : "question.reply";
  const subject = { sessionID: request.sessionID, requestID: request.id };
  const event: NewEvent =
    settlement === "rejected"
      ? { type: "question.rejected", properties: subject }
      : { type: "question.replied", properties: { ...subject, answers: settlement } };
  const writes = audit && actor ? [audit.entry({ actor, action, subject, directory })] : [];
  try {
    await log.append([event], { scope: { directory, projectID }, guards: requireQuestion(database.orm, request.id), writes });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.name === "ConflictError") return false;
    throw error;
  }
}
