import { type Database, isGuardFailure, type Statement } from "../../db/client.ts";
import { lastPosition } from "../../db/queries/event.ts";
import { requireLease } from "../../db/queries/guard.ts";
import { savePart } from "../../db/queries/message.ts";
import { AppError } from "../schema/error.ts";
import type { AnyEvent, DurableType, EventType, PropertiesOf } from "../schema/event.ts";
import type { ReasoningPart, TextPart, ToolPart } from "../schema/part.ts";
import { createCommit } from "./commit.ts";
import { compactSession } from "./compact.ts";
import { createEntry, deltaEntry, sessionOf, snapshotEntry, withId } from "./entry.ts";
import { createInFlight, type OpenPart, settleParts } from "./in-flight.ts";
import { withLegacy } from "./legacy.ts";
import type { Milestone } from "./milestone.ts";
import { createMutex } from "./mutex.ts";
import { createObservers } from "./observers.ts";
import { createPublisher } from "./publisher.ts";
import type { QueueLimits } from "./queue.ts";
import { readOn } from "./read-on.ts";
import { follow } from "./reader.ts";
import { startTail } from "./tail.ts";

export { firstOf, followAnswers } from "./answers.ts";
export { every, type Periodic } from "./periodic.ts";

/**
 * The log. Everything that happens is an event; a durable one is a row with an integer position, written in one batch with
 * the rows it changes, and told to readers after the commit, in the order of the positions, whichever server wrote it.
 * Positions are the only cursor. Deltas and other live events have none: they are lossy by design, and whoever resumes gets
 * the newest snapshot of a part in flight instead.
 */
export interface EventLog extends AsyncDisposable {
  /** Commits the events, the rows they stand for, and `writes`, all or nothing; then readers hear. Throws ConflictError when the fence, the expected position or a guard fails. */
  append(events: NewEvent[], options: AppendOptions): Promise<LogEntry[]>;
  /** Tells whoever listens now; nothing is stored. */
  publish(event: NewLiveEvent, scope?: Partial<EventScope>): void;
  /** Text streaming into an open part: told at once, stored with the part's row at most once a second. */
  delta(part: TextPart | ReasoningPart, delta: string, options: AppendOptions): void;
  /** New state of an open tool part (live output): told at once (coalesced), stored at most once a second. */
  progress(part: ToolPart, options: AppendOptions): void;
  /** The newest state of a part that this server is writing, ahead of its row. */
  inFlight(partID: string): TextPart | ReasoningPart | ToolPart | undefined;
  /**
   * Follows the log. With `after`: replays everything after that position, then goes on live, no gap and no duplicate. Without:
   * live only, from the moment of the call. Ends quietly when the signal aborts or the log is disposed.
   * A reader that falls behind is fed less (deltas collapse into snapshots) and at the hard limit its last entry is `evicted`.
   */
  read(options: ReadOptions): AsyncIterable<LogEntry>;
  /** As `read`, for readers inside the server: one that fell behind goes on where it was, so that no durable event is missed. */
  readOn(options: ReadOptions): AsyncIterable<LogEntry>;
  /** The entry, and behind it the event of the older names (`session.message`, `tool.call`) that it stands for; the position is on the last. */
  withLegacy(entry: LogEntry): Promise<LogEntry[]>;
  /** Calls at once, within the append, with each durable entry that comes, until it is disposed of. The listener must neither throw nor take long. */
  observe(listener: (entry: LogEntry) => void): Disposable;
  /** How many read the log now, those inside the server too, and how many were given up since the start because they were too slow. */
  readers(): { now: number; evicted: number };
  /**
   * Takes events out of a session's log that a replay tells again anyway (`compact.ts`): every cursor stays good. Only for a session that nobody
   * runs. `pause` is awaited between pieces of work. Resolves with how many went.
   */
  compact(sessionID: string, pause: () => Promise<void>): Promise<number>;
  /** The position of the newest durable event; 0 in an empty log. */
  position(): Promise<number>;
}

export interface NewEventOf<Type extends EventType> {
  type: Type;
  properties: PropertiesOf<Type>;
}
export type NewEvent = { [Type in DurableType]: NewEventOf<Type> }[DurableType];
export type NewLiveEvent = { [Type in Exclude<EventType, DurableType>]: NewEventOf<Type> }[Exclude<EventType, DurableType>];

