import { markCall, type ProcessMarker } from "../schema/process-marker.ts";
import { endMarked } from "./process-marked.ts";

/** The processes of a server's children, wherever they have gone. Disposing it ends all that still run. */
export interface OwnedProcesses extends AsyncDisposable {
  /** The environment for what a call starts. */
  environmentOf(call: { session: string; call: string }): NodeJS.ProcessEnv;
  /** Ends what the session's calls have left running. */
  endSession(session: string): Promise<void>;
  /** Ends what dead servers left, and nothing that a living one has started since. */
  endDead(servers: { dead: { id: string }[]; living: { id: string; pid: number }[] }): Promise<void>;
}

/** `environment`: of all children of the server, with its marker. */
export function createOwnedProcesses({ serverID, environment }: { serverID: string; environment: NodeJS.ProcessEnv }): OwnedProcesses {
  // Looking at every process of the machine is for sessions that may have started one.
  const sessions = new Set<string>();
  return {
    environmentOf(call) {
      sessions.add(call.session);
      return markCall(environment, call);
    },
    async endSession(session) {
      if (sessions.delete(session)) await endMarked({ isMeant: (markers) => markers.some((marker) => marker.session === session) });
    },
    async endDead({ dead, living }) {
      if (dead.length === 0) return;
      const names = (servers: { id: string }[], { server }: ProcessMarker): boolean => servers.some(({ id }) => id === server);
      await endMarked({
        isMeant: (markers) => markers.some((marker) => names(dead, marker)) && !markers.some((marker) => names(living, marker)),
        spare: living.map(({ pid }) => pid),
      });
    },
    async [Symbol.asyncDispose]() {
      sessions.clear();
      await endMarked({ isMeant: (markers) => markers.some((marker) => marker.server === serverID) });
    },
  };
}
