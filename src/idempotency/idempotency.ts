import { createHash } from "node:crypto";
import type { Database } from "../../db/client.ts";
import {
  abandonCall,
  beginCall,
  type CallName,
  endCall,
  eraseCall,
  findCall,
  forgetCalls,
  type KeyedCall,
  markEffect,
  takeOverCall,
} from "../../db/queries/idempotency.ts";
import type { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import { otherRequest, stillRunning, withheld } from "./refusal.ts";

/**
 * Calls that come with a key have one effect and one answer, however often they come, also at once, on several servers that share the
 * store, and after a crash. Kept for a day, within bounds of count and size.
 */
export interface IdempotencyService {
  /**
   * Does the work, unless a call with the same name was done before: then its outcome is given again. Throws AppError ConflictError while
   * the first is under way, and where its answer was not kept; IdempotencyKeyError when the key came with another request.
   */
  once(call: KeyedRequest, work: (given: { messageID: string }) => Promise<Outcome>): Promise<Replay | undefined>;
}

export interface KeyedRequest extends CallName {
  /** What is asked, as data: the same again must be the same. */
  request: unknown;
  /** The answer holds a secret, which is not stored. */
  isSecret: boolean;
  /** With the given message id the work can be done again without a second effect. */
  isRepeatable: boolean;
  sessionID?: string;
}

/** How the work ended. `text`: the answer as it is stored. `none`: it was refused before it began. `open`: who asked went away first. */
export type Outcome =
  | { kind: "answer"; text: string }
  | { kind: "fault"; error: AppError; text: string }
  | { kind: "none" }
  | { kind: "open" };

/** What was answered to the first call. */
export interface Replay {
  text: string;
}

export interface IdempotencyOptions {
  database: Database;
  serverID: string;
  /** Whether a server that shares the store still runs. */
  isAlive(serverID: string): Promise<boolean>;
  limits?: { age: number; count: number; bytes: number; answer: number };
}

const defaults = { age: 24 * 3_600_000, count: 10_000, bytes: 64 << 20, answer: 256 << 10 };
/** Calls between two looks at what has grown too old or too much. */
const purgeEvery = 100;

/** Statuses that ask to try again: the same key may, as long as nothing was committed. */
const passing = new Set([409, 429, 503]);

export function createIdempotency({ database, serverID, isAlive, limits = defaults }: IdempotencyOptions): IdempotencyService {
  const { orm } = database;
  let calls = 0;

  async function change(statement: Parameters<Database["write"]>[0][number]): Promise<boolean> {
    const [result] = await database.write([statement]);
    return (result?.rowsAffected ?? 0) > 0;
  }

  /** The row, once it is ours to work on; a replay if the work was done. */
  async function claim(call: KeyedRequest, hash: string): Promise<{ ours: KeyedCall } | { replay: Replay }> {
    const { principal, procedure, key, sessionID = null } = call;
    const row = { principal, procedure, key, hash, sessionID, status: "running" as const, serverID, messageID: createId("message") };
    if (await change(beginCall(orm, { ...row, created: Date.now() })))
      return { ours: { ...row, effect: false, answer: null, withheld: null, bytes: 0, created: 0 } };
    const known = await findCall(orm, call);
    if (known === undefined) return claim(call, hash);
    if (known.hash !== hash) throw otherRequest(call);
    if (known.status === "done") return { replay: replayOf(call, known) };
    if (known.serverID !== "" && (await isAlive(known.serverID))) throw stillRunning(call);
    return takeOver(call, known);
  }

  async function takeOver(call: KeyedRequest, known: KeyedCall): Promise<{ ours: KeyedCall } | { replay: Replay }> {
    if (!(await change(takeOverCall(orm, call, { from: known.serverID, to: serverID })))) return claim(call, known.hash);
    if (!known.effect || call.isRepeatable) return { ours: known };
    await change(endCall(orm, call, { answer: null, withheld: "lost", bytes: 0, sessionID: known.sessionID }));
    throw withheld(call, "lost");
  }

  /** Keeps what is to be told again, and makes way for another try where there is nothing to tell. */
  async function conclude(call: KeyedRequest, outcome: Outcome): Promise<void> {
    const hasEffect = (await findCall(orm, call))?.effect ?? false;
    if (outcome.kind === "none") return void (await change(eraseCall(orm, call)));
    if (outcome.kind === "fault" && !hasEffect && passing.has(outcome.error.status)) return void (await change(eraseCall(orm, call)));
    if (outcome.kind === "open" && (!hasEffect || call.isRepeatable)) return void (await change(abandonCall(orm, call)));
    await change(endCall(orm, call, storedOutcome(call, outcome)));
    await purge();
  }

  function storedOutcome(call: KeyedRequest, outcome: Outcome): Parameters<typeof endCall>[2] {
    if (outcome.kind === "none" || outcome.kind === "open")
      return { answer: null, withheld: "lost", bytes: 0, sessionID: call.sessionID ?? null };
    const bytes = Buffer.byteLength(outcome.text);
    const sessionID = call.sessionID ?? /\bses_[0-9a-f]{12}[0-9A-Za-z]{14}\b/.exec(outcome.text)?.[0] ?? null;
    const isSecret = call.isSecret && outcome.kind === "answer";
    if (isSecret || bytes > limits.answer) return { answer: null, withheld: isSecret ? "secret" : "size", bytes: 0, sessionID };
    return { answer: outcome.text, withheld: null, bytes, sessionID };
  }

  async function purge(): Promise<void> {
    calls += 1;
    if (calls % purgeEvery !== 1) return;
    await change(forgetCalls(orm, { before: Date.now() - limits.age, count: limits.count, bytes: limits.bytes }));
  }

  return {
    async once(call, work) {
      const claimed = await claim(call, hashOf(call.request));
      if ("replay" in claimed) return claimed.replay;
      const { messageID } = claimed.ours;
      const outcome = await database.alongside(markEffect(orm, call), () => work({ messageID }));
      await conclude(call, outcome);
      return undefined;
    },
  };
}

function replayOf(call: KeyedRequest, known: KeyedCall): Replay {
  if (known.answer === null) throw withheld(call, known.withheld ?? "lost");
  return { text: known.answer };
}

/** The same data has the same hash, in whatever order its fields were written. */
function hashOf(request: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(request, (_key, value: unknown) => sorted(value)) ?? "")
    .digest("base64url");
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
