import { listMessages } from "../../db/queries/message.ts";
import type { NewEvent } from "../event/log.ts";
import type { ToolPart } from "../schema/part.ts";
import type { Session } from "../schema/session.ts";
import type { SessionOptions } from "./options.ts";
import { fenced } from "./turn-input.ts";
import type { Workspace } from "./workspace.ts";

/** Tokens of the newest tool outputs that stay as they are. */
const kept = 40_000;
/** Marking fewer than this many tokens is not worth losing the provider's cache over. */
const worthwhile = 20_000;

/**
 * Marks old tool outputs so that the model is not sent them again. They stay in the session for people to read.
 * `compaction.prune: false` turns it off.
 */
export async function pruneOutputs(options: SessionOptions, session: Session, { config }: Workspace): Promise<void> {
  if (config.config.compaction?.prune === false) return;
  const messages = await listMessages(options.database.orm, session.id);
  const outputs = messages
    .flatMap(({ parts }) => parts)
    .filter((part): part is Completed => part.type === "tool" && part.state.status === "completed");
  const old = beyond(outputs.reverse());
  if (old.reduce((sum, part) => sum + weight(part), 0) < worthwhile) return;
  const events = old.map((part): NewEvent => {
    const state = { ...part.state, time: { ...part.state.time, compacted: Date.now() } };
    return { type: "message.part.updated", properties: { sessionID: session.id, part: { ...part, state }, time: Date.now() } };
  });
  await options.log.append(events, fenced(options, session));
}

type Completed = ToolPart & { state: Extract<ToolPart["state"], { status: "completed" }> };

const weight = ({ state }: Completed): number => state.output.length / 4;

/** Of outputs, newest first, those past what is kept that were not marked before. */
function beyond(outputs: Completed[]): Completed[] {
  let seen = 0;
  return outputs.filter((part) => {
    seen += weight(part);
    return seen > kept && part.state.time.compacted === undefined;
  });
}
