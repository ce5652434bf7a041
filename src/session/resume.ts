import { findMessage, listAnswers, withParts } from "../../db/queries/message.ts";
import { endTurn, heldPrompts, setPromptStatus } from "../../db/queries/prompt.ts";
import type { ResumePolicy } from "../schema/config.ts";
import { AppError } from "../schema/error.ts";
import type { AssistantMessage } from "../schema/message.ts";
import type { Part } from "../schema/part.ts";
import type { Session } from "../schema/session.ts";
import { interrupted, markInterrupted } from "./interrupted.ts";
import type { SessionOptions } from "./options.ts";
import { fenced } from "./turn-input.ts";

/** A turn that keeps ending its server is given up. */
const mostAttempts = 3;
/** Milliseconds for MCP servers to say whether their tools may be repeated. */
const mcpPatience = 10_000;

/** What becomes of the prompts of a turn that was cut short. `held`: people are asked. */
export type Resumption = "end" | "again" | "held";

/**
 * What the policy says of a turn. Never again: what a person ran in the shell, a sub-agent's turn (the session above runs again or not, and
 * starts others), a turn that was cut short three times.
 */
export async function resumptionOf(
  options: SessionOptions,
  session: Session,
  { policy, started }: { policy: ResumePolicy; started: string[] },
): Promise<Resumption> {
  const newest = started.at(-1);
  if (policy === "off" || newest === undefined || session.parentID !== undefined) return "end";
  const answers = (await Promise.all(started.map((id) => listAnswers(options.database.orm, id)))).flat();
  const attempts = answers.filter(({ info }) => info.role === "assistant" && isCut(info)).length;
  if (attempts >= mostAttempts || (await isShell(options, newest))) return "end";
  if (policy === "always") return "again";
  if (policy === "ask") return "held";
  return (await areRepeatable(options, session, toolsIn(answers.flatMap(({ parts }) => parts)))) ? "again" : "end";
}

/** Cut short by an earlier crash, or by this one: then it is still open. */
function isCut({ error, time }: AssistantMessage): boolean {
  return error?.name === interrupted.name || time.completed === undefined;
}

async function isShell({ database: { orm } }: SessionOptions, questionID: string): Promise<boolean> {
  const question = await findMessage(orm, questionID);
  if (question === undefined) return true;
  const [message] = await withParts(orm, [question]);
  return message?.parts.every((part) => part.type === "text" && part.synthetic === true) ?? true;
}

/** A call whose input was still being written has not begun. */
function toolsIn(parts: Part[]): Set<string> {
  return new Set(parts.flatMap((part) => (part.type === "tool" && part.state.status !== "pending" ? [part.tool] : [])));
}

/** What is not known any more may do anything. */
async function areRepeatable(options: SessionOptions, session: Session, names: Set<string>): Promise<boolean> {
  if (names.size === 0) return true;
  const workspace = await options.workspace(session.directory).catch(() => undefined);
  if (workspace === undefined) return false;
  const known = new Map(workspace.tools.map(({ id, repeatable }) => [id, repeatable]));
  if ([...names].some((name) => !known.has(name))) {
    await workspace.mcp.ready(AbortSignal.timeout(mcpPatience)).catch(options.onError);
    for (const { id, repeatable } of workspace.mcp.tools([...known.keys()])) known.set(id, repeatable);
  }
  return [...names].every((name) => known.get(name) === true);
}

const yes = "Run it again";

/**
 * Asks people about the prompts that are held, if any are: then they are taken up again, or over. Answered by any client, also one that
 * comes later; a server that shuts down or dies leaves them held, and the next one asks. The caller holds the lease.
 */
export async function askHeld(options: SessionOptions, session: Session, stop: { signal: AbortSignal; leaves(): boolean }): Promise<void> {
  const { orm } = options.database;
  const held = await heldPrompts(orm, session.id);
  const newest = held.at(-1);
  if (newest === undefined) return;
  const busy = { type: "session.status" as const, properties: { sessionID: session.id, status: { type: "busy" as const } } };
  await options.log.append([busy], fenced(options, session));
  const isWanted = await ask(options, session, { newest, signal: stop.signal });
  if (stop.leaves()) return;
  if (isWanted) await options.log.append([], { ...fenced(options, session), writes: [setPromptStatus(orm, held, "claimed")] });
  else await giveUp(options, session, { held, newest });
}

async function ask(options: SessionOptions, session: Session, turn: { newest: string; signal: AbortSignal }): Promise<boolean> {
  const question = await findMessage(options.database.orm, turn.newest);
  const [message] = question === undefined ? [] : await withParts(options.database.orm, [question]);
  const said = message?.parts.flatMap((part) => (part.type === "text" && !part.synthetic ? [part.text] : [])).join(" ") ?? "";
  const text = `The server stopped while it worked on ${JSON.stringify(said.length > 200 ? `${said.slice(0, 200)}…` : said)}. Run it again?`;
  const choices = [
    { label: yes, description: "The turn goes on after its last complete step; what was cut off may be done once more." },
    { label: "Leave it", description: "The turn stays interrupted." },
  ];
  try {
    const questions = [{ header: "Interrupted", question: text, options: choices, custom: false }];
    const answers = await options.questions.ask({
      session,
      questions,
      tool: { messageID: turn.newest, callID: "resume" },
      signal: turn.signal,
      timeout: (await options.workspace(session.directory)).config.config.server?.askTimeout,
    });
    return answers[0]?.includes(yes) ?? false;
  } catch (error) {
    const isAnswer = turn.signal.aborted || (error instanceof AppError && error.name !== "UnknownError");
    if (!isAnswer) throw error;
    return false;
  }
}

/** Nobody wants it any more: it stays what it was, interrupted. */
async function giveUp(options: SessionOptions, session: Session, { held, newest }: { held: string[]; newest: string }): Promise<void> {
  const { orm } = options.database;
  const last = (await listAnswers(orm, newest)).at(-1)?.info;
  const isTold = last?.role === "assistant" && last.error !== undefined;
  const events = isTold ? [] : await markInterrupted(options, session, { questionID: newest, error: interrupted });
  const told = events.findLast((event) => event.type === "message.updated")?.properties.info.id ?? last?.id ?? newest;
  await options.log.append(events, {
    ...fenced(options, session),
    writes: [endTurn(orm, { sessionID: session.id, messageIDs: held }, told)],
  });
}
