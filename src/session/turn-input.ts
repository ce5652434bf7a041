import type { AppendOptions } from "../event/log.ts";
import type { UserMessage } from "../schema/message.ts";
import type { Session } from "../schema/session.ts";
import type { FileTimes } from "../tool/tool.ts";
import type { SessionOptions } from "./options.ts";
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
