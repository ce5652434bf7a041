import { desc, eq, inArray } from "drizzle-orm";
import type { Project } from "../../src/schema/project.ts";
import type { Orm, Statement } from "../client.ts";
import { project } from "../schema.ts";

export async function findProject(orm: Orm, id: string): Promise<Project | undefined> {
  return (await orm.select().from(project).where(eq(project.id, id)).get())?.data;
}

export async function findProjects(orm: Orm, ids: string[]): Promise<Project[]> {
  if (ids.length === 0) return [];
  return (await orm.select({ data: project.data }).from(project).where(inArray(project.id, ids))).map((row) => row.data);
}

/** Most recently used first. */
export async function listProjects(orm: Orm): Promise<Project[]> {
  const rows = await orm.select().from(project).orderBy(desc(project.updated));
  return rows.map((row) => row.data);
}

export function saveProject(orm: Orm, value: Project): Statement {
  const row = { id: value.id, updated: value.time.updated, data: value };
  return orm.insert(project).values(row).onConflictDoUpdate({ target: project.id, set: row });
}
