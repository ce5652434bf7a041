import type { ModelOutcome } from "../agent/turn.ts";
import type { EventLog } from "../event/log.ts";
import type { Tokens } from "../schema/message.ts";
import { type Counts, createCounts } from "./counts.ts";
import { createTurnState, type Tell, type TurnState } from "./turn-state.ts";

/**
 * Something that took its time, told when it is over: a turn, a step of it, and in a step the model's calls, the tools, and the waiting for
 * people. Ids, numbers, and names of tools, models and permissions: never what was said.
 */
export interface Activity {
  kind: "turn" | "step" | "model" | "tool" | "permission" | "question";
  /** Names it among all that this server tells of. */
  key: string;
  /** The key of what it is a part of. */
  parent?: string;
  /** The key of the turn that everything here is a part of; a sub-agent's turn is a part of the one that started it. */
  root: string;
  sessionID: string;
  messageID?: string;
  callID?: string;
  /** Of the tool, the model, the permission; of a turn and a step: the agent. */
  name: string;
  provider?: string;
  /** Epoch ms. */
  start: number;
  end: number;
  /** The name of the fault; undefined when it went well. */
  error?: string;
  /** Why the model stopped. */
  finish?: string;
  tokens?: Tokens;
  /** Dollars. */
  cost?: number;
}

/** What this server does, turn by turn. Turns and model calls are told to it; the rest it reads off the log. Nothing waits for it, and it never throws. */
export interface Activities {
  /** A turn begins; call what it gives when it is over, with what it threw. A session runs one turn at a time. */
  turn(turn: StartedTurn): (error?: unknown) => void;
  /** A model call begins; call what it gives with what came of it. `aside`: it is no part of the turn's steps. */
  call(call: StartedCall): (outcome: ModelOutcome) => void;
  /** Hears of each activity that is over, until it is disposed of. */
  follow(listener: (activity: Activity) => void): Disposable;
  /** Totals since the start. */
  counts(): Counts;
}

export interface StartedTurn {
  sessionID: string;
  /** The session that this one works for. */
  parentID?: string;
  /** The prompt that it answers. */
  messageID: string;
  agent: string;
}

export interface StartedCall {
  sessionID: string;
  providerID: string;
  modelID: string;
  aside?: boolean;
  price(tokens: Tokens): number;
}

export interface ActivityOptions {
  log: Pick<EventLog, "observe">;
  onError(error: unknown): void;
}

export type { Counts } from "./counts.ts";

export function createActivities({ log, onError }: ActivityOptions): Activities {
  const listeners = new Set<Tell>();
  const counts = createCounts();
  const turns = new Map<string, TurnState>();
  let calls = 0;
  const tell: Tell = (activity) => {
    for (const listener of [counts.add, ...listeners]) listener(activity);
  };
  // Whoever counts must never harm what is counted.
  const safely = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      onError(error);
    }
  };
  log.observe(({ event, sessionID }) => {
    const turn = sessionID === undefined ? undefined : turns.get(sessionID);
    if (turn !== undefined) safely(() => turn.see(event));
  });

  return {
    turn(started) {
      const state = createTurnState(started, { tell, above: turns.get(started.parentID ?? "") });
      turns.set(started.sessionID, state);
      return (error) => {
        if (turns.get(started.sessionID) === state) turns.delete(started.sessionID);
        safely(() => state.end(error));
      };
    },
    call(started) {
      const { sessionID, providerID: provider, modelID: name, price } = started;
      const turn = turns.get(sessionID);
      calls += 1;
      const key = `call ${sessionID} ${Date.now()} ${calls}`;
      const place = { key, parent: turn?.parentOf(started), root: turn?.root ?? key };
      const begun = { kind: "model" as const, ...place, sessionID, name, provider, start: Date.now() };
      return ({ tokens, error }) => safely(() => tell({ ...begun, end: Date.now(), error, tokens, cost: tokens && price(tokens) }));
    },
    follow(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    counts: counts.read,
  };
}
