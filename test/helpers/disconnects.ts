import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../chaos/random.ts";
import { createReaders, type Reader, readerFaults } from "../chaos/readers.ts";
import { type TestServer, testServer } from "./server.ts";

export interface DisconnectReport {
  disconnects: number;
  /** In the log while they read. */
  events: number;
  faults: string[];
}

/** Readers on each transport lose their connection at random moments, so often in all and while as much is written to the log; then what they received is held against it. */
export async function loseConnections(options: { disconnects: number; seed: number }): Promise<DisconnectReport> {
  await using test = await testServer();
  const random = createRandom(options.seed);
  const over = new AbortController();
  const readers = createReaders();
  let disconnects = 0;
  let written = 0;
  const writing = write(test, over.signal, () => {
    written += 1;
  });
  const lose = async (reader: Reader): Promise<void> => {
    // The first connection is told where it begins: only then is there something to resume.
    while (Math.min(disconnects, written) < options.disconnects || reader.start === undefined) {
      const connection = new AbortController();
      const reading = reader.connect(test.url, connection.signal, () => {}).catch((error) => unlessAborted(connection.signal, error));
      await delay(random.below(25));
      connection.abort();
      await reading;
      disconnects += 1;
    }
  };
  await Promise.all(readers.map(lose));
  over.abort();
  await writing;
  await Promise.all(readers.map((reader) => readToEnd(test, reader)));
  const log: number[] = [];
  for await (const entry of test.app.log.read({ after: 0, directory: test.repository.path })) {
    if (entry.position !== undefined) log.push(entry.position);
    if (entry.position === (await test.app.log.position())) break;
  }
  return { disconnects, events: log.length, faults: readers.flatMap((reader) => readerFaults(reader, log, new Set())) };
}

function unlessAborted({ aborted }: AbortSignal, error: unknown): void {
  if (!aborted) throw error;
}

async function write(test: TestServer, signal: AbortSignal, onWritten: () => void): Promise<void> {
  const session = await test.app.sessions.create(test.repository.path, { title: "0" });
  for (let count = 1; !signal.aborted; count += 1) {
    await test.app.sessions.update(session.id, { title: String(count) });
    onWritten();
    await delay(2);
  }
}

async function readToEnd(test: TestServer, reader: Reader): Promise<void> {
  const last = await test.app.log.position();
  const connection = new AbortController();
  const check = () => {
    if ((reader.positions.at(-1) ?? 0) >= last) connection.abort();
  };
  await reader.connect(test.url, connection.signal, check).catch((error) => unlessAborted(connection.signal, error));
}
