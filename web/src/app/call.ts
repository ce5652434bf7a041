import { useEffect, useRef, useState } from "react";
import { reasonOf } from "../live/follow.ts";
import { useCaller } from "./caller.ts";

export interface Result {
  number: number;
  /** The position of the log that came with it, to go on after. */
  position?: string;
  value: unknown;
}

export interface CallState {
  state: "idle" | "running" | "done" | "failed" | "stopped";
  /** Newest first, the newest 200. */
  results: readonly Result[];
  /** How many came in all. */
  count: number;
  /** Why it failed, in the server's words, and what it says of it. */
  fault?: { message: string; data: unknown };
  /** Of the whole call, in ms. */
  milliseconds?: number;
}

const kept = 200;
const idle: CallState = { state: "idle", results: [], count: 0 };

/** One call at a time of a procedure; it ends with the component. */
export function useCall(procedure: { path: string; type: string }, directory?: string) {
  const call = useCaller(directory);
  const [state, setState] = useState(idle);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  async function run(input: unknown): Promise<void> {
    running.current?.abort();
    const ends = new AbortController();
    running.current = ends;
    const begun = performance.now();
    const change = (next: (before: CallState) => Partial<CallState>) => {
      if (running.current === ends) setState((before) => ({ ...before, ...next(before) }));
    };
    setState({ ...idle, state: "running" });
    const onData = (value: unknown, position?: string) =>
      change(({ results, count }) => ({ count: count + 1, results: [{ number: count, position, value }, ...results].slice(0, kept) }));
    const over = (): Partial<CallState> => ({ milliseconds: performance.now() - begun });
    try {
      await call(procedure, input, { signal: ends.signal, onData });
      change(() => ({ ...over(), state: ends.signal.aborted ? "stopped" : "done" }));
    } catch (error) {
      change(() => ({ ...over(), ...(ends.signal.aborted ? { state: "stopped" } : { state: "failed", fault: faultOf(error) }) }));
    }
  }
  return { ...state, run, stop: () => running.current?.abort() };
}

function faultOf(error: unknown): CallState["fault"] {
  const data = typeof error === "object" && error !== null && "data" in error ? error.data : undefined;
  return { message: reasonOf(error), data: data ?? undefined };
}
