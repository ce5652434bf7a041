import { type Client, ConnectionPool, Sqlite3Client } from "@libsql/client/sqlite3";
import type Database from "libsql";

/**
 * A store on this machine, over one connection (PRAGMAs reach only the one they are run on). `file`: its path, or `:memory:`. Throws the driver's
 * error for what cannot be opened.
 */
export function connect(file: string): Client {
  const connections = new Connections(file, {}, 1);
  // It is opened now, so that a fault is the answer to this call.
  connections.release(connections.acquireSync());
  return new Sqlite3Client(connections, "number");
}

/**
 * The driver prepares the statement that begins a transaction. While another process holds the lock that statement fails half done and stays so
 * until the garbage collector comes by, and meanwhile SQLite commits nothing on this connection and shows it nothing new. What `exec` runs is
 * over when it fails.
 */
class Connections extends ConnectionPool {
  readonly #known = new WeakSet<Database.Database>();

  override acquireSync(forTransaction?: boolean): Database.Database {
    const connection = super.acquireSync(forTransaction);
    if (!this.#known.has(connection)) beginByExec(connection);
    this.#known.add(connection);
    return connection;
  }
}

function beginByExec(connection: Database.Database): void {
  const prepare = connection.prepare.bind(connection);
  connection.prepare = ((sql: string) => {
    const statement = prepare(sql);
    if (!sql.startsWith("BEGIN")) return statement;
    statement.run = () => {
      connection.exec(sql);
      return { changes: 0, lastInsertRowid: 0 };
    };
    return statement;
  }) as typeof prepare;
}
