import type { Database, Statement } from "../../db/client.ts";
import { eraseMemory, hasMemory, listMemories, type MemoryPlace, saveMemory } from "../../db/queries/memory.ts";
import { AppError } from "../schema/error.ts";
import { createId } from "../schema/id.ts";
import type { Memory, MemoryQuery } from "../schema/memory.ts";
import type { MemoryCall } from "./line.ts";

export { type MemoryCall, type MemoryCommand, memoryLine, parseCall } from "./line.ts";

/** Where something is remembered: for a project; outside git, where all directories are one project, for the directory. */
export interface Place {
  projectID: string;
  directory: string;
}

/** What is remembered from one session to the next: `/remember` and `/recall`. */
export interface MemoryService {
  /** Newest first. `recent`: all unless told. */
  list(place: Place, query?: MemoryQuery): Promise<Memory[]>;
  /** Throws NotFoundError for an id that is not one of the place's. */
  remove(place: Place, id: string): Promise<void>;
  /** Does what the calls say, in their order: what they found or will have stored, in words, and what has to be written for it. */
  perform(place: Place, calls: MemoryCall[]): Promise<{ texts: string[]; writes: Statement[] }>;
}

export function createMemories({ database }: { database: Database }): MemoryService {
  const { orm } = database;
  return {
    list: (place, query = {}) => listMemories(orm, kept(place), normal(query)),
    async remove(place, id) {
      if (!(await hasMemory(orm, kept(place), id)))
        throw new AppError("NotFoundError", `There is no memory ${id} here. GET /memory lists them.`, { id });
      await database.write([eraseMemory(orm, id)]);
    },
    async perform(place, calls) {
      const made: Memory[] = [];
      const texts: string[] = [];
      for (const call of calls) {
        if (call.command === "remember") {
          made.unshift(memoryOf(place, call));
          texts.push(`Remembered (${call.type}): ${call.text}`);
        } else {
          const stored = await listMemories(orm, kept(place), call);
          texts.push(describe(call, [...made.filter((memory) => fits(memory, call)), ...stored].slice(0, call.recent)));
        }
      }
      return { texts, writes: made.toReversed().map((memory) => saveMemory(orm, memory)) };
    },
  };
}

function kept({ projectID, directory }: Place): MemoryPlace {
  return projectID === "global" ? { projectID, directory } : { projectID };
}

const normal = (query: MemoryQuery): MemoryQuery => ({ ...query, type: query.type?.toUpperCase() });

function memoryOf({ projectID, directory }: Place, { type, text }: { type: string; text: string }): Memory {
  return { id: createId("memory"), projectID, directory, type, text, time: { created: Date.now() } };
}

function fits({ type, text }: Memory, query: MemoryQuery): boolean {
  const isOfType = query.type === undefined || query.type === type;
  return isOfType && (query.words ?? []).every((word) => text.toLowerCase().includes(word.toLowerCase()));
}

function describe({ type, words }: Extract<MemoryCall, { command: "recall" }>, found: Memory[]): string {
  const about = `${type === undefined ? "" : ` of type ${type}`}${words.length === 0 ? "" : ` with ${words.join(" ")}`}`;
  if (found.length === 0) return `Nothing is remembered${about}.`;
  const lines = found.map((memory) => `- ${memory.type}: ${memory.text} (${new Date(memory.time.created).toISOString()})`);
  return [`Remembered${about}, newest first:`, ...lines].join("\n");
}
