import type { Session } from "../../../../src/client/client.ts";

/** What the address says of the list. */
export interface Filters {
  /** Words to find in titles and texts. */
  query: string;
  /** As `projectKey` gives it; empty: every project. */
  project: string;
  tag: string;
  show: Show;
}

export type Show = "current" | "active" | "archived";

export function filtersOf({
  q = "",
  project = "",
  tag = "",
  show,
}: {
  q?: string;
  project?: string;
  tag?: string;
  show?: string;
}): Filters {
  return { query: q.trim(), project, tag, show: show === "active" || show === "archived" ? show : "current" };
}

/** What a session is grouped by: its project, or outside of version control its directory. */
export function projectKey({ projectID, directory }: Pick<Session, "projectID" | "directory">): string {
  return projectID === "global" ? directory : projectID;
}

/** Whether a session is wanted, but for what it does at the moment. */
export function isWanted(session: Session, { project, tag, show }: Filters): boolean {
  const isArchived = session.time.archived !== undefined;
  if (isArchived !== (show === "archived")) return false;
  if (project !== "" && projectKey(session) !== project) return false;
  return tag === "" || (session.tags ?? []).includes(tag);
}

/** The tags of sessions, the most used first. */
export function tagsOf(sessions: readonly Session[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of sessions.flatMap(({ tags = [] }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([one, many], [other, more]) => more - many || one.localeCompare(other)).map(([tag]) => tag);
}

/** Sessions that are shown side by side, as they stand in the address. */
export function panesOf(panes = ""): string[] {
  return [...new Set(panes.split(",").filter((id) => id !== ""))];
}
