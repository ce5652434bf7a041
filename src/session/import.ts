import { copyMessages } from "./copy.ts";
import { emptySession } from "./create.ts";
import { messagesBefore } from "./file-history.ts";
import { eventsOf } from "./fork.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionService } from "./session.ts";
import { scopeOf } from "./workspace.ts";

/**
 * Sessions from exports. The conversation gets ids of its own and belongs to the directory, wherever it was held. What could do something is not
 * taken over: permission rules, the share link, changes of files, prompts that wait. Nor is what was undone, or never ended.
 */
export function createImports(options: SessionOptions): Pick<SessionService, "import"> {
  return {
    async import(directory, { info: { title, revert }, messages }) {
      const session = emptySession(await options.workspace(directory), { version: options.version, input: { title } });
      const standing = (revert && messagesBefore(messages, revert)) ?? messages;
      const over = standing.filter(({ info }) => info.role === "user" || info.time.completed !== undefined);
      const { info, events } = eventsOf(session, copyMessages(over, session.id));
      await options.log.append(events, { scope: scopeOf(info), retold: true });
      return info;
    },
  };
}
