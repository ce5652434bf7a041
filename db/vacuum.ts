import { Worker } from "node:worker_threads";

/** A connection of its own, on a thread of its own: SQLite works synchronously, and a whole store takes its time. Whoever deletes waits for it, so it gives up a store that is busy soon. */
const source = `
const { workerData } = require("node:worker_threads");
const Database = require("node:module").createRequire(workerData.from)("libsql");
const store = new Database(workerData.file);
store.exec("PRAGMA busy_timeout = 1000");
store.exec("PRAGMA secure_delete = ON");
store.exec("VACUUM");
store.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
store.close();
`;

/** Writes a store anew, without the room that is not used and what is left there, while its servers read it; they cannot write meanwhile. Throws Error with SQLite's code: SQLITE_BUSY while somebody else writes. */
export async function vacuumAside(file: string): Promise<void> {
  const worker = new Worker(source, { eval: true, workerData: { file, from: import.meta.url }, env: {}, execArgv: [] });
  await new Promise<void>((resolve, reject) => {
    worker.once("error", (fault: unknown) => reject(asError(fault)));
    worker.once("exit", () => resolve());
  });
}

/** An error of SQLite leaves a worker as a bare object, with no more than its code. */
function asError(fault: unknown): Error {
  return fault instanceof Error ? fault : Object.assign(new Error("The store could not be written anew."), fault);
}
