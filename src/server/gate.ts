import type { IncomingMessage } from "node:http";
import type { Authenticate } from "./auth.ts";
import type { Walls } from "./walls.ts";

/** What every request passes, before anything of it is read. */
export interface Gate {
  walls: Walls;
  authenticate: Authenticate;
}

/** Throws ForbiddenError for who is outside the walls. */
export function pass({ walls }: Gate, request: IncomingMessage): void {
  const { host, origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = request.headers;
  const refusal = walls.refuse({ host, origin, site: site?.toString(), mode: mode?.toString() });
  if (refusal !== undefined) throw refusal;
}
