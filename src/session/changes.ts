import type { Database } from "../../db/client.ts";
import { findLaterChange, lastChange, listChanges, listFamily, saveChange } from "../../db/queries/change.ts";
import { type FileState, sameState } from "../schema/change.ts";
import type { Snapshots } from "../snapshot/snapshot.ts";

/**
 * What a turn does to files. A tool that writes says so itself (`record`); what a command did is told from the files before and after
 * it (`begin`, `end`) and marked as inferred, without what other sessions said they wrote meanwhile. Each change is a row as
 * soon as it is known. Nothing here ever fails a turn: faults are reported, and the change is then not on record.
 */
export interface TurnChanges {
  call(call: { messageID: string; callID: string }): CallChanges;
  step: StepSnapshots;
}

export interface CallChanges {
  /** Runs work that changes these files (absolute, links followed), and keeps them as they were and as it left them. Throws what the work throws. */
  record<Result>(files: string[], work: () => Promise<Result>): Promise<Result>;
  /** A command is about to run. Called again, it counts from then. */
  begin(): Promise<void>;
  /** The command, if one was begun, is over. */
  end(): Promise<void>;
}

export interface StepSnapshots {
  /** A step begins: its snapshot is taken while the model is asked. */
  begin(): void;
  /** The snapshot of the step's begin, if it is there soon: the model's first words do not wait for it. */
  started(): Promise<string | undefined>;
  /** The step is over: the snapshots of its begin and its end, and the files it changed, those of child sessions included. */
  finished(): Promise<StepEnd>;
}

export interface StepEnd {
  start?: string;
  snapshot?: string;
  /** Absolute. */
  files: string[];
}

export interface TurnChangesOptions {
  database: Database;
  sessionID: string;
  snapshots: Snapshots;
  onError?: (error: unknown) => void;
}

/** Milliseconds that the first words of an answer may wait for a snapshot. */
const patience = 500;

export function createTurnChanges(options: TurnChangesOptions): TurnChanges | undefined {
  if (!options.snapshots.enabled) return undefined;
  const step = createSteps(options);
  return { step, call: (call) => createCallChanges(options, call, step.touched) };
}

function createCallChanges(options: TurnChangesOptions, call: { messageID: string; callID: string }, touched: () => void): CallChanges {
  const { database, sessionID, snapshots } = options;
  const { orm } = database;
  const quietly = quiet(options);
  let begun: { snapshot: string; sequence: number } | undefined;

  async function save(change: { file: string; before: FileState | undefined; after: FileState | undefined }, inferred: boolean) {
    const { file, before = null, after = null } = change;
    if (sameState(change.before, change.after)) return;
    await database.write([saveChange(orm, { sessionID, ...call, file, before, after, inferred, created: Date.now() })]);
  }

  async function infer({ snapshot, sequence }: { snapshot: string; sequence: number }): Promise<void> {
    const now = await snapshots.track();
    const changes = now === undefined ? [] : await snapshots.changes(snapshot, now);
    // What a tool wrote before the snapshot is about to be said.
    await snapshots.settled();
    for (const change of changes) {
      // Whoever said so has changed it; what is left to tell is what became of the file after that.
      const told = await findLaterChange(orm, change.file, sequence);
      await save(told ? { ...change, before: told.after ?? undefined } : change, true);
    }
  }

  return {
    record(files, work) {
      touched();
      return snapshots.recording(async () => {
        const before = await quietly(() => Promise.all(files.map(async (file) => ({ file, before: await snapshots.keep(file) }))));
        try {
          return await work();
        } finally {
          await quietly(async () => {
            for (const entry of before ?? []) await save({ ...entry, after: await snapshots.keep(entry.file) }, false);
          });
        }
      });
    },
    async begin() {
      touched();
      await quietly(async () => {
        const snapshot = await snapshots.track();
        begun = snapshot === undefined ? undefined : { snapshot, sequence: await lastChange(orm) };
      });
    },
    async end() {
      const since = begun;
      begun = undefined;
      if (since) await quietly(() => infer(since));
    },
  };
}

function createSteps(options: TurnChangesOptions): StepSnapshots & { touched(): void } {
  const { database, sessionID, snapshots } = options;
  const { orm } = database;
  const quietly = quiet(options);
  const track = () => quietly(() => snapshots.track());
  let start: Promise<string | undefined> | undefined;
  let sequence: Promise<number> | undefined;
  let isTouched = false;
  let last: string | undefined;

  return {
    touched() {
      isTouched = true;
    },
    begin() {
      // Between two steps of a turn there is only time for the model to be asked.
      start = last === undefined ? track() : Promise.resolve(last);
      sequence = lastChange(orm);
      sequence.catch(() => {});
      isTouched = false;
    },
    started: () => soon(start),
    async finished() {
      const [from, since] = [start, sequence];
      start = undefined;
      if (from === undefined || since === undefined) return { files: [] };
      const begun = await from;
      const snapshot = isTouched ? await track() : begun;
      last = snapshot;
      const rows = await quietly(async () => listChanges(orm, await listFamily(orm, sessionID), await since));
      return { start: begun, snapshot, files: [...new Set(rows?.map(({ file }) => file))] };
    },
  };
}

async function soon<Value>(value: Promise<Value> | undefined): Promise<Value | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), patience);
  try {
    return await Promise.race([value, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function quiet({ onError }: TurnChangesOptions): <Result>(work: () => Promise<Result>) => Promise<Result | undefined> {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      onError?.(error);
      return undefined;
    }
  };
}
