import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What a dead server left in its store, as far as the next one has to take care of it. */
export interface Left {
  servers: string[];
  openMessages: string[];
  openTools: string[];
  asks: string[];
  faults: string[];
}

export type Query = <Row>(sql: string) => Promise<Row[]>;

/**
 * Asks the store of a living server, or a copy. Node's own SQLite: its handle is closed when it is told to, while that of libSQL may live on until
 * its garbage is collected, and then write the journal back under the hands of a server.
 */
export async function withStore<Result>(
  file: string,
  ask: (query: Query) => Promise<Result>,
  options: { copy?: boolean } = {},
): Promise<Result> {
  const database = new DatabaseSync(file, { readOnly: !options.copy, timeout: 2_000 });
  try {
    return await ask(async <Row>(sql: string) => database.prepare(sql).all() as Row[]);
  } finally {
    database.close();
  }
}

/** Looks at a copy: to open the store itself would do the next server's work of recovering its journal. */
export async function lookAtDead(file: string): Promise<Left> {
  const directory = await mkdtemp(join(tmpdir(), "codeport-chaos-"));
  const copy = join(directory, "copy.db");
  try {
    await copyFile(file, copy);
    // No journal: all of it is in the file.
    if (existsSync(`${file}-wal`)) await copyFile(`${file}-wal`, `${copy}-wal`);
    const sizes = await sizesIn(dirname(file));
    return await withStore(copy, look, { copy: true }).catch((error: unknown) =>
      nothing(`the store of the dead server cannot be read: ${error} (${sizes})`),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const nothing = (fault: string): Left => ({ servers: [], openMessages: [], openTools: [], asks: [], faults: [fault] });

async function sizesIn(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.includes(".db"));
  return (await Promise.all(names.map(async (name) => `${name}: ${(await stat(join(directory, name))).size} bytes`))).join(", ");
}

const ids = (rows: { id: string }[]): string[] => rows.map(({ id }) => id);

async function look(query: Query): Promise<Left> {
  return {
    servers: ids(await query("select id from server")),
    openMessages: ids(await query("select id from message where role = 'assistant' and completed is null")),
    openTools: ids(await query(openTools)),
    asks: ids(await query("select id from permission union all select id from question")),
    faults: await faultsOf(query),
  };
}

const openTools = "select id from part where data ->> '$.type' = 'tool' and data ->> '$.state.status' in ('pending', 'running')";

/** Where the file, or what its tables say against the log, is not whole. */
export async function faultsOf(query: Query): Promise<string[]> {
  const integrity = (await query<Record<string, string>>("PRAGMA integrity_check")).map((row) => Object.values(row)[0] ?? "");
  const faults = integrity.filter((line) => line !== "ok").map((line) => `integrity: ${line}`);
  for (const [what, sql] of Object.entries(contradictions)) {
    const rows = await query<Record<string, unknown>>(`${kept} ${sql}`);
    faults.push(...rows.slice(0, 5).map((row) => `${what}: ${JSON.stringify(row)}`));
  }
  return faults;
}

/** Without the sessions whose erasure was begun: large ones go in pieces, and the next server goes on with them. */
const kept = `with begun as (select substr(name, 9) as id from main.upkeep where name like 'erasing %'), ${[
  "event",
  "message",
  "part",
  "prompt",
  "permission",
  "lease",
]
  .map((table) => `${table} as (select * from main.${table} where coalesce(session_id, '') not in (select id from begun))`)
  .join(", ")}, session as (select * from main.session where id not in (select id from begun))`;

/** What was said after the place that a session is taken back to goes with its parts. */
const removed = (id: string): string =>
  `exists (select 1 from event where event.type = 'message.removed' and event.data ->> '$.messageID' = ${id})`;

/** Each finds what must not be. A row stands for events, and an event for a row. */
const contradictions = {
  "a message without an event": `select id from message where not exists
    (select 1 from event where event.type = 'message.updated' and event.reference = message.id)`,
  "an event whose message is gone, and was not removed": `select distinct reference as id from event where type = 'message.updated'
    and not exists (select 1 from message where message.id = event.reference)
    and not exists (select 1 from event gone where gone.type = 'message.removed' and gone.data ->> '$.messageID' = event.reference)`,
  "a part without a message": "select id from part where not exists (select 1 from message where message.id = part.message_id)",
  "an event whose part is gone, and was not removed": `select distinct reference as id from event where type = 'message.part.updated'
    and not exists (select 1 from part where part.id = event.reference)
    and not exists (select 1 from event gone where gone.type = 'message.part.removed' and gone.data ->> '$.partID' = event.reference)
    and not exists (select 1 from event gone where gone.type = 'message.removed' and gone.session_id = event.session_id)`,
  "a session without an event": `select id from session where not exists
    (select 1 from event where event.type = 'session.created' and event.reference = session.id)`,
  "an ask that is told as answered, or was never told": `select id from permission where
    not exists (select 1 from event where type = 'permission.asked' and data ->> '$.id' = permission.id)
    or exists (select 1 from event where type = 'permission.replied' and data ->> '$.requestID' = permission.id)`,
  "an ask without an answer that does not wait": `select data ->> '$.id' as id from event asked where type = 'permission.asked'
    and not exists (select 1 from permission where permission.id = asked.data ->> '$.id')
    and not exists (select 1 from event where type = 'permission.replied' and event.data ->> '$.requestID' = asked.data ->> '$.id')`,
  "a prompt whose message is gone, and was not removed": `select message_id as id from prompt
    where not exists (select 1 from message where message.id = prompt.message_id) and not ${removed("prompt.message_id")}`,
  "an answer that is not there": `select message_id as id from prompt where answer_id is not null
    and not exists (select 1 from message where message.id = prompt.answer_id) and not ${removed("prompt.answer_id")}`,
  "an event told twice": "select id from event group by id having count(*) > 1",
  "a lease of nobody": "select session_id as id from lease where not exists (select 1 from server where server.id = lease.server_id)",
};

/** What the next server still owes, of what the dead one left. */
export async function owed(query: Query, left: Left): Promise<string[]> {
  const list = (values: string[]): string => values.map((value) => `'${value}'`).join(",");
  const rows = await query<{ what: string; id: string }>(`
    select 'open message' as what, id from message where id in (${list(left.openMessages)}) and completed is null
    union all select 'running tool', id from part where id in (${list(left.openTools)})
      and data ->> '$.state.status' in ('pending', 'running')
    union all select 'ask of the dead', id from permission where id in (${list(left.asks)})
    union all select 'question of the dead', id from question where id in (${list(left.asks)})
    union all select 'lease of the dead', session_id from lease where server_id in (${list(left.servers)})`);
  return rows.map(({ what, id }) => `${what} ${id}`);
}
