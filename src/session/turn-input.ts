import type { AppendOptions } from "../event/log.ts";
import { AppError } from "../schema/error.ts";
import type { UserMessage } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";
import type { FileTimes } from "../tool/tool.ts";
import { changeSession } from "./change.ts";
import type { SessionOptions } from "./options.ts";
import type { RecorderOptions } from "./recorder.ts";
import { scopeOf } from "./workspace.ts";

/** What one turn works with. */
export interface TurnInput {
  session: Session;
  question: UserMessage;
  /** The prompts the turn answers, the question's own among them. */
  prompts: string[];
  files: FileTimes;
  signal: AbortSignal;
}

/** Every commit of a turn is fenced by the session's lease. */
export function fenced({ serverID }: SessionOptions, session: Session): AppendOptions {
  return { scope: scopeOf(session), fence: { sessionID: session.id, serverID } };
}

/** What a turn changes of its session. One that was deleted is lost like its lease: ConflictError. */
export function changeOf(options: SessionOptions, { id }: Session): RecorderOptions["change"] {
  return (prepare) =>
    changeSession(options, id, prepare).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.name !== "NotFoundError") throw error;
      throw new AppError("ConflictError", `The session ${id} was deleted.`, { resource: id }, { cause: error });
    });
}
