import type { BatchItem } from "drizzle-orm/batch";
import type { AnyEvent, DurableType, EventType, PropertiesOf } from "../schema/event.ts";
import type { ReasoningPart, TextPart, ToolPart } from "../schema/part.ts";

/**
 * The log. Everything that happens is an event; a durable one is a row with an integer position, written in one batch with
 * the rows it changes, and told to readers after the commit, in the order of the positions, whichever server wrote it.
 * Positions are the only cursor. Deltas and other live events have none: they are lossy by design, and whoever resumes gets
 * the newest snapshot of a part in flight instead.
 */
export interface EventLog extends AsyncDisposable {
  /** Commits the events, the rows they stand for, and `writes`, all or nothing; then readers hear. Throws ConflictError when the fence or the expected position fails. */
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
}

export interface AppendOptions {
  scope: EventScope;
  /** Fails the append unless this server still holds the session's lease. */
  fence?: { sessionID: string; serverID: string };
  /** Fails the append unless the newest event of this session is at this position. */
  expected?: { sessionID: string; position: number };
  /** Further statements of the same commit. */
  writes?: BatchItem<"sqlite">[];
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
  /** The event as JSON, made once for all readers. */
  readonly json: string;
  /** Set on the last entry of a reader that was too slow: its cursor. The event is `server.instance.disposed`-like noise and is not to be sent; hosts say where to resume and close. */
  evicted?: { cursor: number };
}
