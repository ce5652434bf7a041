import type { Config } from "../schema/config.ts";
import type { Credentials } from "./credentials.ts";
import type { ProviderService } from "./provider.ts";

/**
 * A cassette: the model traffic of sessions in a file. While one is recorded, models answer as ever and what was said is kept; when it is
 * replayed they answer from it, with no network and no key, and everything else (tools, permissions, the agent's own code) really happens.
 * A request is known by what it says, not by when it comes; one that is not on the cassette fails, with what is different about it.
 */
export interface Cassette extends AsyncDisposable {
  /** Models answer from the cassette. */
  replays: boolean;
  /** The providers of a directory, recorded or replayed. */
  over(providers: ProviderService, place: CassettePlace): ProviderService;
  /** Requests so far that were not on the cassette, in their order. */
  mismatches(): Mismatch[];
  /** How many recorded calls nobody has asked for yet. Calls beside a turn (titles) do not count: whether they come depends on time. */
  unused(): number;
}

/** One request that differs from what was recorded. */
export interface Mismatch {
  /** One line: where it differs, from which call. */
  message: string;
  /** The difference, line by line. */
  details: string;
}

/** What must not be on a cassette as it is: it differs from machine to machine, or is nobody's business. */
export interface CassettePlace {
  directory: string;
  worktree: string;
  config: Config;
}

/** Which file, and what for. */
export type CassetteChoice = { record: string } | { replay: string };

export interface CassetteOptions {
  /** The program's version. */
  version: string;
  env: NodeJS.ProcessEnv;
  credentials: Credentials;
  /** Directories of the user, by the name that stands for them. */
  places: Record<string, string>;
}

/**
 * Opens a cassette. A recording takes the place of an older one when it is disposed. Throws AppError ConfigInvalidError for a file that
 * cannot be read, is none, was cut off or was changed after it was recorded.
 */
export async function openCassette(choice: CassetteChoice, options: CassetteOptions): Promise<Cassette> {
  if ("record" in choice) return (await import("./cassette/record.ts")).recordCassette(choice.record, options);
  return (await import("./cassette/replay.ts")).replayCassette(choice.replay, options);
}
