import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "../../db/client.ts";
import { createLog, type EventLog, type LogOptions } from "../../src/event/log.ts";
import { createId } from "../../src/schema/id.ts";
import type { TextPart } from "../../src/schema/part.ts";
import type { Session } from "../../src/schema/session.ts";

export const scope = { directory: "/work", projectID: "global" };

/** A log on a store of its own; give a file to share the store between several. */
export async function testLog(
  options: Partial<LogOptions> & { file?: string } = {},
): Promise<{ log: EventLog; database: Database } & AsyncDisposable> {
  const { file = ":memory:", ...rest } = options;
  const database = await openDatabase(file);
  const log = await createLog({ database, serverID: createId("server"), tailInterval: 5, ...rest });
  return {
    log,
    database,
    async [Symbol.asyncDispose]() {
      await log[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A path for a store file in a directory of its own, removed with it. */
export async function storeFile(): Promise<{ file: string } & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), "codeport-store-"));
  return { file: join(directory, "test.db"), [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

export function testSession(change: Partial<Session> = {}): Session {
  const time = { created: Date.now(), updated: Date.now() };
  return {
    id: createId("session"),
    slug: "calm-river",
    projectID: scope.projectID,
    directory: scope.directory,
    path: "",
    title: "A session",
    version: "0",
    time,
    ...change,
  };
}

export function testText(sessionID: string, change: Partial<TextPart> = {}): TextPart {
  return {
    id: createId("part"),
    sessionID,
    messageID: createId("message"),
    type: "text",
    text: "",
    time: { start: Date.now() },
    ...change,
  };
}
