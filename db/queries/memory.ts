import { and, desc, eq, sql } from "drizzle-orm";
import type { Memory, MemoryQuery } from "../../src/schema/memory.ts";
import type { Orm, Statement } from "../client.ts";
import { memory } from "../schema.ts";

/** Where memories are kept: in a project, and in one of its directories where `directory` is given. */
export interface MemoryPlace {
  projectID: string;
  directory?: string;
}

export function saveMemory(orm: Orm, { time, ...row }: Memory): Statement {
  return orm.insert(memory).values({ ...row, created: time.created });
}

/** Newest first. */
export async function listMemories(orm: Orm, place: MemoryPlace, { type, words = [], recent }: MemoryQuery): Promise<Memory[]> {
  const conditions = [
    inPlace(place),
    type === undefined ? undefined : eq(memory.type, type),
    ...words.map((word) => sql`instr(lower(${memory.text}), lower(${word})) > 0`),
  ];
  const query = orm
    .select()
    .from(memory)
    .where(and(...conditions))
    .orderBy(desc(memory.sequence));
  const rows = await (recent === undefined ? query : query.limit(recent));
  return rows.map(({ sequence: _, created, ...row }) => ({ ...row, time: { created } }));
}

export async function hasMemory(orm: Orm, place: MemoryPlace, id: string): Promise<boolean> {
  return (
    (await orm
      .select({ id: memory.id })
      .from(memory)
      .where(and(inPlace(place), eq(memory.id, id)))
      .get()) !== undefined
  );
}

/** Where it was said. */
export async function memoryDirectory(orm: Orm, id: string): Promise<string | undefined> {
  return (await orm.select({ directory: memory.directory }).from(memory).where(eq(memory.id, id)).get())?.directory;
}

export function eraseMemory(orm: Orm, id: string): Statement {
  return orm.delete(memory).where(eq(memory.id, id));
}

function inPlace({ projectID, directory }: MemoryPlace) {
  return and(eq(memory.projectID, projectID), directory === undefined ? undefined : eq(memory.directory, directory));
}
