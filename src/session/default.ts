import { findDefaultSession, saveDefaultSession } from "../../db/queries/default-session.ts";
import { requireNoDefault } from "../../db/queries/guard.ts";
import { AppError } from "../schema/error.ts";
import { createSession } from "./create.ts";
import { isConflict } from "./ending.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";

/** The session that the id `default` stands for: one for each directory. */
export function createDefaults(options: SessionOptions): Pick<SessionService, "defaultOf"> {
  const { orm } = options.database;
  return {
    async defaultOf(path, { make }) {
      const { directory } = await options.workspace(path);
      const known = await findDefaultSession(orm, directory);
      if (known !== undefined) return known;
      if (!make) throw new AppError("NotFoundError", `The directory ${directory} has no default session yet. A prompt to it makes one.`);
      const guards = requireNoDefault(orm, directory);
      const writes = (sessionID: string) => [saveDefaultSession(orm, { directory, sessionID })];
      try {
        return (await createSession(options, directory, { input: {}, guards, writes })).id;
      } catch (error) {
        // Somebody else, perhaps on another server, was first.
        const theirs = isConflict(error) ? await findDefaultSession(orm, directory) : undefined;
        if (theirs === undefined) throw error;
        return theirs;
      }
    },
  };
}
