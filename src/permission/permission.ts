import type { PermissionRequest } from "../schema/permission.ts";
import type { PermissionRuleset } from "../schema/session.ts";

/**
 * Permissions: rules decide, and where they say `ask` a person does. An ask is a row and a `permission.asked` event; any
 * client, on any server that shares the store, may answer it; the answer is a `permission.replied` event, and the waiting
 * tool goes on when that event reaches the log of its own server.
 */
export interface PermissionService extends AsyncDisposable {
  /**
   * Resolves when allowed. Throws AppError PermissionRejectedError: by rule (`data.by: "rule"`), by a person (`"person"`, with
   * `data.feedback` when a message came with it), by time-out policy (`"timeout"`), or the signal's reason on abort (the ask is then withdrawn).
   */
  ask(request: AskRequest): Promise<void>;
  /** What waits for an answer, oldest first; of one directory if given. */
  list(directory?: string): Promise<PermissionRequest[]>;
  /**
   * Answers an ask once. `always` remembers the ask's `always` patterns for the project and settles every waiting ask they
   * cover; `reject` rejects all that wait in the same session. Throws AppError PermissionNotFoundError (unknown, or answered already).
   */
  reply(requestID: string, answer: { reply: PermissionReply; message?: string }): Promise<void>;
}

export type PermissionReply = "once" | "always" | "reject";

export interface AskRequest {
  session: { id: string; directory: string; projectID: string };
  /** The rules in force, weakest first: the last one that matches decides; none matching means `ask`. */
  rules: PermissionRuleset;
  permission: string;
  patterns: string[];
  always: string[];
  metadata: Record<string, unknown>;
  tool: { messageID: string; callID: string };
  signal: AbortSignal;
}
