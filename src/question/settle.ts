import type { Database } from "../../db/client.ts";
import { requireQuestion } from "../../db/queries/guard.ts";
import type { WaitingQuestion } from "../../db/queries/question.ts";
import type { EventLog, NewEvent } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import type { QuestionAnswer } from "../schema/question.ts";

export type Settlement = QuestionAnswer[] | "rejected";

/** A waiting question, wherever it waits. */
export type WaitingHere = Omit<WaitingQuestion, "serverID">;

/** Settles one question, whichever server it waits on. False: somebody else was quicker. */
export async function settle(
  { log, database }: { log: EventLog; database: Database },
  { request, directory, projectID }: WaitingHere,
  settlement: Settlement,
): Promise<boolean> {
  const subject = { sessionID: request.sessionID, requestID: request.id };
  const event: NewEvent =
    settlement === "rejected"
      ? { type: "question.rejected", properties: subject }
      : { type: "question.replied", properties: { ...subject, answers: settlement } };
  try {
    await log.append([event], { scope: { directory, projectID }, guards: requireQuestion(database.orm, request.id) });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.name === "ConflictError") return false;
    throw error;
  }
}
