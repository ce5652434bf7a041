import type { Connection } from "./connect.ts";

/** At most one connection, and at most one attempt at it at a time. */
export interface Link {
  current(): Connection | undefined;
  /** Resolves when there is a connection, or the attempt at one has ended: `LinkEvents` say how. Does not reject. */
  connect(): Promise<void>;
  /** Resolves when no attempt is under way. */
  settled(): Promise<void>;
  /** Closes a connection that is of no use any more. False: it was not the current one. */
  drop(dead: Connection): boolean;
  /** Ends the connection or the attempt: at once for whoever asks, and the promise is for what has to end. */
  end(reason: Error): Promise<void>;
}

export interface LinkEvents {
  /** Aborted by the signal. */
  open(signal: AbortSignal): Promise<Connection>;
  opened(): void;
  failed(error: unknown): void;
}

export function createLink(events: LinkEvents): Link {
  let connection: Connection | undefined;
  let attempt: Promise<void> | undefined;
  let closing: Promise<void> = Promise.resolve();
  let ends = new AbortController();

  async function open(signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      const opened = await events.open(signal);
      if (signal.aborted) return await opened.close();
      connection = opened;
      events.opened();
    } catch (error) {
      if (!signal.aborted) events.failed(error);
    } finally {
      // After an abort there may be another attempt already.
      if (!signal.aborted) attempt = undefined;
    }
  }

  return {
    current: () => connection,
    connect() {
      if (connection) return Promise.resolve();
      const { signal } = ends;
      attempt ??= closing.then(() => open(signal));
      return attempt;
    },
    settled: async () => attempt,
    drop(dead) {
      if (connection !== dead) return false;
      connection = undefined;
      closing = dead.close();
      return true;
    },
    end(reason) {
      ends.abort(reason);
      ends = new AbortController();
      closing = Promise.all([closing, attempt, connection?.close()]).then(() => {});
      attempt = undefined;
      connection = undefined;
      return closing;
    },
  };
}
