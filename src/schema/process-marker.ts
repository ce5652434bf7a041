/** The variable that every process a server starts, and all that they start, carry in their environment. */
export const markerName = "CODEPORT_TOOL";

/** Who started a process: a server, and where it was a tool of a session the session and the call. */
export interface ProcessMarker {
  server: string;
  session?: string;
  call?: string;
}

/** `srv_…` or `srv_…/ses_…/call`, after those of the servers around: one that was itself started by a tool hands on whose tool that was. */
export function toMarker({ server, session, call }: ProcessMarker, outer = ""): string {
  const own = [server, session, call].filter((part) => part !== undefined).map(encodeURIComponent);
  return [outer, own.join("/")].filter((part) => part !== "").join(" ");
}

/** From the outermost server to the one that started the process. */
export function readMarkers(value: string): ProcessMarker[] {
  return value
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => {
      const [server = "", session, call] = part.split("/").map(decoded);
      return { server, session, call };
    });
}

/** The environment of a server's children as that of one call's. */
export function markCall(environment: NodeJS.ProcessEnv, { session, call }: Required<Omit<ProcessMarker, "server">>): NodeJS.ProcessEnv {
  const markers = readMarkers(environment[markerName] ?? "");
  const server = markers.pop()?.server;
  if (server === undefined) return environment;
  const outer = markers.map((marker) => toMarker(marker)).join(" ");
  return { ...environment, [markerName]: toMarker({ server, session, call }, outer) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not one of ours: whatever it is, it names nobody.
    return text;
  }
}
