import type { Session } from "../../../../src/client/client.ts";
import type { Activity } from "../../live/hooks.ts";
import { nameOf } from "../../ui/paths.ts";
import { type Filters, isWanted, projectKey } from "./filters.ts";

export interface ProjectRow {
  kind: "project";
  key: string;
  title: string;
  /** Where it is. */
  path: string;
  count: number;
}

export interface SessionRow {
  kind: "session";
  key: string;
  session: Session;
  depth: number;
  /** How many sub-agents stand below it, or would. */
  subAgents: number;
  isOpen: boolean;
  /** Its own; but when a sub-agent waits for an answer, so does it. */
  activity: Activity;
}

export type Row = ProjectRow | SessionRow;

export interface Listing {
  /** In the order in which they are to be shown. */
  sessions: readonly Session[];
  projects: readonly { id: string; worktree: string; name?: string }[];
  activities: Readonly<Record<string, Activity>>;
  filters: Filters;
  /** Those whose sub-agents are shown although they would not be, or the other way around. */
  toggled: ReadonlySet<string>;
}

/** The list as it is drawn: projects with their sessions, these with their sub-agents. */
export function rowsOf(listing: Listing): Row[] {
  const known = new Set(listing.sessions.map(({ id }) => id));
  const children = Map.groupBy(listing.sessions, ({ parentID }) => parentID ?? "");
  const isTop = ({ parentID }: Session) => parentID === undefined || !known.has(parentID);
  const { filters, activities } = listing;
  const isShown = (session: Session) =>
    isWanted(session, filters) && (filters.show !== "active" || withBelow(session, children).some(({ id }) => isActive(activities[id])));
  const top = listing.sessions.filter((session) => isTop(session) && isShown(session));
  return [...Map.groupBy(top, projectKey)].flatMap(([key, sessions]) => [
    ...projectRow(key, sessions, listing),
    ...sessions.flatMap((session) => sessionRows(session, 0, { ...listing, children })),
  ]);
}

function projectRow(key: string, sessions: readonly Session[], { projects }: Listing): ProjectRow[] {
  const [first] = sessions;
  return first === undefined ? [] : [{ kind: "project", key, ...placeOf(first, projects), count: sessions.length }];
}

type Children = ReadonlyMap<string, readonly Session[]>;

function sessionRows(session: Session, depth: number, listing: Listing & { children: Children }): SessionRow[] {
  const { children, activities, toggled } = listing;
  const own = children.get(session.id) ?? [];
  const all = withBelow(session, children);
  const isAtWork = all.slice(1).some(({ id }) => isActive(activities[id]));
  const isOpen = own.length > 0 && isAtWork !== toggled.has(session.id);
  const activity = all.some(({ id }) => activities[id] === "asks") ? "asks" : (activities[session.id] ?? "idle");
  const row: SessionRow = { kind: "session", key: session.id, session, depth, subAgents: own.length, isOpen, activity };
  return [row, ...(isOpen ? own.flatMap((child) => sessionRows(child, depth + 1, listing)) : [])];
}

/** The session first, then its sub-agents and theirs. */
function withBelow(session: Session, children: Children): Session[] {
  return [session, ...(children.get(session.id) ?? []).flatMap((child) => withBelow(child, children))];
}

function isActive(activity: Activity | undefined): boolean {
  return activity === "asks" || activity === "works" || activity === "retries";
}

export const isSessionRow = (row: Row): row is SessionRow => row.kind === "session";

/** Every project that sessions are in, by name. */
export function projectsIn(sessions: readonly Session[], projects: Listing["projects"]): { value: string; title: string }[] {
  const keys = new Map(sessions.map((session) => [projectKey(session), session]));
  return [...keys]
    .map(([value, session]) => ({ value, title: placeOf(session, projects).title }))
    .sort((one, other) => one.title.localeCompare(other.title));
}

/** What a session's project is called, and where it is. */
function placeOf({ projectID, directory }: Session, projects: Listing["projects"]): { title: string; path: string } {
  const found = projectID === "global" ? undefined : projects.find(({ id }) => id === projectID);
  const path = found?.worktree ?? directory;
  return { title: found?.name ?? nameOf(path), path };
}
