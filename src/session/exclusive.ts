import { busy } from "./accept.ts";

/** Work on an idle session that is no turn: a shell command, an undo. It has the session to itself; prompts that come wait behind it. */
export interface Job {
  work(signal: AbortSignal): Promise<void>;
  /** The session is said to be idle afterwards only if the work said that it is busy. */
  quiet: boolean;
  /** The session is not free. */
  refuse(): void;
  /** The caller hears the outcome only now, when the session is idle again or at its next prompt. */
  settle(): void;
}

export interface ExclusiveOptions {
  /** The work tells of itself as a turn does: it says `busy`, so `idle` is said after it. */
  tells?: boolean;
}

/** A job and the promise of its outcome. `work` gets a signal that aborts when the session is stopped. */
export function createJob<Result>(
  sessionID: string,
  work: (signal: AbortSignal) => Promise<Result>,
  { tells = false }: ExclusiveOptions = {},
): { job: Job; result: Promise<Result> } {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  let tell = () => reject(busy(sessionID));
  const job: Job = {
    quiet: !tells,
    async work(signal) {
      try {
        const outcome = await work(signal);
        tell = () => resolve(outcome);
      } catch (error) {
        tell = () => reject(error);
      }
    },
    refuse: () => reject(busy(sessionID)),
    settle: () => tell(),
  };
  return { job, result: promise };
}
