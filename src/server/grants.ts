import type { Principal } from "../../routers/trpc.ts";
import type { App } from "../app.ts";
import { every } from "../event/log.ts";

/** What tokens have opened and keep open. It is ended soon after its token: also when another server of the store revoked it. */
export interface Grants {
  /** Calls `end` once when the principal's token has ended. The answer forgets it; undefined where no token is. */
  hold(principal: Principal, end: () => void): (() => void) | undefined;
  stop(): Promise<void>;
}

/** Milliseconds between two looks: revoked means closed within a second. */
const interval = 250;

export function createGrants({ tokens }: Pick<App, "tokens">, onError: (error: unknown) => void): Grants {
  const held = new Map<string, Set<() => void>>();
  const periodic = every(
    interval,
    async () => {
      if (held.size === 0) return;
      for (const id of await tokens.ended([...held.keys()])) {
        const ends = held.get(id) ?? [];
        held.delete(id);
        for (const end of ends) end();
      }
    },
    onError,
  );
  return {
    hold({ token }, end) {
      if (token === undefined) return undefined;
      const ends = held.get(token) ?? new Set();
      held.set(token, ends.add(end));
      return () => {
        ends.delete(end);
        if (ends.size === 0 && held.get(token) === ends) held.delete(token);
      };
    },
    stop: () => periodic.stop(),
  };
}
