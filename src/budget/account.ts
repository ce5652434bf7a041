import type { Orm } from "../../db/client.ts";
import { findSession } from "../../db/queries/session.ts";
import type { BudgetConfig } from "../schema/budget.ts";
import type { Session } from "../schema/session.ts";
import { capsOf, dayOf, type Limit, limitsOf, type Meters } from "./limits.ts";

/** Whose money it is: a session, and what its directory's configuration allows. */
export interface Account {
  session: Session;
  /** Read anew for each call. */
  config(): Promise<BudgetConfig>;
}

/** An account at a moment. */
export interface Standing {
  rootID: string;
  date: string;
  meters: Meters;
  caps: Awaited<ReturnType<typeof capsOf>>;
  limits: Limit[];
}

export async function standingOf(orm: Orm, { session, config }: Account, now: number): Promise<Standing> {
  const rootID = await rootOf(orm, session);
  const date = dayOf(now);
  const meters: Meters = { session: { rootID }, project: { projectID: session.projectID }, day: { day: date } };
  const caps = await capsOf(orm, rootID, await config());
  return { rootID, date, meters, caps, limits: limitsOf(caps, meters) };
}

/** The session that was made by no other one. */
export async function rootOf(orm: Orm, session: Session): Promise<string> {
  let current = session;
  // Nobody can make a circle of sessions, but a store can be edited.
  for (const seen = new Set<string>(); current.parentID !== undefined && !seen.has(current.id); ) {
    seen.add(current.id);
    const parent = await findSession(orm, current.parentID);
    if (parent === undefined) return current.parentID;
    current = parent;
  }
  return current.id;
}
