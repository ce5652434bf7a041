import type { IncomingMessage } from "node:http";
import { AppError } from "../schema/error.ts";
import type { Authenticate } from "./auth.ts";
import type { Walls } from "./walls.ts";

/** What every request passes, before anything of it is read. */
export interface Gate {
  walls: Walls;
  authenticate: Authenticate;
}

/** Throws ForbiddenError for who is outside the walls, BadRequest for who expects what this server does not do. */
export function pass({ walls }: Gate, request: IncomingMessage): void {
  const { host, origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = request.headers;
  const refusal = walls.refuse({ host, origin, site: site?.toString(), mode: mode?.toString() });
  if (refusal !== undefined) throw refusal;
  const { expect } = request.headers;
  if (expect !== undefined && !/(^|\W)100-continue($|\W)/i.test(expect))
    throw new AppError("BadRequest", `Expect: "${expect}" is not known; only 100-continue is.`, { kind: "Headers" });
}