/** Where an event belongs. Readers of one directory see only its events; events without a directory reach everyone. */
export interface EventScope {
  directory: string;
  projectID: string;
  /** The session it came of, for events that do not name theirs: they are erased with it. */
  sessionID?: string;
}

export interface AppendOptions {
  scope: EventScope;
  /** Fails the append unless this server still holds the session's lease. */
  fence?: { sessionID: string; serverID: string };
  /** Fails the append unless the newest event of this session is at this position. */
  expected?: { sessionID: string; position: number };
  /** The events tell again what happened elsewhere (in a copy): none is a milestone. */
  retold?: boolean;
  /** Further conditions of the commit (`db/queries/guard.ts`); they see the store as it was before it. */
  guards?: Statement[];
  /** Further statements of the same commit. */
  writes?: Statement[];
}

export interface ReadOptions {
  after?: number;
  directory?: string;
  sessionID?: string;
  signal?: AbortSignal;
}

export interface LogEntry {
  /** Durable events only: the cursor. */
  position?: number;
  event: AnyEvent;
  directory?: string;
  projectID?: string;
  sessionID?: string;
  /** The event is the first in which what it speaks of has come so far. */
  milestone?: Milestone;
  /** The event as JSON, made once for all readers. */
  readonly json: string;
  /** Set on the last entry of a reader that was too slow. Not an event to send: the host says where to resume (`cursor`) and closes. */
  evicted?: { cursor: number };
}

export interface LogOptions {
  database: Database;
  /** Who writes: stored with asks, so that those of a dead server can be told. */
  serverID: string;
  /** Bytes of JSON a reader may fall behind before deltas collapse (`soft`) and before it is evicted (`hard`). */
  limits?: QueueLimits;
  /** How often other servers' commits are looked for, in ms. */
  tailInterval?: number;
  /** Told of failures nobody waits for: a checkpoint that could not be written, a tail that could not be read. */
  onError?: (error: unknown) => void;
}

/** Opens the log of a store. Disposing it ends every reader. */
export async function createLog(options: LogOptions): Promise<EventLog> {
  const { database, limits = { soft: 1 << 19, hard: 4 << 20 }, onError = () => {} } = options;
  const exclusive = createMutex();
  const inFlight = createInFlight({ checkpoint, announce: (part, { scope }) => publisher.deliver(snapshotEntry(part, scope)) });
  const observers = createObservers();
  const publisher = createPublisher({ orm: database.orm, limits, inFlight, observers, head: await lastPosition(database.orm) });
  const commit = createCommit(options);
  const tail = startTail({ database, interval: options.tailInterval ?? 100, onMove: () => exclusive(() => publisher.catchUp()), onError });

  function checkpoint(part: OpenPart, { fence }: AppendOptions): void {
    const write = async () => {
      if (inFlight.get(part.id) !== part) return;
      await database.write([...(fence ? requireLease(database.orm, fence) : []), savePart(database.orm, part)]);
    };
    exclusive(write).catch(onError);
  }

  async function append(events: NewEvent[], appendOptions: AppendOptions): Promise<LogEntry[]> {
    settleParts(inFlight, events, appendOptions);
    const entries = await commit(events, appendOptions).catch(asConflict);
    await publisher.deliverCommitted(entries);
    return entries;
  }

  const read = (readOptions: ReadOptions) => follow(publisher, readOptions);

  return {
    append: (events, appendOptions) => exclusive(() => append(events, appendOptions)),
    publish: (event, scope = {}) => publisher.deliver(createEntry(withId(event), { ...scope, sessionID: sessionOf(event) })),
    delta(part, delta, appendOptions) {
      inFlight.update(part, appendOptions);
      publisher.deliver(deltaEntry(part, delta, appendOptions.scope));
    },
    progress: (part, appendOptions) => inFlight.announce(part, appendOptions),
    inFlight: inFlight.get,
    read,
    observe: observers.observe,
    readers: publisher.readers,
    readOn: (readOptions) => readOn(read, readOptions),
    withLegacy: (entry) => withLegacy(database.orm, entry),
    compact: (sessionID, pause) => compactSession(database, sessionID, pause),
    position: () => lastPosition(database.orm),
    async [Symbol.asyncDispose]() {
      await tail.stop();
      inFlight.dispose();
      await publisher.close();
      await exclusive(async () => {});
    },
  };
}

function asConflict(error: unknown): never {
  if (isGuardFailure(error))
    throw new AppError("ConflictError", "The session changed hands, or the log moved on, since this was prepared.", {}, { cause: error });
  throw error;
}
