import type { Database, Statement } from "../../db/client.ts";
import { erasePause, findPause, findSessionCap, saveSessionCap, waitingPauses } from "../../db/queries/budget.ts";
import { findSpent, hasOrphans, loseOrphans, loseUsage } from "../../db/queries/usage.ts";
import type { TurnBudget } from "../agent/turn.ts";
import type { EventLog } from "../event/log.ts";
import type { BudgetCap, BudgetChange, BudgetScope, SessionBudget } from "../schema/budget.ts";
import { type Account, rootOf, standingOf } from "./account.ts";
import { fromDollars, shown } from "./amount.ts";
import { createFreed } from "./freed.ts";
import { exhausted, type Meters, roomsOf } from "./limits.ts";
import { amountOf, type Reached, reached } from "./reached.ts";
import { createTurnBudget, type Payee } from "./reserve.ts";

export type { Account } from "./account.ts";
export { createUsage, type UsageService } from "./usage.ts";

/**
 * Budgets: how much of tokens and money sessions, projects and days may use. Before a model call its upper bound is reserved, afterwards it is
 * settled with what the provider reported. A reservation and the condition that it fits are one commit: any number of sessions, sub-agents and
 * servers on one store stay below a cap together, as long as providers count no more than the bound; what they count beyond it is recorded.
 * A session that has no room for its next call is paused: its turn ends with an error, and its prompts wait until there is room.
 */
export interface BudgetService {
  /** `pauses`: a session that reaches a cap here is paused. What is asked beside a turn (a title) does without. */
  ofTurn(account: Account, payee: Payee & { pauses: boolean }): TurnBudget;
  view(account: Account): Promise<SessionBudget>;
  /** Sets the cap of the session (of its root, for a sub-agent's). */
  change(account: Account, change: BudgetChange): Promise<void>;
  /** Why the session is paused. One for which there is room now is paused no more. */
  pauseOf(account: Account): Promise<(Reached & { since: number }) | undefined>;
  /** Sessions that were paused and in which prompts wait. Of one family, if given. */
  waiting(rootID?: string): Promise<{ sessionID: string }[]>;
  /** The session whose cap holds for this one. */
  rootOf(account: Account): Promise<string>;
  /** Counts as spent what a session's calls held when their server died. To be committed with its recovery. */
  lose(sessionID: string): Statement;
  /** The same for all calls of servers that are gone. */
  settleLost(): Promise<void>;
}

export interface BudgetOptions {
  database: Database;
  log: Pick<EventLog, "publish">;
  serverID: string;
  /** Models cost nothing here: nothing is reserved and nothing counted. */
  free?: boolean;
}

export function createBudgets({ database, log, serverID, free = false }: BudgetOptions): BudgetService {
  const { orm } = database;
  const reserving = { database, serverID, freed: createFreed(), onExcess: tellExcess(log) };

  async function pauseOf(account: Account): Promise<(Reached & { since: number }) | undefined> {
    const { id } = account.session;
    const row = await findPause(orm, id);
    if (row === undefined) return undefined;
    const now = Date.now();
    const { limits } = await standingOf(orm, account, now);
    const full = exhausted(await roomsOf(orm, limits), row);
    if (full) return { ...reached(full, row[full.unit], now), since: row.since };
    await database.write([erasePause(orm, id)]);
    return undefined;
  }

  return {
    ofTurn: (account, payee) => (free ? freeTurn : createTurnBudget(reserving, account, payee)),
    pauseOf,
    async view(account) {
      const { rootID, date, meters, caps } = await standingOf(orm, account, Date.now());
      const scope = async (name: keyof Meters) => describe(caps[name], await findSpent(orm, meters[name]));
      const paused = await pauseOf(account);
      return {
        sessionID: rootID,
        session: await scope("session"),
        project: await scope("project"),
        day: { ...(await scope("day")), date },
        paused: paused && { message: paused.message, since: paused.since, next: paused.next },
      };
    },
    async change({ session }, { tokens, cost }) {
      const rootID = await rootOf(orm, session);
      const before = await findSessionCap(orm, rootID);
      const after = { tokens: changed(before.tokens, tokens), cost: changed(before.cost, cost && fromDollars(cost)) };
      await database.write([saveSessionCap(orm, rootID, after)]);
    },
    async waiting(rootID) {
      return (await waitingPauses(orm)).filter((row) => rootID === undefined || row.rootID === rootID);
    },
    rootOf: ({ session }) => rootOf(orm, session),
    lose: (sessionID) => loseUsage(orm, sessionID),
    async settleLost() {
      if (await hasOrphans(orm)) await database.write([loseOrphans(orm)]);
    },
  };
}

const freeTurn: TurnBudget = { reserve: async () => ({ settle: async () => {} }) };

/** null takes a cap away, which is kept as -1; what is not said stays. */
function changed(before: number | null, value: number | null | undefined): number | null {
  if (value === undefined) return before;
  return value ?? -1;
}

function describe(cap: BudgetCap, { used, reserved, excess }: Awaited<ReturnType<typeof findSpent>>): BudgetScope {
  const gone = shown({ tokens: used.tokens + reserved.tokens, cost: used.cost + reserved.cost });
  const left = (unit: "tokens" | "cost") => (cap[unit] === undefined ? undefined : Math.max(0, cap[unit] - gone[unit]));
  return { cap, used: shown(used), reserved: shown(reserved), excess: shown(excess), left: { tokens: left("tokens"), cost: left("cost") } };
}

/** Whoever looks at the session's directory is told; the row has it for later. */
function tellExcess(log: Pick<EventLog, "publish">) {
  return ({ session }: Account, { providerID, modelID }: Payee, excess: { tokens: number; cost: number }): void => {
    const { directory, projectID, title } = session;
    const more = `${amountOf(excess.tokens, "tokens")} (${amountOf(excess.cost, "cost")})`;
    const message = `${providerID}/${modelID} reported ${more} more than were reserved for a call in "${title}".`;
    log.publish(
      { type: "tui.toast.show", properties: { title: "Budget exceeded by a call", message, variant: "warning" } },
      { directory, projectID },
    );
  };
}
