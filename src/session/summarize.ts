import { enqueuePrompt } from "../../db/queries/prompt.ts";
import { createId } from "../schema/id.ts";
import type { ModelRef, UserMessage } from "../schema/message.ts";
import type { CompactionPart } from "../schema/part.ts";
import type { Session } from "../schema/session.ts";
import { goOn } from "./drop.ts";
import type { SessionOptions } from "./options.ts";

/**
 * Takes in the wish to compact a session: a prompt like any other, with a compaction part in place of words, so that it waits its turn and
 * survives a crash. Throws ProviderModelNotFoundError and ProviderAuthError; gives the message's id.
 */
export async function acceptCompaction(options: SessionOptions, session: Session, model: ModelRef): Promise<string> {
  const workspace = await options.workspace(session.directory);
  await workspace.providers.model(model);
  const agent = await workspace.agents.get(session.agent);
  const sessionID = session.id;
  const info: UserMessage = { id: createId("message"), sessionID, role: "user", time: { created: Date.now() }, agent: agent.name, model };
  const part: CompactionPart = { id: createId("part"), sessionID, messageID: info.id, type: "compaction", auto: false };
  const row = { messageID: info.id, sessionID, status: "queued" as const, policy: "queue" as const };
  await goOn(options, sessionID, {
    events: [
      { type: "message.updated", properties: { sessionID, info } },
      { type: "message.part.updated", properties: { sessionID, part, time: Date.now() } },
    ],
    append: { writes: [enqueuePrompt(options.database.orm, row)] },
  });
  return info.id;
}
