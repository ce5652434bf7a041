import { asc, eq } from "drizzle-orm";
import type { Todo } from "../../src/schema/session.ts";
import type { Orm, Statement } from "../client.ts";
import { todo } from "../schema.ts";

export async function listTodos(orm: Orm, sessionID: string): Promise<Todo[]> {
  const columns = { content: todo.content, status: todo.status, priority: todo.priority };
  return orm.select(columns).from(todo).where(eq(todo.sessionID, sessionID)).orderBy(asc(todo.sequence));
}

export function replaceTodos(orm: Orm, sessionID: string, todos: Todo[]): Statement[] {
  const clear = orm.delete(todo).where(eq(todo.sessionID, sessionID));
  if (todos.length === 0) return [clear];
  const rows = todos.map(({ content, status, priority }, sequence) => ({ sessionID, sequence, content, status, priority }));
  return [clear, orm.insert(todo).values(rows)];
}
