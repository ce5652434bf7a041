import { AppError } from "../schema/error.ts";

/** An error that ends the turn: the loop looks for `stopsTurn` on whatever a tool throws. */
const stopping = (error: AppError): AppError => Object.assign(error, { stopsTurn: true });

export function dismissed(): AppError {
  return stopping(new AppError("QuestionRejectedError", "The user dismissed this question.", { by: "person" }));
}

/** Nobody answered. The turn ends: the next question would wait as long again. */
export function unanswered(ms: number): AppError {
  const message = `Nobody answered this question within ${ms / 1000} seconds, so it counts as dismissed.`;
  return stopping(new AppError("QuestionRejectedError", message, { by: "timeout" }));
}

export function notFound(requestID: string): AppError {
  const message = `Question not found: ${requestID}. It is unknown, or was answered already.`;
  return new AppError("QuestionNotFoundError", message, { requestID });
}

export function wrongCount(asked: number, given: number): AppError {
  const message = `answers: there must be one list for each question, so ${asked} and not ${given}.`;
  return new AppError("BadRequest", message, { kind: "Payload", field: "answers" });
}

export function shuttingDown(): AppError {
  return new AppError("ServiceUnavailableError", "The server is shutting down.", { service: "question" });
}
