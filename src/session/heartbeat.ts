import { interruptedSessions } from "../../db/queries/prompt.ts";
import { every } from "../event/log.ts";
import type { Leases } from "./lease.ts";
import type { SessionOptions } from "./options.ts";
import type { Runner } from "./runner.ts";

/** Milliseconds between two signs of life, and between two looks at what other servers ask of this one. */
const heartbeat = 2_000;
const abortLook = 250;

/** Says from time to time that this server lives, takes over what dead ones left, and does what others of the store ask of its turns. The result ends it. */
export function startHeartbeat(options: SessionOptions, { leases, runner }: { leases: Leases; runner: Runner }): () => Promise<void> {
  const report = (error: unknown) => options.onError?.(error);
  const beat = async () => {
    await leases.beat();
    await runner.adopt();
  };
  const obeyAborts = async () => {
    for (const id of await leases.abortRequests()) runner.stop(id).catch(report);
    for (const id of await interruptedSessions(options.database.orm, options.serverID)) await runner.interrupt(id);
  };
  const periodic = [every(heartbeat, beat, report), every(abortLook, obeyAborts, report)];
  return async () => {
    for (const task of periodic) await task.stop();
  };
}
