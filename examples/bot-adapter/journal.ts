import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import type { Incoming } from "./bot-adapter.ts";

/** What was received and what was answered, in a file: a restart forgets neither. */
export interface Journal {
  /** False for a message that is known already. Resolves when it is on disk. */
  accept(incoming: Incoming): Promise<boolean>;
  answered(id: string): Promise<void>;
  unanswered(): Incoming[];
}

/** Ids that are kept to recognise what is delivered again. */
const kept = 1_000;

/** One process at a time may have the file. */
export async function openJournal(file: string): Promise<Journal> {
  const known = new Map<string, Incoming | undefined>();
  for (const line of (await readFile(file, "utf8").catch(unlessMissing)).split("\n").filter(isWhole)) {
    const { accepted, answered } = JSON.parse(line) as { accepted?: Incoming; answered?: string };
    if (accepted) known.set(accepted.id, accepted);
    if (answered) known.set(answered, undefined);
  }
  const unanswered = () => [...known.values()].filter((incoming) => incoming !== undefined);
  const old = [...known].filter(([, incoming]) => incoming === undefined).slice(-kept);
  const lines = [...old.map(([answered]) => ({ answered })), ...unanswered().map((accepted) => ({ accepted }))];
  await writeFile(`${file}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: 0o600 });
  await rename(`${file}.new`, file);

  return {
    unanswered,
    async accept(incoming) {
      if (known.has(incoming.id)) return false;
      known.set(incoming.id, incoming);
      await appendFile(file, `${JSON.stringify({ accepted: incoming })}\n`);
      return true;
    },
    async answered(id) {
      known.set(id, undefined);
      await appendFile(file, `${JSON.stringify({ answered: id })}\n`);
    },
  };
}

/** A crash may leave half a line at the end. */
function isWhole(line: string): boolean {
  return line.startsWith("{") && line.endsWith("}");
}

function unlessMissing(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}
