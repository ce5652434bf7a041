import type { TuiRequest } from "../schema/tui.ts";

/** The requests to the terminal client of one directory: first in, first out, one at a time. */
export interface ControlQueue {
  /** Resolves with the client's response. Rejects with the signal's reason: the request is then withdrawn. */
  ask(request: TuiRequest, signal: AbortSignal): Promise<unknown>;
  /**
   * Resolves with the next request, each handed out once, when the one before it was answered or withdrawn. Rejects with the signal's
   * reason; a request that was on its way to a client that went away is handed to the next one.
   */
  next(signal: AbortSignal): Promise<TuiRequest>;
  /** Answers the request that was handed out last; one that nobody waits for any more is past with it. */
  respond(response: unknown): void;
}

interface Asked {
  request: TuiRequest;
  resolve(response: unknown): void;
  /** Nobody waits for the response. */
  withdrawn: boolean;
  /** It is past: nobody listens any more to whether its taker leaves. */
  forget(): void;
}

interface Taker {
  take(asked: Asked): void;
}

export function createControlQueue(): ControlQueue {
  const asked: Asked[] = [];
  const takers: Taker[] = [];
  /** Handed out and not answered. */
  let open: Asked | undefined;

  function handOut(): void {
    // A client that asks for the next request has done with one that was withdrawn.
    if (open?.withdrawn && takers.length > 0) close();
    if (open !== undefined || asked.length === 0) return;
    const taker = takers.shift();
    if (taker === undefined) return;
    open = asked.shift();
    if (open) taker.take(open);
  }

  function close(): void {
    open?.forget();
    open = undefined;
  }

  function giveBack(request: Asked): void {
    if (open !== request) return;
    open = undefined;
    if (!request.withdrawn) asked.unshift(request);
    handOut();
  }

  return {
    ask(request, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const entry: Asked = { request, resolve, withdrawn: false, forget: () => {} };
      whenAborted(signal, promise, () => {
        entry.withdrawn = true;
        remove(asked, entry);
        reject(signal.reason);
        handOut();
      });
      if (!entry.withdrawn) asked.push(entry);
      handOut();
      return promise;
    },
    next(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<TuiRequest>();
      let taken: Asked | undefined;
      const taker: Taker = {
        take(entry) {
          taken = entry;
          entry.forget = () => signal.removeEventListener("abort", leave);
          resolve(entry.request);
        },
      };
      // Listened to beyond the hand-out: the signal aborts when the client has not got the whole of it.
      const leave = () => {
        remove(takers, taker);
        reject(signal.reason);
        if (taken) giveBack(taken);
      };
      if (signal.aborted) leave();
      else {
        signal.addEventListener("abort", leave, { once: true });
        takers.push(taker);
        handOut();
      }
      return promise;
    },
    respond(response) {
      open?.resolve(response);
      close();
      handOut();
    },
  };
}

function whenAborted(signal: AbortSignal, until: Promise<unknown>, leave: () => void): void {
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  const forget = () => signal.removeEventListener("abort", leave);
  until.then(forget, forget);
}

function remove<Item>(items: Item[], item: Item): void {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
}
