import { listFamily, listUndone, replaceUndone } from "../../db/queries/change.ts";
import { requireNothingQueued } from "../../db/queries/guard.ts";
import { AppError } from "../schema/error.ts";
import type { Session, SnapshotFileDiff } from "../schema/session.ts";
import type { Snapshots } from "../snapshot/snapshot.ts";
import { busy } from "./accept.ts";
import { changeSession } from "./change.ts";
import { diffOf, summaryOf } from "./diff.ts";
import { isConflict } from "./ending.ts";
import { loadHistory, type messagesFrom, type Point, rowsFrom, sessionDiff, standing } from "./file-history.ts";
import { knownSession, ourSession } from "./known.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import { type Moves, moveFiles, takeBack } from "./restore.ts";
import { eventsOf } from "./revert-events.ts";
import type { Runner } from "./runner.ts";
import type { SessionService } from "./session.ts";
import { fenced } from "./turn-input.ts";
import { undoFiles } from "./undo-files.ts";

type Undo = Pick<SessionService, "revert" | "unrevert" | "diff" | "undoFiles">;

/**
 * Undo and redo. Only files that the session (or a child of it) changed are touched, and only where they still hold what it left:
 * others are left alone and named. `session.revert` says where the conversation is cut; `session.metadata.revert` says, by the names that
 * diffs use, `conflicts` (left alone), `inferred` (undone, but known only from before and after a command) and `notLookedAt` (too large
 * for snapshots: what commands did to them is unknown), and `off`, the reason, where snapshots do not work.
 */
export function createUndo(options: SessionOptions, { leases, runner }: { leases: Leases; runner: Runner }): Undo {
  const { orm } = options.database;

  async function idle(id: string): Promise<void> {
    const held = await leases.held();
    if ((await listFamily(orm, id)).some((member) => member !== id && held.has(member))) throw busy(id);
  }

  async function move(id: string, point: Point | undefined): Promise<Session> {
    const session = await ourSession(options, id);
    const { snapshots } = await options.workspace(session.directory);
    if (point === undefined && session.revert === undefined) return session;
    await idle(id);
    return runner.exclusive(id, async () => moveTo(options, snapshots, { session: await knownSession(orm, id), point }));
  }

  return {
    revert: (id, point) => move(id, point),
    unrevert: (id) => move(id, undefined),
    diff: (id, query) => sessionDiff(options, id, query),
    async undoFiles(id, query) {
      const { snapshots } = await options.workspace((await ourSession(options, id)).directory);
      await idle(id);
      return runner.exclusive(id, async () => undoFiles(options, snapshots, { session: await knownSession(orm, id), query }));
    },
  };
}

async function moveTo(
  options: SessionOptions,
  snapshots: Snapshots,
  { session, point: given }: { session: Session; point: Point | undefined },
): Promise<Session> {
  const { orm } = options.database;
  const history = await loadHistory(options, session.id);
  const point = given && normalised(history.messages, given);
  const later = new Set(point ? rowsFrom(history, point) : []);
  const snapshot = session.revert?.snapshot ?? (await snapshots.track());
  const moves = await moveFiles(snapshots, {
    rows: history.rows,
    isUndone: (row) => later.has(row),
    undone: await listUndone(orm, session.id),
  });
  const revert = point && { ...point, snapshot, diff: textOf(await snapshots.diff(moves.done)) };
  const diff = await diffOf(snapshots, standing(history, { ...session, revert }));
  try {
    await changeSession(options, session.id, (current) => {
      const metadata = { ...current.metadata, revert: report(snapshots, moves, point !== undefined) };
      const time = { ...current.time, updated: Date.now() };
      const info: Session = { ...current, revert, summary: summaryOf(diff), metadata, time };
      const guards = requireNothingQueued(orm, session.id);
      return {
        events: eventsOf(info, diff, moves),
        append: { fence: fenced(options, session).fence, guards, writes: replaceUndone(orm, session.id, moves.undone) },
      };
    });
    return await knownSession(orm, session.id);
  } catch (error) {
    await takeBack(snapshots, moves);
    // A prompt came while the files were restored.
    throw isConflict(error) ? busy(session.id) : error;
  }
}

/** Throws NotFoundError for a place that is not in the conversation. A part with nothing said or done before it is its whole message. */
function normalised(messages: Parameters<typeof messagesFrom>[0]["messages"], { messageID, partID }: Point): Point {
  const message = messages.find(({ info }) => info.id === messageID);
  if (message === undefined) throw new AppError("NotFoundError", `Message not found: ${messageID}`, { messageID });
  if (partID === undefined) return { messageID };
  const at = message.parts.findIndex(({ id }) => id === partID);
  if (at < 0) throw new AppError("NotFoundError", `Part not found: ${partID}`, { messageID, partID });
  return message.parts.slice(0, at).some(({ type }) => type === "text" || type === "tool") ? { messageID, partID } : { messageID };
}

function report(snapshots: Snapshots, { conflicts, inferred }: Moves, isUndo: boolean): Record<string, unknown> | undefined {
  if (!isUndo && conflicts.length === 0) return undefined;
  const [notLookedAt, off] = [snapshots.tooLarge(), snapshots.off()];
  return {
    conflicts: conflicts.map(snapshots.nameOf).sort(),
    inferred: inferred.map(snapshots.nameOf).sort(),
    ...(notLookedAt.length > 0 && { notLookedAt }),
    ...(off !== undefined && { off }),
  };
}

function textOf(diffs: SnapshotFileDiff[]): string {
  return diffs.map(({ file, patch }) => patch || `Index: ${file}\n`).join("");
}
