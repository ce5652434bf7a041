import { and, asc, eq } from "drizzle-orm";
import type { QuestionRequest } from "../../src/schema/question.ts";
import type { Orm, Statement } from "../client.ts";
import { question } from "../schema.ts";

export interface WaitingQuestion {
  request: QuestionRequest;
  projectID: string;
  directory: string;
  serverID: string;
}

/** What waits for an answer, oldest first. */
export async function listQuestions(orm: Orm, filter: { directory?: string; sessionID?: string } = {}): Promise<WaitingQuestion[]> {
  const where = and(
    filter.directory === undefined ? undefined : eq(question.directory, filter.directory),
    filter.sessionID === undefined ? undefined : eq(question.sessionID, filter.sessionID),
  );
  return (await orm.select().from(question).where(where).orderBy(asc(question.asked), asc(question.id))).map(toQuestion);
}

export async function findQuestion(orm: Orm, id: string): Promise<WaitingQuestion | undefined> {
  const row = await orm.select().from(question).where(eq(question.id, id)).get();
  return row && toQuestion(row);
}

const toQuestion = (row: typeof question.$inferSelect): WaitingQuestion => ({
  request: row.data,
  projectID: row.projectID,
  directory: row.directory,
  serverID: row.serverID,
});

export function saveQuestion(orm: Orm, waiting: WaitingQuestion & { asked: number }): Statement {
  const { request, ...rest } = waiting;
  return orm.insert(question).values({ id: request.id, sessionID: request.sessionID, data: request, ...rest });
}

export function eraseQuestion(orm: Orm, id: string): Statement {
  return orm.delete(question).where(eq(question.id, id));
}
